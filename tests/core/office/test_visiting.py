"""What a guest's deeds change, and what they leave alone."""

from datetime import timedelta

import pytest

from core.appointment import CLOCK, GuestRole, GuestStatus, Lack, MediaDevice, Status
from core.hours import LINK_CLOSES_AFTER, ROOM_CLOSES_AFTER
from core.office import (
    advisor_view,
    closing,
    guest_view,
    guests,
    hosting,
    inviting,
    other_device,
    visiting,
)
from core.records import Appointment, Guest
from core.refused import Reason
from pages.words import goodbye
from tests.conftest import HOUR, MINUTE, NOW
from tests.core.office.refusals import reason_of

CAMERA, SECOND = MediaDevice.CAMERA, timedelta(seconds=1)


def test_consent_is_kept_with_its_time_and_version(house):
    planned = house.plan()
    guest = house.guest(planned)
    visiting.consent(guest, NOW, "2026-11")
    row = house.row(Guest, guest.id)
    assert (row.status, row.consented_at, row.consented_version) == (
        GuestStatus.CONSENTED,
        NOW,
        "2026-11",
    )
    assert house.trail()[-1] == ("consent", "guest", guest.id)
    assert reason_of(visiting.consent, guest, NOW, "2027-01") == Reason.CHANGED_MEANWHILE
    assert house.row(Guest, guest.id).consented_version == "2026-11"


def test_the_waiting_room_is_entered_only_after_consent_and_not_too_early(house):
    guest = house.guest(house.plan(starts_at=NOW + HOUR))
    opens = NOW + 30 * MINUTE
    assert reason_of(visiting.enter_waiting, guest, opens) == Reason.CHANGED_MEANWHILE
    visiting.consent(guest, NOW, "1")
    early = opens - MINUTE / 60
    assert reason_of(visiting.enter_waiting, guest, early) == Reason.TOO_EARLY
    visiting.enter_waiting(guest, opens)
    row = house.row(Guest, guest.id)
    assert (row.status, row.waiting_since) == (GuestStatus.WAITING, opens)
    assert house.trail()[-1] == ("enter_waiting", "guest", guest.id)


def test_who_tests_again_does_not_lose_their_place_in_the_waiting_room(house):
    planned = house.plan()
    guest = house.waiting(planned)
    visiting.test_again(guest, NOW + MINUTE)
    assert house.status(planned) == (Status.PLANNED, GuestStatus.CONSENTED)
    assert house.trail()[-1] == ("test_again", "guest", guest.id)
    assert (
        advisor_view.meeting(house.advisor, planned.appointment_id).guests[0].waiting_since is None
    )
    visiting.enter_waiting(guest, NOW + 2 * MINUTE)
    assert house.row(Guest, guest.id).waiting_since == NOW


def flips(house, guest, now):
    """How many of a hundred changes of one result are taken, and why the others are not."""
    before = len(house.trail())
    said = [reason_of(visiting.record_device, guest, now, CAMERA, n % 2 == 0) for n in range(100)]
    return len(house.trail()) - before, set(said) - {None}


def test_who_changes_a_result_all_the_time_is_news_for_nobody_in_the_end(house):
    planned = house.plan()
    guest, other = house.guest(planned), house.second_guest(planned)
    for each in (guest, other):
        visiting.consent(each, NOW, "1")
    assert flips(house, guest, NOW) == (visiting.MOST_DEEDS - 1, {Reason.TOO_FAST})
    assert flips(house, other, NOW) == (visiting.MOST_DEEDS - 1, {Reason.TOO_FAST})
    later = NOW + visiting.DEEDS_WITHIN
    assert reason_of(visiting.enter_waiting, guest, later - SECOND) == Reason.TOO_FAST
    assert flips(house, guest, later) == (visiting.MOST_DEEDS, {Reason.TOO_FAST})


def test_what_a_device_lacks_is_no_news_either_when_it_changes_all_the_time(house):
    guest = house.guest(house.plan())
    visiting.consent(guest, NOW, "1")
    lacks, before = [Lack.BUSY, None] * 50, len(house.trail())
    said = {reason_of(visiting.note_lack, guest, NOW, CAMERA, lack) for lack in lacks}
    assert (len(house.trail()) - before, said) == (
        visiting.MOST_DEEDS // 2 - 1,
        {None, Reason.TOO_FAST},
    )


def test_who_goes_to_and_fro_is_news_for_nobody_in_the_end(house):
    guest = house.waiting(house.plan())
    deeds = [visiting.test_again, visiting.enter_waiting] * 50
    assert Reason.TOO_FAST in {reason_of(deed, guest, NOW) for deed in deeds}
    assert len([what for what, _, _ in house.trail() if what == "test_again"]) < 16


