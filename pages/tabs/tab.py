"""
Open browser tabs, as pages and doors know them: one id for each, made up by the server.

The tab's live socket and its offers name this id. It opens nothing without the cookie that the
tab's session was begun with. Kept as long as the session itself. Knows no page and no rule.
"""

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from weakref import WeakValueDictionary, ref

from core import hub
from core.all_of import all_of
from core.office import outage
from core.office.writing import Writer
from pages.tabs import credentials
from pages.tabs.listener import SAID, Listener

AWAY = "away"  # whether nothing can be read or kept just now
MOST_CALLS = 6  # of one person; a session that was reloaded away lingers for a while


class Call(Protocol):
    """What a tab has while it shows a talk, or what comes before it."""

    number: int  # greater than that of any call before it

    @property
    def seat(self) -> str:
        """Whose it is."""

    def close(self) -> None:
        """Give up its line and its connections; may wait for them."""

    def stays(self) -> bool:
        """Whether this browser may still sit in the room; asks the office."""

    def answer(self, offer: str, screen: bool) -> str:
        """Our end's answer (SDP) to the browser's offer; a `Refusal` if there is none."""

    def take_little(self, little: bool) -> None:
        """Whether this browser wants small pictures of the others."""

    def tell_places(self) -> None:
        """Say whom the browser sees at which m-line, if that has changed."""


@dataclass(eq=False)
class Tab:
    """One open tab, from its first page to its last."""

    holder: str  # digest of the credential its session was begun with
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    listener: Listener = field(default_factory=Listener)
    _call: "ref[Call] | None" = None  # the session keeps it, too
    # All of these are said again by every page.
    seat: str = ""  # of the visitor whose page it is
    topics: frozenset[str] = frozenset()
    appointment_id: int | None = None  # in whose chat it may write
    writer: Callable[[], Writer | None] = lambda: None  # whom it speaks for there; asks the office
    # What time it is there; None where nobody is asked.
    clock: Callable[[datetime], None] | None = None
    stays: Callable[[], bool] = lambda: False  # whether it may be told anything; asks the office

    @property
    def call(self) -> Call | None:
        return self._call() if self._call is not None else None

    def told(self, topics: frozenset[str]) -> None:
        """Something has changed (core.hub)."""
        if hub.OUTAGE in topics:
            self.listener.keep(AWAY, outage.lasts())
            if outage.lasts():
                return  # there is nothing to read
        if any(map(hub.is_chat, topics)):
            self.listener.say(SAID, None)
        if not all(map(hub.is_chat, topics)):
            self.listener.changed()

    def recheck(self, code: int, everybody: bool) -> None:
        """Close its socket with `code` if it may not stay; asked after news, or with everybody."""
        socket = self.listener.in_doubt(everybody)
        if socket is not None and not self.stays():
            socket.close(code)


_lock = threading.Lock()
_tabs: WeakValueDictionary[str, Tab] = WeakValueDictionary()


def begin(holder: str) -> Tab:
    """For a session that has none yet. It is forgotten together with the session."""
    tab = Tab(holder)
    tab.listener.keep(AWAY, outage.lasts())
    with _lock:
        _tabs[tab.id] = tab
    hub.HUB.listen(tab)
    return tab


def of(tab_id: object, cookies: Mapping[str, str]) -> Tab | None:
    """The tab of this id, for the browser that holds the credential it was begun with."""
    with _lock:
        tab = _tabs.get(tab_id) if isinstance(tab_id, str) else None
    return tab if tab is not None and tab.holder in credentials.digests(cookies) else None


def every() -> list[Tab]:
    with _lock:
        return list(_tabs.values())


def page_open(seat: str) -> bool:
    """Whether a page of this visitor is there, in whatever tab or device."""
    return any(tab.seat == seat and tab.listener.is_open for tab in every())


def begin_call(tab: Tab, call: Call) -> None:
    """From now on its offers find this call. Of too many of one person, the oldest is given up."""
    tab._call = ref(call)
    calls = [(each, each.call) for each in every()]
    same = [(each, its) for each, its in calls if its is not None and its.seat == call.seat]
    for each, oldest in sorted(same, key=lambda pair: pair[1].number)[:-MOST_CALLS]:
        each._call = None
        threading.Thread(target=oldest.close, name="too many tabs", daemon=True).start()


def tell_places() -> None:
    """In every tab; asked several times a second. What fails in one is raised after the last."""
    all_of(call.tell_places for tab in every() if (call := tab.call) is not None)
