"""Who may be met in an appointment: names and roles, for anyone who is let in to them."""

import pytest

from core.appointment import GuestRole, GuestStatus, Status
from core.office import hosting, other_device, seats, visiting
from core.office.seats import Company, Invited
from core.records import Appointment, Guest
from core.refused import Refused
from tests.conftest import NOW

OUTSIDE = [each for each in GuestStatus if each != GuestStatus.ADMITTED]


@pytest.fixture
def planned(house):
    return house.plan()


@pytest.fixture
def interpreter(house, planned):
    return house.second_guest(planned)


def waits(guest):
    visiting.consent(guest, NOW, "1")
    visiting.enter_waiting(guest, NOW)


def names(actor, planned):
    return [each.name for each in seats.company(actor, planned.appointment_id).known]


def test_an_advisor_knows_everybody_by_name_and_role_from_the_beginning(
    house, planned, interpreter
):
    known = (
        Invited(f"guest:{planned.guest_id}", "Karla Beispiel", GuestRole.CLIENT),
        Invited(f"guest:{interpreter.id}", "Ida Dolmetscherin", GuestRole.INTERPRETER),
    )
    assert seats.company(house.advisor, planned.appointment_id) == Company(2, known)


@pytest.mark.parametrize("status", OUTSIDE)
def test_a_guest_who_is_not_let_in_learns_how_many_are_invited_and_nothing_of_them(
    house, planned, interpreter, status
):
    waits(interpreter)
    guest = house.talking(planned)
    house.set(Guest, guest.id, status=status)
    assert seats.company(guest, planned.appointment_id) == Company(2, ())


def test_who_is_let_in_learns_of_the_advisor_and_of_whoever_is_inside(house, planned, interpreter):
    guest = house.talking(planned)
    assert names(guest, planned) == ["Anna Beraterin"]
    waits(interpreter)
    assert names(guest, planned) == ["Anna Beraterin"]
    hosting.admit(house.advisor, NOW, interpreter.id, None)
    assert names(guest, planned) == ["Anna Beraterin", "Ida Dolmetscherin"]
    assert names(interpreter, planned) == ["Anna Beraterin", "Karla Beispiel"]


@pytest.mark.parametrize("goes", ["sent back", "taken over", "left"])
def test_whoever_is_out_again_learns_of_nobody_and_nobody_of_them(
    house, planned, interpreter, goes
):
    waits(interpreter)
    guest = house.talking(planned)
    if goes == "sent back":
        hosting.send_back(house.advisor, NOW, guest.id)
    elif goes == "taken over":
        other_device.take_over(guest, NOW, "another device")
    else:
        visiting.leave(guest, NOW)
    assert names(guest, planned) == []
    assert names(interpreter, planned) == ["Anna Beraterin"]


@pytest.mark.parametrize("status", [each for each in Status if each != Status.OPEN])
def test_outside_of_an_open_room_no_guest_learns_of_anybody(house, planned, interpreter, status):
    waits(interpreter)
    guest = house.talking(planned)
    house.set(Appointment, planned.appointment_id, status=status)
    assert [names(each, planned) for each in (guest, interpreter)] == [[], []]


def test_nobody_learns_who_meets_in_another_appointment(house):
    mine, theirs = house.plan(), house.plan()
    with pytest.raises(Refused):
        seats.company(house.guest(mine), theirs.appointment_id)
