"""Who may do which deed: every deed, asked by everybody it is not for."""

import inspect
from dataclasses import replace

import pytest

from core.appointment import CLOCK, Actor, By, GuestStatus, IdentityProof, Status
from core.office import chat, hosting, planning, views, visiting
from core.office.visiting import Device
from core.refused import Reason
from tests.conftest import HOUR
from tests.core.office.refusals import reason_of

# Each deed of an advisor, as a call with an actor, the time and what was planned.
ADVISOR_DEEDS = {
    "hosting.open_room": lambda who, now, it: hosting.open_room(who, now, it.appointment_id),
    "hosting.admit": lambda who, now, it: hosting.admit(who, now, it.guest_id),
    "hosting.send_back": lambda who, now, it: hosting.send_back(who, now, it.guest_id),
    "hosting.check_identity": lambda who, now, it: hosting.check_identity(
        who, now, it.guest_id, IdentityProof.ID_SHOWN
    ),
    "hosting.end": lambda who, now, it: hosting.end(who, now, it.appointment_id),
    "planning.new_link": lambda who, now, it: planning.new_link(who, now, it.guest_id),
    "planning.mail_sent": lambda who, now, it: planning.mail_sent(who, now, it.guest_id),
    "planning.address_of": lambda who, _now, it: planning.address_of(who, it.guest_id),
    "planning.cancel": lambda who, now, it: planning.cancel(who, now, it.appointment_id),
    "planning.record_missed": lambda who, now, it: planning.record_missed(
        who, now, it.appointment_id
    ),
    "views.meeting": lambda who, _now, it: views.meeting(who, it.appointment_id),
}
GUEST_DEEDS = {
    "visiting.consent": lambda who, now: visiting.consent(who, now, "1"),
    "visiting.record_device": lambda who, now: visiting.record_device(
        who, now, Device.CAMERA, False
    ),
    "visiting.enter_waiting": visiting.enter_waiting,
    "visiting.test_again": visiting.test_again,
    "visiting.leave": visiting.leave,
}
SHARED_DEEDS = {
    "chat.write": lambda who, now, it: chat.write(who, now, it.appointment_id, "Hallo"),
    "chat.read": lambda who, _now, it: chat.read(who, it.appointment_id),
    "views.admitted": lambda who, _now, it: views.admitted(who, it.appointment_id),
}
# Asked with no row of somebody else's, or tested in a place of their own.
ELSEWHERE = {
    "planning.plan",
    "planning.expire_due",
    "views.visit",
    "views.agenda",
    "views.seat",
    "views.help_phone",
}
STATES = ["waiting", "talking"]


def test_no_deed_is_forgotten_here():
    deeds = {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in (hosting, visiting, planning, chat, views)
        for name, value in inspect.getmembers(module, inspect.isfunction)
        if value.__module__ == module.__name__ and not name.startswith("_")
    }
    assert deeds == {*ADVISOR_DEEDS, *GUEST_DEEDS, *SHARED_DEEDS, *ELSEWHERE}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("deed", [*ADVISOR_DEEDS, *SHARED_DEEDS])
def test_a_colleague_and_another_jobcenter_find_nothing(house, deed, state):
    planned = house.plan()
    getattr(house, state)(planned)
    before, trail = house.status(planned), house.trail()
    forged = [
        house.colleague,
        house.stranger,
        replace(house.advisor, jobcenter_id=house.stranger.jobcenter_id),
        replace(house.stranger, jobcenter_id=house.advisor.jobcenter_id),
        Actor(By.ADVISOR, None, house.advisor.jobcenter_id),
        Actor(By.ADVISOR, 999, None),
    ]
    does = {**ADVISOR_DEEDS, **SHARED_DEEDS}[deed]
    reasons = [reason_of(does, actor, house.now + 2 * HOUR, planned) for actor in forged]
    assert reasons == [Reason.NOT_FOUND] * len(forged)
    assert (house.status(planned), house.trail()) == (before, trail)