@pytest.mark.parametrize("device", MediaDevice)
def test_the_device_test_keeps_its_last_result_and_notes_each_change_once(house, device):
    guest = house.guest(house.plan())
    column = f"{device.value}_worked"
    assert reason_of(visiting.record_device, guest, NOW, device, True) == Reason.NOT_CONSENTED
    visiting.consent(guest, NOW, "1")
    steps = [False, False, True, True]
    seen = []
    for worked in steps:
        visiting.record_device(guest, NOW, device, worked)
        row = house.row(Guest, guest.id)
        seen.append((getattr(row, column), row.technique_failed))
    assert seen == [(False, True), (False, True), (True, True), (True, True)]
    assert [what for what, _, _ in house.trail()][-2:] == [f"{device}_failed", f"{device}_worked"]


@pytest.mark.parametrize("device", [MediaDevice.CAMERA, MediaDevice.MICROPHONE])
def test_why_a_device_cannot_be_used_is_kept_noted_once_and_counts_as_trouble(house, device):
    planned = house.plan()
    guest = house.guest(planned)
    assert reason_of(visiting.note_lack, guest, NOW, device, Lack.BUSY) == Reason.NOT_CONSENTED
    visiting.consent(guest, NOW, "1")
    seen = []
    for lack in [None, Lack.BUSY, Lack.BUSY, Lack.LOST, None]:
        visiting.note_lack(guest, NOW, device, lack)
        row = house.row(Guest, guest.id)
        seen.append((dict(guests.lacks_of(row)), row.technique_failed))
    busy, lost = {device: Lack.BUSY}, {device: Lack.LOST}
    assert seen == [({}, False), (busy, True), (busy, True), (lost, True), ({}, True)]
    noted = [what for what, _, _ in house.trail() if what.startswith(device.value)]
    assert noted == [f"{device}_lacks_{how}" for how in ("busy", "lost", "nothing")]


def test_what_a_device_lacks_is_not_of_the_next_device(house):
    guest = house.guest(house.plan())
    visiting.consent(guest, NOW, "1", "one")
    visiting.note_lack(guest, NOW, CAMERA, Lack.MISSING)
    other_device.take_over(guest, NOW, "another")
    row = house.row(Guest, guest.id)
    assert (guests.lacks_of(row), row.technique_failed) == ((), True)


@pytest.mark.parametrize("role", GuestRole)
def test_who_leaves_leaves_alone(house, role):
    planned = house.plan()
    second = house.second_guest(planned, role)
    visiting.consent(second, NOW, "1")
    visiting.enter_waiting(second, NOW)
    client = house.talking(planned)
    visiting.leave(client, NOW)
    assert house.status(planned) == (Status.OPEN, GuestStatus.LEFT)
    assert house.row(Guest, second.id).status == GuestStatus.ADMITTED
    assert house.trail()[-1] == ("leave", "guest", client.id)
    visiting.leave(second, NOW)
    assert house.row(Guest, second.id).status == GuestStatus.LEFT
    assert house.status(planned)[0] is Status.OPEN
    assert reason_of(visiting.leave, second, NOW) == Reason.CHANGED_MEANWHILE


def test_who_has_left_comes_back_to_the_warteraum_and_is_let_in_again(house):
    planned = house.plan()
    guest = house.identified(planned)
    visiting.leave(guest, NOW)
    visiting.come_back(guest, NOW + MINUTE)
    row = house.row(Guest, guest.id)
    assert (row.status, row.waiting_since) == (GuestStatus.WAITING, NOW + MINUTE)
    assert (row.identity_at, row.identity_by, row.identity_how) == (None, None, None)
    assert house.trail()[-1] == ("come_back", "guest", guest.id)
    hosting.admit(house.advisor, NOW + MINUTE, guest.id, None)
    assert house.status(planned) == (Status.OPEN, GuestStatus.ADMITTED)


def test_who_has_left_comes_back_with_another_device_or_a_new_link(house):
    planned = house.plan()
    guest = house.talking(planned)
    visiting.leave(guest, NOW)
    other_device.take_over(guest, NOW, "another device")
    assert house.status(planned) == (Status.OPEN, GuestStatus.WAITING)
    house.set(Guest, guest.id, status=GuestStatus.LEFT)
    inviting.new_link(house.advisor, NOW, guest.id)
    assert house.status(planned) == (Status.OPEN, GuestStatus.INVITED)


def test_nobody_comes_back_to_what_is_over_nor_without_having_left(house):
    planned = house.plan()
    guest = house.talking(planned)
    assert reason_of(visiting.come_back, guest, NOW) == Reason.CHANGED_MEANWHILE
    visiting.leave(guest, NOW)
    closes = NOW + HOUR + ROOM_CLOSES_AFTER
    assert reason_of(visiting.come_back, guest, closes) == Reason.TOO_LATE
    hosting.end(house.advisor, NOW, planned.appointment_id)
    assert reason_of(visiting.come_back, guest, NOW) == Reason.TOO_LATE
    assert house.status(planned) == (Status.ENDED, GuestStatus.LEFT)


