"""
Pages that notice what changes without asking: which news concern them, and what is drawn anew.

The browser keeps one live socket for each tab (live.js); every part of a page that shows what
may change has a small listener in it (redraw.js). Knows no WebSocket and no deed.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import streamlit as st

from core import clock, live
from core.office import accounts, views, writing
from pages.parts import ears, goodbye, people, sessions

# Should a part not be told, it asks by itself after so many seconds: for `run_every`.
SLOWLY = 20
# The same, of one that many look at for long and that time alone does not change.
SLOWER = 60
_EAR = "ear"
_HERE = Path(__file__)

_socket = st.components.v2.component(
    "beratungsraum_live", html="", js=_HERE.with_name("live.js").read_text(encoding="utf-8")
)
_redraw = st.components.v2.component(
    "beratungsraum_redraw", html="", js=_HERE.with_name("redraw.js").read_text(encoding="utf-8")
)


def follow_visit(visit: views.Visit) -> None:
    """This tab shows a visit."""
    held = people.link()
    if held is not None:
        topics, seat = [live.appointment(visit.appointment_id)], views.seat(visit.actor)
        _follow(topics, lambda: _is_live(held.secret), seat)


def _is_live(secret: str) -> bool:
    found = views.visit(secret)
    return found is not None and not goodbye.over(found, clock.now())


def follow_staff(staff: accounts.SignedIn, appointments: Iterable[int] = ()) -> None:
    """This tab shows something of a member of staff, and these appointments."""
    token = people.staff_token()
    if token is not None and staff.actor.id is not None:
        topics = [live.staff(staff.actor.id), *map(live.appointment, appointments)]
        _follow(topics, lambda: accounts.signed_in(clock.now(), token, active=False) is not None)


def _follow(topics: Iterable[str], stays: Callable[[], bool], seat: str = "") -> None:
    holder = sessions.holder_of(people.session_id() or "")
    if holder is None:
        return
    found = st.session_state[_EAR] = ear() or ears.begin(holder)
    found.seat = seat
    found.stays, found.topics = stays, frozenset(topics)
    # The same talk is only drawn anew: who is being read meanwhile goes on being read.
    if found.appointment_id and live.appointment(found.appointment_id) not in found.topics:
        found.appointment_id = None


def write_in(appointment_id: int) -> None:
    """This tab shows a chat: it is told of messages, and who writes there may be read meanwhile."""
    found, held, token = ear(), people.link(), people.staff_token()
    if found is None:
        return
    if held is not None:
        found.writer = lambda: writing.guest(clock.now(), held.secret, held.device, appointment_id)
    elif token is not None:
        found.writer = lambda: writing.staff(clock.now(), token, appointment_id)
    found.appointment_id = appointment_id
    found.topics |= {live.chat(appointment_id)}


def ear() -> ears.Ear | None:
    """Where this tab is told something; None before it follows anything."""
    found: ears.Ear | None = st.session_state.get(_EAR)
    return found


def connect() -> None:
    """On every page: keep the live socket."""
    if (found := ear()) is not None:
        _socket(key="live_socket", data={"tab": found.id})


def redraw(part: str, chat: bool = False) -> None:
    """
    In a fragment, before it reads anything: draw it anew as soon as something has changed.

    `chat`: it shows what is said; somebody waits for it, and nothing else has to be drawn then.
    """
    found = ear()
    version = found.version if found is not None else 0
    _redraw(key=f"live_{part}", data={"version": version, "chat": chat}, on_changed_change=_nothing)


def _nothing() -> None:
    """Streamlit draws the part anew by itself."""
