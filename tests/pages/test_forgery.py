"""Nobody gets to a later step by anything a browser can send: query, widgets, page."""

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates

from core.appointment import GuestStatus, Status
from core.office import hosting
from tests.conftest import NOW

UNTOUCHED = (Status.PLANNED, GuestStatus.INVITED)


@pytest.mark.parametrize(
    "query",
    [
        {"step": "room"},
        {"stage": "room", "status": "admitted"},
        {"page": "visitor/room.py"},
        {"termin": "1"},
        {"agreed": "true", "go_on": "true", "enter": "true"},
        {"embed": "true", "embed_options": "show_toolbar"},
        {"guest": "1", "actor": "advisor"},
        {"lang": "../../etc"},
    ],
    ids=str,
)
def test_no_query_skips_a_step(house, visitor, query):
    planned = house.plan()
    assert visitor(planned, **query).run().heading == "Startseite"
    assert house.status(planned) == UNTOUCHED


@pytest.mark.parametrize("path", ["room", "waiting", "devices", "visitor/room", "desk", "nothing"])
def test_no_path_of_a_step_exists(house, visitor, path):
    planned = house.plan()
    tab = visitor(planned).go_to(path)
    assert tab.heading == "Videokommunikation"
    assert tab.buttons == []
    assert house.status(planned) == UNTOUCHED


@pytest.mark.parametrize("path", ["tagesplan", "termin-anlegen", "beratung"])
def test_a_visitors_cookie_opens_no_staff_page(house, visitor, path):
    tab = visitor(house.plan(), termin="1").go_to(path)
    assert (tab.heading, tab.buttons) == ("Nicht angemeldet", [])


@pytest.mark.parametrize(
    "state",
    [
        {"agreed": True},
        {"warm": True},
        {"without_camera": True, "tone_played": True, "trouble": True},
        {"step": "room", "status": "admitted", "consented": True, "admitted": True},
        {"to_desk": 1, "invited": (True, "a", "b", "c")},
        {"help": {"passed": True}, "chat": "Hallo"},
    ],
    ids=lambda state: ",".join(state),
)
def test_nothing_in_the_session_skips_a_step(house, visitor, call, state):
    planned = house.plan()
    tab = visitor(planned)
    for key, value in state.items():
        tab.at.session_state[key] = value
    assert tab.run().heading == "Startseite"
    assert house.status(planned) == UNTOUCHED
    assert call.draws == []


def test_a_stage_left_over_from_another_appointment_is_not_used(house, visitor, call):
    first, second = house.plan(), house.plan()
    house.talking(first)
    house.talking(second)
    other = visitor(first)
    tab = visitor(second)
    tab.at.session_state["stage"] = other.at.session_state["stage"]
    tab.run()
    line = call.line
    assert (line.seat, line) != (f"guest:{first.guest_id}", other.at.session_state["stage"].line)
    assert line.seat == f"guest:{second.guest_id}"


def pressed(tab, key):
    """What the browser sends when this button is pressed, to be sent from elsewhere."""
    button = tab.at.button(key=key).click()
    return WidgetStates(widgets=[button._widget_state])


def send(tab, states):
    tab._use(tab)
    tab.at._run(states)
    assert list(tab.at.exception) == []


def test_the_button_of_a_later_step_does_nothing_when_sent_too_soon(house, visitor):
    ahead, planned = house.plan(), house.plan()
    house.talking(ahead)
    leave = pressed(visitor(ahead), "leave")
    hosting.send_back(house.advisor, NOW, ahead.guest_id)
    again = pressed(visitor(ahead), "again")
    visitor(ahead).press("again")
    enter = pressed(visitor(ahead), "enter")

    tab = visitor(planned)
    for states in (leave, again, enter):
        send(tab, states)
        assert tab.heading == "Startseite"
    assert house.status(planned) == UNTOUCHED


def test_the_consent_cannot_be_sent_without_the_tick(house, visitor):
    planned = house.plan()
    tab = visitor(planned)
    send(tab, pressed(tab, "go_on"))
    assert tab.heading == "Startseite"
    assert house.status(planned) == UNTOUCHED


def test_a_button_of_the_desk_does_nothing_on_a_visitors_page(house, visitor, advisor):
    planned = house.plan()
    house.waiting(planned)
    opening = pressed(advisor("beratung", termin=str(planned.appointment_id)), "open")
    tab = visitor(planned)
    send(tab, opening)
    assert tab.heading == "Warteraum"
    assert house.status(planned) == (Status.PLANNED, GuestStatus.WAITING)


def test_the_button_of_ones_own_talk_ends_nobody_elses(house, visitor):
    mine, other = house.plan(), house.plan()
    house.talking(mine)
    house.waiting(other)
    leave = pressed(visitor(mine), "leave")
    tab = visitor(other)
    send(tab, leave)
    assert tab.heading == "Warteraum"
    assert house.status(mine) == (Status.OPEN, GuestStatus.ADMITTED)
