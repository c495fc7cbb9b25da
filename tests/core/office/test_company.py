"""Who may be met in an appointment: names and roles, for those who are invited to it."""

import pytest

from core.appointment import GuestRole
from core.office import seats
from core.office.seats import Invited
from core.records import Guest
from core.refused import Refused


def test_each_person_knows_everybody_else_by_name_and_role(house):
    planned = house.plan()
    guest = house.guest(planned)
    house.set(Guest, planned.guest_id, role=GuestRole.INTERPRETER)
    advisor = Invited(f"staff:{house.advisor.id}", "Anna Beraterin", None)
    interpreter = Invited(f"guest:{guest.id}", "Karla Beispiel", GuestRole.INTERPRETER)
    assert seats.company(guest, planned.appointment_id) == (advisor,)
    assert seats.company(house.advisor, planned.appointment_id) == (interpreter,)


def test_nobody_learns_who_meets_in_another_appointment(house):
    mine, theirs = house.plan(), house.plan()
    with pytest.raises(Refused):
        seats.company(house.guest(mine), theirs.appointment_id)
