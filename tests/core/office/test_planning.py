"""Appointments are made, called off, closed by time; only a person says "nobody came"."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import StatementError

from core import access
from core.appointment import CLOCK, Actor, By, GuestRole, GuestStatus, MediaDevice, Status
from core.clock import BERLIN
from core.hours import LINK_CLOSES_AFTER, ROOM_CLOSES_AFTER
from core.office import (
    advisor_view,
    closing,
    guest_view,
    hosting,
    inviting,
    planning,
    visiting,
)
from core.records import Appointment, Guest, Staff
from core.refused import Reason
from tests.conftest import HOUR, MINUTE, NOW
from tests.core.office.refusals import reason_of

AFTER = NOW + HOUR  # the end of an appointment that starts now
NAIVE = datetime(2026, 12, 1, 9, 0)  # noqa: DTZ001 (that is the point)
CAME = ["waiting", "tested_again", "talking", "left", "sent_back"]


def come(house, planned, how: str) -> None:
    """Bring the guest somewhere behind the door; the appointment stays planned."""
    guest = house.waiting(planned)
    if how == "tested_again":
        visiting.test_again(guest, NOW)
    elif how != "waiting":
        house.set(
            Guest,
            planned.guest_id,
            status={
                "talking": GuestStatus.ADMITTED,
                "left": GuestStatus.LEFT,
                "sent_back": GuestStatus.WAITING,
            }[how],
        )


def test_planning_makes_an_appointment_and_a_guest_and_shows_the_secret_once(house):
    planned = planning.plan(
        house.advisor, NOW, " Karla  Beispiel ", " karla@EXAMPLE.com ", NOW + HOUR, NOW + 2 * HOUR
    )
    appointment = house.row(Appointment, planned.appointment_id)
    assert (appointment.advisor_id, appointment.jobcenter_id) == (
        house.advisor.id,
        house.advisor.jobcenter_id,
    )
    assert (appointment.starts_at, appointment.ends_at) == (NOW + HOUR, NOW + 2 * HOUR)
    guest = house.row(Guest, planned.guest_id)
    assert (guest.name, guest.email, guest.role) == (
        "Karla Beispiel",
        "karla@example.com",
        GuestRole.CLIENT,
    )
    assert house.status(planned) == (Status.PLANNED, GuestStatus.INVITED)
    by = ("advisor", house.advisor.id)
    assert house.trail(planned.appointment_id) == [("plan", *by), ("invite", *by)]
    assert guest_view.visit(planned.secret).actor == house.guest(planned)


def test_what_is_looked_at_is_as_it_will_be_kept_and_leaves_no_trace(house):
    wanted = ("  Karla   Beispiel ", " karla@EXAMPLE.com ", NOW + HOUR, NOW + 2 * HOUR)
    checked = planning.check(house.advisor, NOW, *wanted)
    assert (advisor_view.agenda(house.advisor, NOW.date()), house.trail()) == ([], [])
    guest = house.row(Guest, planning.plan(house.advisor, NOW, *wanted).guest_id)
    assert checked == planning.Wanted(guest.name, guest.email, *wanted[2:])


@pytest.mark.parametrize("later", [0, 1, 24])
def test_what_is_planned_with_the_same_secret_is_planned_once(house, later):
    wanted = (house.advisor, NOW, "Karla", "k@example.com", NOW, AFTER)
    first = planning.plan(*wanted, secret := access.new_secret())
    trail = house.trail()
    again = (house.advisor, NOW + later * HOUR, *wanted[2:])
    assert [planning.plan(*again, secret) for _ in range(5)] == [first] * 5
    assert (len(advisor_view.agenda(house.advisor, NOW.date())), house.trail()) == (1, trail)
    assert guest_view.visit(secret).actor == house.guest(first)
    assert planning.plan(*wanted, access.new_secret()).appointment_id != first.appointment_id


def test_a_new_link_with_the_same_secret_is_made_once_and_asks_for_nothing_twice(house):
    planned, secret = house.plan(), access.new_secret()
    inviting.new_link(house.advisor, NOW, planned.guest_id, secret)
    visiting.consent(house.guest(planned), NOW, "1")  # between two presses
    trail = house.trail()
    for now in (NOW, NOW + 24 * HOUR):
        assert inviting.new_link(house.advisor, now, planned.guest_id, secret) == secret
    assert (house.trail(), guest_view.visit(secret).actor) == (trail, house.guest(planned))
    assert house.status(planned) == (Status.PLANNED, GuestStatus.CONSENTED)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "reason"),
    [
        (NOW - MINUTE, NOW + HOUR, Reason.IN_THE_PAST),
        (NOW - timedelta(days=400), NOW - timedelta(days=399), Reason.IN_THE_PAST),
        (NOW + HOUR, NOW + HOUR, Reason.END_BEFORE_START),
        (NOW + HOUR, NOW, Reason.END_BEFORE_START),
        (NOW, NOW + HOUR, None),
    ],
)
def test_an_appointment_lies_ahead_and_ends_after_it_starts(house, starts_at, ends_at, reason):
    late_in_the_minute = NOW + timedelta(seconds=59)
    plan = (planning.plan, house.advisor, late_in_the_minute, "Karla", "k@example.com")
    assert reason_of(*plan, starts_at, ends_at) == reason


@pytest.mark.parametrize(
    ("now", "starts_at", "ends_at"),
    [
        (NOW, NAIVE, NAIVE + HOUR),
        (NOW, NOW + HOUR, NAIVE),
        (NOW, NAIVE, NOW + HOUR),
        (NAIVE, NAIVE, NAIVE + HOUR),
    ],
)
def test_times_without_a_zone_are_refused(house, now, starts_at, ends_at):
    with pytest.raises((TypeError, StatementError)):
        planning.plan(house.advisor, now, "Karla", "k@example.com", starts_at, ends_at)
    assert advisor_view.agenda(house.advisor, NAIVE.date()) == []


def test_only_a_known_advisor_plans(house):
    plan = ("Karla", "k@example.com", NOW, AFTER)
    guest = house.guest(house.plan())
    cases = {
        guest: Reason.NOT_ALLOWED,
        CLOCK: Reason.NOT_ALLOWED,
        replace(house.advisor, id=None): Reason.NOT_FOUND,
        replace(house.advisor, jobcenter_id=None): Reason.NOT_FOUND,
        replace(house.advisor, jobcenter_id=house.stranger.jobcenter_id): Reason.NOT_FOUND,
        Actor(By.ADVISOR, 999, house.advisor.jobcenter_id): Reason.NOT_FOUND,
    }
    assert {who: reason_of(planning.plan, who, NOW, *plan) for who in cases} == cases
    house.set(Staff, house.advisor.id, disabled_at=NOW)
    assert reason_of(planning.plan, house.advisor, NOW, *plan) == Reason.NOT_FOUND


def test_a_new_link_replaces_the_old_one_at_once(house):
    planned = house.plan()
    inviting.mail_sent(house.advisor, NOW, planned.guest_id)
    assert house.row(Guest, planned.guest_id).mail_sent_at == NOW
    secret = inviting.new_link(house.advisor, NOW, planned.guest_id)
    assert guest_view.visit(planned.secret) is None
    assert guest_view.visit(secret).actor == house.guest(planned)
    assert house.row(Guest, planned.guest_id).mail_sent_at is None
    assert [what for what, _, _ in house.trail()][-2:] == ["mail_sent", "invite_again"]
    closing.cancel(house.advisor, NOW, planned.appointment_id)
    assert reason_of(inviting.new_link, house.advisor, NOW, planned.guest_id) == Reason.TOO_LATE


def test_there_is_no_new_link_when_the_old_one_would_be_closed_by_time(house):
    planned, talking = house.plan(), house.plan()
    house.talking(talking)
    hosting.send_back(house.advisor, NOW, talking.guest_id)
    closes = NOW + HOUR + LINK_CLOSES_AFTER
    deed = (inviting.new_link, house.advisor)
    assert reason_of(*deed, closes, planned.guest_id) == Reason.TOO_LATE
    assert reason_of(*deed, closes - MINUTE, planned.guest_id) is None
    # an open room stays open as long as nobody closes it
    assert reason_of(*deed, closes, talking.guest_id) is None
    forgotten = NOW + HOUR + ROOM_CLOSES_AFTER
    assert reason_of(*deed, forgotten, talking.guest_id) == Reason.TOO_LATE


def test_who_gets_a_new_link_begins_at_the_beginning(house):
    planned = house.plan()
    visiting.consent(house.guest(planned), NOW, "1")
    visiting.record_device(house.guest(planned), NOW, MediaDevice.CAMERA, False)
    visiting.enter_waiting(house.guest(planned), NOW)
    inviting.new_link(house.advisor, NOW, planned.guest_id)
    row = house.row(Guest, planned.guest_id)
    assert (row.status, row.consented_at, row.camera_worked) == (GuestStatus.INVITED, None, None)
    assert (row.has_waited, row.technique_failed) == (True, True)  # that speaks for them still


def test_nobody_in_the_room_loses_their_link(house):
    planned = house.plan()
    house.talking(planned)
    refused = reason_of(inviting.new_link, house.advisor, NOW, planned.guest_id)
    assert refused == Reason.CHANGED_MEANWHILE


def test_a_planned_appointment_is_called_off_once(house):
    planned = house.plan()
    cancel = (closing.cancel, house.advisor, NOW, planned.appointment_id)
    assert reason_of(*cancel) is None
    assert house.status(planned) == (Status.CANCELLED, GuestStatus.INVITED)
    assert house.trail()[-1] == ("cancel", "advisor", house.advisor.id)
    assert reason_of(*cancel) == Reason.CHANGED_MEANWHILE


def test_time_closes_an_unused_link_and_never_says_that_somebody_was_absent(house):
    used, unused, waits = house.plan(), house.plan(), house.plan()
    visiting.consent(house.guest(used), NOW, "1")
    house.waiting(waits)
    closes = AFTER + LINK_CLOSES_AFTER
    assert closing.expire_due(CLOCK, closes - MINUTE) == 0
    assert closing.expire_due(CLOCK, closes) == 2
    assert house.status(used) == (Status.EXPIRED, GuestStatus.CONSENTED)
    assert house.status(unused) == (Status.EXPIRED, GuestStatus.INVITED)
    assert house.status(waits) == (Status.PLANNED, GuestStatus.WAITING)
    assert house.trail(unused.appointment_id)[-1] == ("expire", "clock", None)
    for days in (1, 30, 3650):
        closing.expire_due(CLOCK, NOW + timedelta(days=days))
    assert [what for what, _, _ in house.trail()].count("record_missed") == 0


def test_time_ends_a_talk_that_everybody_forgot_to_end(house):
    planned = house.plan()
    house.talking(planned)
    closes = AFTER + ROOM_CLOSES_AFTER
    assert closing.expire_due(CLOCK, closes - MINUTE) == 0
    assert closing.expire_due(CLOCK, closes) == 1
    assert house.status(planned) == (Status.ENDED, GuestStatus.LEFT)


def test_time_closes_a_link_in_the_end_even_where_somebody_once_waited(house):
    planned = house.plan()
    house.waiting(planned)
    closes = AFTER + ROOM_CLOSES_AFTER
    assert closing.expire_due(CLOCK, closes - MINUTE) == 0
    assert closing.expire_due(CLOCK, closes) == 1
    assert house.status(planned) == (Status.EXPIRED, GuestStatus.WAITING)
    missed = reason_of(closing.record_missed, house.advisor, closes, planned.appointment_id)
    assert missed == Reason.SOMEBODY_WAITS


@pytest.mark.parametrize(
    "status", [each for each in Status if each not in (Status.PLANNED, Status.OPEN)]
)
def test_time_closes_nothing_that_is_closed(house, status):
    planned = house.plan()
    house.set(Appointment, planned.appointment_id, status=status)
    assert closing.expire_due(CLOCK, NOW + timedelta(days=365)) == 0
    assert house.status(planned)[0] == status


@pytest.mark.parametrize("expired", [False, True])
def test_a_person_records_that_nobody_came_after_the_end(house, expired):
    planned = house.plan()
    record = (closing.record_missed, house.advisor)
    early = AFTER - timedelta(microseconds=1)
    assert reason_of(*record, early, planned.appointment_id) == Reason.TOO_EARLY
    if expired:
        assert closing.expire_due(CLOCK, AFTER + LINK_CLOSES_AFTER) == 1
    assert reason_of(*record, AFTER, planned.appointment_id) is None
    assert house.status(planned) == (Status.MISSED, GuestStatus.INVITED)
    assert house.trail()[-1] == ("record_missed", "advisor", house.advisor.id)
    assert reason_of(*record, AFTER, planned.appointment_id) == Reason.CHANGED_MEANWHILE


@pytest.mark.parametrize("status", [Status.PLANNED, Status.EXPIRED])
@pytest.mark.parametrize("how", CAME)
def test_nobody_who_came_is_recorded_as_absent(house, how, status):
    planned = house.plan()
    come(house, planned, how)
    house.set(Appointment, planned.appointment_id, status=status)
    record = (closing.record_missed, house.advisor, AFTER, planned.appointment_id)
    assert reason_of(*record) == Reason.SOMEBODY_WAITS
    assert house.status(planned)[0] == status


@pytest.mark.parametrize("device", MediaDevice)
@pytest.mark.parametrize("expired", [False, True])
def test_nobody_whose_technique_failed_is_recorded_as_absent(house, device, expired):
    planned = house.plan()
    guest = house.guest(planned)
    visiting.consent(guest, NOW, "1")
    visiting.record_device(guest, NOW, device, False)
    if expired:
        assert closing.expire_due(CLOCK, AFTER + LINK_CLOSES_AFTER) == 1
    record = (closing.record_missed, house.advisor, AFTER, planned.appointment_id)
    assert reason_of(*record) == Reason.TECHNIQUE_FAILED


def test_an_interpreter_who_waits_is_somebody_too(house):
    planned = house.plan()
    second = house.second_guest(planned)
    visiting.consent(second, NOW, "1")
    visiting.enter_waiting(second, NOW)
    record = (closing.record_missed, house.advisor, AFTER, planned.appointment_id)
    assert reason_of(*record) == Reason.SOMEBODY_WAITS


def test_an_opened_room_can_never_become_a_missed_appointment(house):
    planned = house.plan()
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    record = (closing.record_missed, house.advisor, AFTER, planned.appointment_id)
    assert reason_of(*record) == Reason.CHANGED_MEANWHILE
    hosting.end(house.advisor, NOW, planned.appointment_id)
    assert reason_of(*record) == Reason.CHANGED_MEANWHILE


def test_times_come_back_in_utc_whatever_zone_they_were_given_in(house):
    from_berlin = BERLIN
    planned = house.plan(starts_at=(NOW + HOUR).astimezone(from_berlin))
    row = house.row(Appointment, planned.appointment_id)
    assert (row.starts_at, row.starts_at.tzinfo) == (NOW + HOUR, UTC)
