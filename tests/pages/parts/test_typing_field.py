"""Real-time text is switched on by a press on the page, and by no address somebody was sent."""

import pytest

from core import access
from pages.parts import chat

LAPTOP = "L" * 43


@pytest.fixture
def told(monkeypatch):
    """What the browser is told, by every page that is drawn: whether to send what is written."""
    told = []
    monkeypatch.setattr(chat, "_mount", lambda key, data: told.append(data["at_once"]))
    return told


@pytest.fixture
def planned(house):
    planned = house.plan()
    house.talking(planned)
    return planned


def box(tab):
    return tab.at.checkbox(key="write_at_once")


def pressed(tab):
    """The address after a press on the switch."""
    box(tab).check()
    tab.run()
    sign = tab.at.query_params[chat.NOW]
    return {chat.NOW: sign}


@pytest.mark.parametrize("value", ["an", "", "1", "true", "None", "0" * 16, "an" * 8])
def test_no_address_switches_it_on(planned, visitor, advisor, told, value):
    guest = visitor(planned, **{chat.NOW: value})
    desk = advisor("beratung", termin=str(planned.appointment_id), **{chat.NOW: value})
    assert [box(each).value for each in (guest, desk)] == [False, False]
    assert set(told) == {False}


def test_a_press_does_and_a_reload_by_the_same_person_keeps_it(planned, visitor, told):
    address = pressed(visitor(planned))
    assert told[-1] is True
    again = visitor(planned, **address)
    assert (box(again).value, told[-1]) == (True, True)
    box(again).uncheck()
    again.run()
    assert (chat.NOW in again.at.query_params, told[-1]) == (False, False)


def test_at_the_desk_a_reload_in_the_same_session_keeps_it(planned, desk, new_tab, told):
    tab = desk(planned)
    again = new_tab(tab.jar, "beratung", termin=str(planned.appointment_id), **pressed(tab))
    assert (box(again).value, told[-1]) == (True, True)


def test_it_is_nobody_elses_and_of_no_other_talk(house, planned, visitor, desk, new_tab, told):
    """Addresses of others, of the same person after another sign-in, of an appointment before."""
    mine = desk(planned)
    address = pressed(mine)
    other = house.plan()
    house.talking(other)
    desk_of = {"termin": str(planned.appointment_id)}
    for tab in (
        visitor(planned, **address),
        visitor(planned, **pressed(visitor(other))),
        new_tab(desk(planned).jar, "beratung", **desk_of, **address),
        new_tab(mine.jar, "beratung", termin=str(other.appointment_id), **address),
    ):
        assert (box(tab).value, told[-1]) == (False, False)


def test_the_same_link_in_another_browser_does_not_have_it(house, planned, visitor, told):
    address = pressed(visitor(planned))
    told.clear()
    assert box(visitor(planned, LAPTOP, **address)).value is False
    assert set(told) == {False}


def test_the_sign_says_nothing_of_what_it_is_made_of(planned, visitor, told):
    tab = visitor(planned)
    sign = pressed(tab)[chat.NOW]
    [cookie] = tab.jar.values()
    known = [cookie, access.digest(cookie), *cookie.split("."), planned.secret]
    assert (len(sign), [each for each in known if sign in each]) == (16, [])
