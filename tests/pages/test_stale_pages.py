"""A page that was drawn with rights its person no longer has: a press on it does nothing."""

import pytest

from core.appointment import Status
from core.office import hosting, inviting, staff_sessions, visiting
from tests.conftest import NOW, PASSWORD


@pytest.mark.parametrize("key", ["end", "open", "cancel"])
def test_a_desk_still_open_after_signing_out_elsewhere_does_nothing(house, new_tab, key):
    planned = house.plan()
    if key == "end":
        house.talking(planned)
    token = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    tab = new_tab({"beratung": token}, "beratung", termin=str(planned.appointment_id))
    before = house.status(planned)
    staff_sessions.sign_out(house.advisor, NOW, token)

    tab.press(key)

    assert house.status(planned) == before


def test_who_holds_a_replaced_link_cannot_end_the_talk_of_who_holds_the_new_one(house, visitor):
    planned = house.plan()
    guest = house.talking(planned)
    old = visitor(planned)
    hosting.send_back(house.advisor, NOW, planned.guest_id)
    inviting.new_link(house.advisor, NOW, planned.guest_id)
    visiting.consent(guest, NOW, "1")
    visiting.enter_waiting(guest, NOW)
    hosting.admit(house.advisor, NOW, planned.guest_id, None)

    old.press("leave")

    assert house.status(planned)[0] == Status.OPEN
