"""
Pages that notice what changes without asking: which news concern them, and what is redrawn.

The browser keeps one live socket for each tab (ui/live/socket.js); every part of a page that
shows what may change has a small listener in it (ui/live/redraw.js). Knows no WebSocket and no
deed.
"""

from collections.abc import Callable, Iterable

import streamlit as st

from core import clock, hub
from core.office import guest_view, seat_names, staff_sessions, timekeeping, writing
from pages.parts import language, people
from pages.tabs import tab as tabs
from pages.tabs.tab import Tab
from pages.ui.mount import component
from pages.words import goodbye

# Should a part not be told, it asks by itself after so many seconds: for `run_every`.
SLOWLY = 20
# The same, of one that many look at for long and that time alone does not change.
SLOWER = 60
_TAB = "tab"
_socket = component("live", "live/socket.js")
_redraw = component("redraw", "live/redraw.js")


def follow_visit(visit: guest_view.Visit) -> None:
    """This tab shows a visit."""
    held = people.link()
    if held is not None:
        topics, seat = [hub.appointment(visit.appointment_id)], seat_names.seat(visit.actor)
        _follow(topics, lambda: _is_live(held.secret), seat)


def _is_live(secret: str) -> bool:
    found = guest_view.visit(secret)
    return found is not None and not goodbye.over(found, clock.now())


def follow_staff(staff: staff_sessions.SignedIn, appointments: Iterable[int] = ()) -> None:
    """This tab shows something of a member of staff, and these appointments."""
    token = people.staff_token()
    if token is not None and staff.actor.id is not None:
        topics = [hub.staff(staff.actor.id), *map(hub.appointment, appointments)]
        _follow(
            topics, lambda: staff_sessions.signed_in(clock.now(), token, active=False) is not None
        )
        if (found := tab()) is not None:
            found.clock = lambda theirs: timekeeping.agree(staff.actor, clock.wall(), theirs)


def _follow(topics: Iterable[str], stays: Callable[[], bool], seat: str = "") -> None:
    holder = people.holder()
    if holder is None:
        return
    found = st.session_state[_TAB] = tab() or tabs.begin(holder)
    found.seat = seat
    found.stays, found.topics = stays, frozenset(topics)
    # The same talk is only redrawn: who is being read meanwhile goes on being read.
    if found.appointment_id and hub.appointment(found.appointment_id) not in found.topics:
        found.appointment_id = None


def write_in(appointment_id: int) -> None:
    """This tab shows a chat: it is told of messages, and who writes there may be read meanwhile."""
    found, held, token = tab(), people.link(), people.staff_token()
    if found is None:
        return
    if held is not None:
        found.writer = lambda: writing.guest(clock.now(), held.secret, held.device, appointment_id)
    elif token is not None:
        found.writer = lambda: writing.staff(clock.now(), token, appointment_id)
    found.appointment_id = appointment_id
    found.topics |= {hub.chat(appointment_id)}


def tab() -> Tab | None:
    """This tab; None before it follows anything."""
    found: Tab | None = st.session_state.get(_TAB)
    return found


def connect() -> None:
    """On every page: keep the live socket."""
    if (found := tab()) is not None:
        _socket(key="live_socket", data={"tab": found.id})


def redraw(part: str) -> None:
    """In a fragment, before it reads anything: redraw it as soon as something has changed."""
    language.speak_again()
    found = tab()
    version = found.listener.version if found is not None else 0
    _redraw(key=f"live_{part}", data={"version": version}, on_changed_change=_nothing)


def _nothing() -> None:
    """Streamlit redraws the part by itself."""