def test_nobody_leaves_a_talk_they_are_not_in(house):
    planned = house.plan()
    guest = house.waiting(planned)
    assert reason_of(visiting.leave, guest, NOW) == Reason.CHANGED_MEANWHILE
    assert house.status(planned) == (Status.PLANNED, GuestStatus.WAITING)


@pytest.mark.parametrize("status", [Status.ENDED, Status.CANCELLED, Status.MISSED, Status.EXPIRED])
def test_a_closed_appointment_takes_no_step_forward(house, status):
    planned = house.plan()
    guest = house.guest(planned)
    visiting.consent(guest, NOW, "1")
    house.set(Appointment, planned.appointment_id, status=status)
    assert reason_of(visiting.enter_waiting, guest, NOW) == Reason.TOO_LATE
    assert reason_of(visiting.consent, guest, NOW, "1") == Reason.TOO_LATE
    assert (
        reason_of(visiting.record_device, guest, NOW, MediaDevice.CAMERA, False) == Reason.TOO_LATE
    )
    assert house.status(planned) == (status, GuestStatus.CONSENTED)


def test_an_unused_link_is_closed_by_time_even_before_anybody_has_noted_it(house):
    guest = house.guest(house.plan())
    closes = NOW + HOUR + LINK_CLOSES_AFTER
    assert reason_of(visiting.consent, guest, closes, "1") == Reason.TOO_LATE
    visiting.consent(guest, closes - MINUTE, "1")
    assert reason_of(visiting.enter_waiting, guest, closes) == Reason.TOO_LATE


MOMENTS = {
    "in time": HOUR + LINK_CLOSES_AFTER - MINUTE,
    "the link closes": HOUR + LINK_CLOSES_AFTER,
    "the room is still open": HOUR + ROOM_CLOSES_AFTER - MINUTE,
    "the room closes": HOUR + ROOM_CLOSES_AFTER,
}
OVER = {Status.ENDED, Status.CANCELLED, Status.MISSED, Status.EXPIRED}
CLOSED = {
    "in time": OVER,
    "the link closes": OVER | {Status.PLANNED},
    "the room is still open": OVER | {Status.PLANNED},
    "the room closes": set(Status),
}


@pytest.mark.parametrize("waits", ["nobody", "the guest", "somebody else"])
@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("moment", MOMENTS)
def test_deeds_pages_and_the_clock_agree_on_what_is_closed(house, moment, status, waits):
    planned = house.plan()
    guest, other = house.guest(planned), house.second_guest(planned)
    visiting.consent(guest, NOW, "1", "a")
    for who, name in ((guest.id, "the guest"), (other.id, "somebody else")):
        if waits == name:
            house.set(Guest, who, status=GuestStatus.WAITING)
    house.set(Appointment, planned.appointment_id, status=status)
    kept = status == Status.PLANNED and waits != "nobody" and moment != "the room closes"
    expected = status in CLOSED[moment] and not kept

    now, visit = NOW + MOMENTS[moment], guest_view.visit(planned.secret)
    by_time = status in (Status.PLANNED, Status.OPEN, Status.EXPIRED)
    assert (visit.closed(now), visit.expired(now)) == (expected, expected and by_time)
    assert goodbye.over(visit, now) == expected
    refused = reason_of(other_device.take_over, guest, now, "b")
    assert refused == (Reason.TOO_LATE if expected else None)
    noted = closing.expire_due(CLOCK, now) == 1 or status in OVER
    assert noted == expected


def test_who_waits_loses_the_seat_by_no_press(house):
    planned = house.plan()
    guest, late = house.waiting(planned), NOW + HOUR + LINK_CLOSES_AFTER
    assert reason_of(visiting.test_again, guest, late) == Reason.TOO_LATE
    assert house.status(planned) == (Status.PLANNED, GuestStatus.WAITING)
    assert closing.expire_due(CLOCK, late) == 0
    other_device.take_over(guest, late, "another device")
    assert house.status(planned) == (Status.PLANNED, GuestStatus.WAITING)
    visiting.test_again(guest, late - MINUTE)
    assert house.status(planned) == (Status.PLANNED, GuestStatus.CONSENTED)


def test_who_waits_tests_again_late_while_somebody_else_waits_too(house):
    planned = house.plan()
    guest, other = house.waiting(planned), house.second_guest(planned)
    house.set(Guest, other.id, status=GuestStatus.WAITING)
    late = NOW + HOUR + LINK_CLOSES_AFTER
    visiting.test_again(guest, late)
    visiting.enter_waiting(guest, late)
    assert house.status(planned) == (Status.PLANNED, GuestStatus.WAITING)


def test_who_waits_while_time_goes_by_may_still_be_let_in(house):
    planned = house.plan()
    house.waiting(planned)
    late = NOW + 5 * HOUR
    assert closing.expire_due(CLOCK, late) == 0
    hosting.open_room(house.advisor, late, planned.appointment_id, {})
    assert house.status(planned) == (Status.OPEN, GuestStatus.ADMITTED)