@pytest.mark.parametrize("deed", ADVISOR_DEEDS)
def test_what_does_not_exist_looks_the_same_as_what_is_somebody_elses(house, deed):
    nothing = planning.Planned(999, 999, "")
    reason = reason_of(ADVISOR_DEEDS[deed], house.advisor, house.now, nothing)
    assert reason == Reason.NOT_FOUND


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("deed", ADVISOR_DEEDS)
def test_a_guest_or_the_clock_does_no_deed_of_an_advisor(house, deed, state):
    planned = house.plan()
    guest = getattr(house, state)(planned)
    before, trail = house.status(planned), house.trail()
    others = [guest, CLOCK, Actor(By.GUEST, house.advisor.id, house.advisor.jobcenter_id)]
    reasons = [reason_of(ADVISOR_DEEDS[deed], actor, house.now, planned) for actor in others]
    assert reasons == [Reason.NOT_ALLOWED] * len(others)
    assert (house.status(planned), house.trail()) == (before, trail)


@pytest.mark.parametrize("deed", GUEST_DEEDS)
def test_nobody_else_does_a_deed_of_a_guest(house, deed):
    planned = house.plan()
    guest = house.waiting(planned)
    before, trail = house.status(planned), house.trail()
    cases = {
        house.advisor: Reason.NOT_ALLOWED,
        CLOCK: Reason.NOT_ALLOWED,
        Actor(By.ADVISOR, guest.id, guest.jobcenter_id): Reason.NOT_ALLOWED,
        replace(guest, id=999): Reason.NOT_FOUND,
        replace(guest, id=None): Reason.NOT_FOUND,
        replace(guest, jobcenter_id=house.stranger.jobcenter_id): Reason.NOT_FOUND,
        replace(guest, jobcenter_id=None): Reason.NOT_FOUND,
    }
    reasons = {actor: reason_of(GUEST_DEEDS[deed], actor, house.now) for actor in cases}
    assert reasons == cases
    assert (house.status(planned), house.trail()) == (before, trail)


@pytest.mark.parametrize("deed", SHARED_DEEDS)
def test_a_guest_of_one_appointment_finds_nothing_of_another(house, deed):
    own, other = house.plan(), house.plan()
    guest = house.talking(own)
    house.talking(other)
    assert reason_of(SHARED_DEEDS[deed], guest, house.now, own) is None
    assert reason_of(SHARED_DEEDS[deed], guest, house.now, other) == Reason.NOT_FOUND


def test_a_visitor_cannot_let_themselves_in_by_anything_they_can_call(house):
    planned = house.plan()
    guest = house.waiting(planned)
    for _ in range(2):
        for deed in GUEST_DEEDS.values():
            reason_of(deed, guest, house.now)
            appointment, status = house.status(planned)
            assert appointment == Status.PLANNED
            assert status not in (GuestStatus.ADMITTED, GuestStatus.LEFT)


def test_a_guest_in_the_open_room_does_not_let_a_second_one_in(house):
    planned = house.plan()
    guest = house.talking(planned)
    second = house.second_guest(planned)
    visiting.consent(second, house.now, "1")
    visiting.enter_waiting(second, house.now)
    assert reason_of(hosting.admit, guest, house.now, second.id) == Reason.NOT_ALLOWED
    assert reason_of(hosting.admit, second, house.now, second.id) == Reason.NOT_ALLOWED
    hosting.admit(house.advisor, house.now, second.id)


@pytest.mark.parametrize("deed", [planning.expire_due])
def test_only_the_clock_does_what_time_does(house, deed):
    guest = house.guest(house.plan())
    clocks = [house.advisor, guest, Actor(By.CLOCK, 1, None)]
    assert [reason_of(deed, actor, house.now) for actor in clocks] == [Reason.NOT_ALLOWED] * 3
    assert reason_of(deed, CLOCK, house.now) is None
