"""A session of Streamlit belongs to whom it was begun with; its id opens nothing."""

import pytest

from core import access
from core.appointment import GuestStatus, Status
from core.office import staff_sessions
from pages.parts import people
from pages.tabs import sessions
from tests.conftest import NOW, PASSWORD
from tests.core.media.ends import End
from tests.jars import link_jar

INVALID = ("Sitzung ungültig", ["Bitte öffnen Sie Ihren Link noch einmal."], [])


def shown(tab):
    return tab.heading, tab.paragraphs, tab.buttons


@pytest.fixture
def talk(house, visitor):
    """A guest in the room, in a tab of their own."""
    planned = house.plan()
    house.talking(planned)
    return planned, visitor(planned)


@pytest.mark.parametrize("thief", ["another guest", "another device", "an advisor", "nobody"])
def test_who_comes_into_somebody_elses_session_sees_nothing_and_disturbs_nothing(
    house, talk, call, thief
):
    planned, tab = talk
    line = call.line
    jars = {
        "another guest": link_jar(house.plan().secret),
        "another device": link_jar(planned.secret, "x" * 43),
        "an advisor": {"beratung": staff_sessions.sign_in(NOW, "anna", PASSWORD)},
        "nobody": {},
    }
    own, tab.jar = tab.jar, jars[thief]
    tab.run()
    assert shown(tab) == INVALID
    assert b"Karla" not in b"".join(tab.everything)
    End(line).show()
    assert (line.closed, line.room.line_of(line.seat) is line, call.stops) == (False, True, 0)
    tab.jar = own
    assert tab.run().heading == "Beratungsraum"
    assert call.line is line


def test_nothing_is_done_in_somebody_elses_session(house, talk):
    planned, tab = talk
    tab.jar = link_jar(planned.secret, "x" * 43)
    tab.press("leave")
    assert shown(tab) == INVALID
    assert house.status(planned) == (Status.OPEN, GuestStatus.ADMITTED)


def test_an_advisors_session_shows_nothing_to_a_visitor(house, desk):
    planned = house.plan()
    tab = desk(planned)
    tab.jar = link_jar(planned.secret)
    tab.press("open")
    assert shown(tab) == INVALID
    assert house.status(planned) == (Status.PLANNED, GuestStatus.INVITED)


def test_an_advisors_session_is_not_another_advisors(house, desk):
    tab = desk(house.plan())
    tab.jar = {"beratung": staff_sessions.sign_in(NOW, "bodo", PASSWORD)}
    assert shown(tab.run()) == INVALID


def test_a_session_is_not_two_links_even_in_one_browser(house, visitor):
    mine, other = house.plan(), house.plan()
    tab = visitor(mine)
    tab.jar = {**link_jar(mine.secret), **link_jar(other.secret)}
    tab.at.query_params["t"] = access.link_key(other.secret)
    tab.run()
    assert tab.heading == "Videokommunikation"
    assert tab.buttons == []


def test_without_a_session_nobody_is_anybody(house, visitor, monkeypatch):
    tab = visitor(house.plan())
    assert tab.heading == "Startseite"
    monkeypatch.setattr(people, "session_id", lambda: None)
    assert tab.run().heading == "Videokommunikation"


def test_the_name_of_a_session_is_streamlits_own_and_none_outside_of_a_page():
    assert people.session_id() is None


def test_the_first_holder_of_a_session_keeps_it():
    assert [sessions.bind("a session", holder) for holder in ("first", "other", "first")] == [
        True,
        False,
        True,
    ]
    assert sessions.holder_of("a session") == "first"


def test_only_so_many_sessions_are_kept(monkeypatch):
    monkeypatch.setattr(sessions, "KEPT", 3)
    monkeypatch.setattr(sessions, "_holders", type(sessions._holders)())
    for number in range(4):
        sessions.bind(str(number), "holder")
    assert [sessions.holder_of(str(number)) for number in range(4)] == [None, *["holder"] * 3]
