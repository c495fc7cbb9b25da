"""Every button that does a deed, pressed twice: it is done once, and nobody is told off for it."""

import pytest

from core.appointment import IdentityProof
from core.office import hosting, visiting
from tests.conftest import HOUR, NOW


def consented(house, planned):
    visiting.consent(house.guest(planned), NOW, "1")


def waiting(house, planned):
    house.waiting(planned)


def talking(house, planned):
    house.talking(planned)


def left(house, planned):
    visiting.leave(house.talking(planned), NOW)


def sent_back(house, planned):
    house.talking(planned)
    hosting.send_back(house.advisor, NOW, planned.guest_id)


def two_inside(house, planned):
    second = house.second_guest(planned)
    visiting.consent(second, NOW, "1")
    visiting.enter_waiting(second, NOW)
    house.talking(planned)


def nothing(house, planned):
    pass


# Whose page, the button, what was before, and what is noted of it once.
CASES = {
    "consent": ("visitor", "go_on", nothing, "consent"),
    "into the Warteraum": ("visitor", "enter", consented, "enter_waiting"),
    "back to the device test": ("visitor", "again", waiting, "test_again"),
    "leaving": ("visitor", "leave", talking, "leave"),
    "coming back": ("visitor", "come_back", left, "come_back"),
    "alone, by a guest": ("visitor", "private", two_inside, "private_begun"),
    "opening": ("desk", "open", waiting, "open_room"),
    "calling off": ("desk", "cancel", nothing, "cancel"),
    "letting in": ("desk", "admit_1", sent_back, "admit"),
    "sending back": ("desk", "back_1", talking, "send_back"),
    "identity": ("desk", "identity_1", talking, "identity_known_person"),
    "alone, by the advisor": ("desk", "private", two_inside, "private_begun"),
    "a new link": ("desk", "link_1", nothing, "invite_again"),
    "missed": ("desk", "missed", nothing, "record_missed"),
}


def chosen(tab, key):
    if key == "go_on":
        tab.at.checkbox(key="agreed").check()
        tab.run()
    if key == "identity_1":
        tab.at.radio(key="how_1").set_value(IdentityProof.KNOWN_PERSON)
        tab.run()


@pytest.mark.parametrize("case", CASES)
def test_two_presses_are_one_deed_without_an_error(house, visitor, desk, it_is, case):
    page, key, before, what = CASES[case]
    planned = house.plan()
    before(house, planned)
    if key == "missed":
        it_is(NOW + HOUR)
    count = len([each for each, _, _ in house.trail() if each == what])
    tab = {"visitor": visitor, "desk": desk}[page](planned)
    chosen(tab, key)
    tab.press_twice(key)
    done = len([each for each, _, _ in house.trail() if each == what]) - count
    assert (done, tab.errors) == (1, [])


def test_calling_off_twice_sends_one_mail_and_says_the_same(house, desk):
    once, twice = [desk(house.plan()) for _ in range(2)]
    assert twice.press_twice("cancel").states == once.press("cancel").states
    assert len(list(house.outbox.glob("*.eml"))) == 2  # each of them one


def test_what_was_pressed_twice_is_not_said_when_the_button_is_there_again(house, desk):
    planned = house.plan()
    sent_back(house, planned)
    tab = desk(planned).press_twice("admit_1")
    guest = house.guest(planned)
    visiting.leave(guest, NOW)
    visiting.come_back(guest, NOW)
    tab.run()
    assert ("admit_1" in [button.key for button in tab.at.button], tab.errors) == (True, [])
