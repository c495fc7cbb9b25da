"""What the desk changes: rooms open and end, people come in, identities are noted."""

from datetime import timedelta

import pytest

from core.appointment import GuestStatus, IdentityProof, Status
from core.office import closing, hosting, other_device, visiting
from core.records import Guest
from core.refused import Reason
from tests.conftest import HOUR, MINUTE, NOW
from tests.core.office.refusals import reason_of


def test_opening_the_room_lets_in_who_waits_and_nobody_else(house):
    planned = house.plan()
    late = house.second_guest(planned)
    guest = house.waiting(planned)
    visiting.consent(late, NOW, "1")
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    assert house.status(planned) == (Status.OPEN, GuestStatus.ADMITTED)
    assert house.row(Guest, late.id).status == GuestStatus.CONSENTED
    assert house.trail()[-2:] == [
        ("open_room", "advisor", house.advisor.id),
        ("admit", "advisor", house.advisor.id),
    ]
    assert house.row(Guest, guest.id).waiting_since == NOW


def test_a_room_opens_when_its_warteraum_does_and_not_before(house):
    planned = house.plan(starts_at=NOW + HOUR)
    opens, deed = NOW + 30 * MINUTE, (hosting.open_room, house.advisor)
    early = reason_of(*deed, opens - timedelta(seconds=1), planned.appointment_id, {})
    assert (early, house.status(planned)[0]) == (Reason.TOO_EARLY, Status.PLANNED)
    assert [what for what, *_ in house.trail()].count("open_room") == 0
    assert reason_of(*deed, opens, planned.appointment_id, {}) is None
    assert house.status(planned)[0] is Status.OPEN


def test_who_comes_later_waits_until_they_are_let_in(house):
    planned = house.plan()
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    house.waiting(planned)
    assert house.status(planned) == (Status.OPEN, GuestStatus.WAITING)
    hosting.admit(house.advisor, NOW, planned.guest_id, None)
    assert house.status(planned) == (Status.OPEN, GuestStatus.ADMITTED)
    assert house.trail()[-1] == ("admit", "advisor", house.advisor.id)


def test_nobody_is_let_into_a_closed_room_or_without_waiting(house):
    planned = house.plan()
    guest = house.waiting(planned)
    deed = (hosting.admit, house.advisor, NOW, planned.guest_id, None)
    assert reason_of(*deed) == Reason.CHANGED_MEANWHILE
    visiting.test_again(guest, NOW)
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    assert reason_of(*deed) == Reason.CHANGED_MEANWHILE
    assert house.status(planned) == (Status.OPEN, GuestStatus.CONSENTED)


def test_somebody_is_sent_back_and_let_in_again(house):
    planned = house.plan()
    house.talking(planned)
    hosting.send_back(house.advisor, NOW + MINUTE, planned.guest_id)
    row = house.row(Guest, planned.guest_id)
    assert (row.status, row.waiting_since) == (GuestStatus.WAITING, NOW + MINUTE)
    assert house.trail()[-1] == ("send_back", "advisor", house.advisor.id)
    hosting.admit(house.advisor, NOW + MINUTE, planned.guest_id, None)
    assert house.status(planned) == (Status.OPEN, GuestStatus.ADMITTED)


def test_a_seat_that_has_moved_since_it_was_seen_is_not_let_in(house):
    planned = house.plan()
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    other_device.take_over(house.waiting(planned), NOW + MINUTE, "another")
    trail, deed = house.trail(), (hosting.admit, house.advisor, NOW + MINUTE, planned.guest_id)
    for seen in (None, NOW, NOW + 2 * MINUTE):
        assert reason_of(*deed, seen) == Reason.CHANGED_MEANWHILE
    assert (house.trail(), house.status(planned)[1]) == (trail, GuestStatus.WAITING)
    assert reason_of(*deed, NOW + MINUTE) is None
    assert house.status(planned)[1] is GuestStatus.ADMITTED


def test_a_room_does_not_open_for_a_seat_that_has_moved_since_it_was_seen(house):
    planned = house.plan()
    second = house.second_guest(planned)
    visiting.consent(second, NOW, "1")
    visiting.enter_waiting(second, NOW)
    other_device.take_over(house.waiting(planned), NOW + MINUTE, "another")
    trail, deed = house.trail(), (hosting.open_room, house.advisor, NOW, planned.appointment_id)
    for seen in ({}, {planned.guest_id: None}, {second.id: NOW + MINUTE}):
        assert reason_of(*deed, seen) == Reason.CHANGED_MEANWHILE
    assert (house.trail(), house.status(planned)) == (trail, (Status.PLANNED, GuestStatus.WAITING))
    assert reason_of(*deed, {planned.guest_id: NOW + MINUTE, second.id: None}) is None
    assert house.status(planned) == (Status.OPEN, GuestStatus.ADMITTED)
    assert house.row(Guest, second.id).status is GuestStatus.ADMITTED


@pytest.mark.parametrize("how", IdentityProof)
def test_an_identity_is_noted_once_with_when_who_and_how(house, how):
    planned = house.plan()
    house.talking(planned)
    deed = (hosting.check_identity, house.advisor, NOW, planned.guest_id)
    assert reason_of(*deed, how) is None
    row = house.row(Guest, planned.guest_id)
    assert (row.identity_at, row.identity_by, row.identity_how) == (NOW, house.advisor.id, how)
    assert house.trail()[-1] == (f"identity_{how}", "advisor", house.advisor.id)
    assert reason_of(*deed, IdentityProof.QUESTIONS) == Reason.CHANGED_MEANWHILE
    assert house.row(Guest, planned.guest_id).identity_how == how


def test_an_identity_is_only_noted_of_somebody_in_the_room(house):
    planned = house.plan()
    house.waiting(planned)
    deed = (hosting.check_identity, house.advisor, NOW, planned.guest_id, IdentityProof.ID_SHOWN)
    assert reason_of(*deed) == Reason.CHANGED_MEANWHILE
    assert house.row(Guest, planned.guest_id).identity_at is None


def test_ending_the_talk_ends_it_for_everybody_inside(house):
    planned = house.plan()
    second = house.second_guest(planned)
    house.talking(planned)
    visiting.consent(second, NOW, "1")
    visiting.enter_waiting(second, NOW)
    hosting.end(house.advisor, NOW, planned.appointment_id)
    assert house.status(planned) == (Status.ENDED, GuestStatus.LEFT)
    assert house.row(Guest, second.id).status == GuestStatus.WAITING
    assert house.trail()[-2:] == [
        ("end", "advisor", house.advisor.id),
        ("leave", "advisor", house.advisor.id),
    ]


def test_an_ended_talk_is_over(house):
    planned = house.plan()
    house.talking(planned)
    hosting.end(house.advisor, NOW, planned.appointment_id)
    trail = house.trail()
    for deed, *given in (
        (hosting.open_room, planned.appointment_id, {}),
        (hosting.end, planned.appointment_id),
        (closing.cancel, planned.appointment_id),
        (hosting.admit, planned.guest_id, None),
        (hosting.send_back, planned.guest_id),
    ):
        assert reason_of(deed, house.advisor, NOW, *given) == Reason.CHANGED_MEANWHILE
    assert house.trail() == trail
