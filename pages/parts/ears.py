"""
The browser tabs that listen for news, by an id that the server has made up for each.

The tab's live socket names this id. It opens nothing without the cookie that the tab's session
was begun with. What a tab is to be told waits here, the newest of each kind and matter, until its
socket takes it. Knows no WebSocket, no page and no rule.
"""

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from weakref import WeakValueDictionary

from core import live
from core.office.writing import Writer
from pages.parts import credentials

CHANGED, SAID = "changed", "said"  # anything of the page, or the chat alone
GONE_SECONDS = 15.0


class Socket(Protocol):
    """An open connection of a tab. Called from any thread; neither waits nor fails."""

    def wake(self) -> None:
        """There is something to take."""

    def close(self, code: int) -> None: ...


@dataclass(eq=False)
class Ear:
    """One listening tab, from its first page to its last. Thread-safe."""

    holder: str  # digest of the credential its session was begun with
    seat: str = ""  # of the visitor whose page it is
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    # All of these are said anew by every page.
    topics: frozenset[str] = frozenset()
    appointment_id: int | None = None  # in whose chat it may write
    writer: Callable[[], Writer | None] = lambda: None  # whom it speaks for there; asks the office
    stays: Callable[[], bool] = lambda: False  # whether it may be told anything; asks the office
    # One more with every change; greater than any of an ear before it, in an older process, too.
    version: int = field(default_factory=lambda: time.time_ns() // 1_000_000)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: Socket | None = None
        self._kept: dict[str, object] = {}
        self._waiting: dict[tuple[str, str], object] = {}
        self._doubtful = True
        self._gone_at: float | None = None  # a new page is about to listen

    @property
    def is_open(self) -> bool:
        """Whether its page is there; a phone that changes its network is gone for seconds only."""
        gone_at = self._gone_at
        return gone_at is None or time.monotonic() - gone_at < GONE_SECONDS

    @property
    def listens(self) -> bool:
        """Whether something said now is heard."""
        return self._socket is not None

    def told(self, topics: frozenset[str]) -> None:
        """Something has changed; unless it is a message, perhaps even whether this tab may know."""
        kind = SAID if all(map(live.is_chat, topics)) else CHANGED
        with self._lock:
            self.version += 1
            self._doubtful = self._doubtful or kind == CHANGED
            self._put(kind, self.version)

    def keep(self, kind: str, what: object) -> None:
        """Say something that holds until something newer of this kind is said."""
        with self._lock:
            self._kept[kind] = what
            self._put(kind, what)

    def say(self, kind: str, what: object, about: str = "") -> None:
        """Say something to who listens now; `about` tells apart what replaces nothing else."""
        with self._lock:
            self._put(kind, what, about)

    def _put(self, kind: str, what: object, about: str = "") -> None:
        if self._socket is not None:
            self._waiting[kind, about] = what
            self._socket.wake()

    def take(self, socket: Socket) -> list[dict[str, object]]:
        """What is to be said now, through the socket that has been attached last."""
        with self._lock:
            if self._socket is not socket:
                return []
            waiting, self._waiting = self._waiting, {}
        return [{kind: what} for (kind, _about), what in waiting.items()]

    def attach(self, socket: Socket) -> Socket | None:
        """Say everything through this socket from now on; returns the one before."""
        with self._lock:
            before, self._socket, self._gone_at = self._socket, socket, None
            self._waiting = {(kind, ""): what for kind, what in self._kept.items()}
            self._put(CHANGED, self.version)
        return before

    def detach(self, socket: Socket) -> None:
        with self._lock:
            if self._socket is socket:
                self._socket, self._gone_at = None, time.monotonic()
                self._waiting = {}

    def check(self, code: int, everybody: bool) -> None:
        """Close the socket with `code` if it may not stay; asked after news, or with everybody."""
        with self._lock:
            socket, asked = self._socket, self._doubtful or everybody
            self._doubtful = False
        if socket is not None and asked and not self.stays():
            socket.close(code)


_lock = threading.Lock()
_ears: WeakValueDictionary[str, Ear] = WeakValueDictionary()


def begin(holder: str) -> Ear:
    """For a session that has none yet. It is forgotten together with the session."""
    ear = Ear(holder)
    with _lock:
        _ears[ear.id] = ear
    live.HUB.listen(ear)
    return ear


def found(ear_id: object, cookies: Mapping[str, str]) -> Ear | None:
    """The tab of this id, for the browser that holds the credential it was begun with."""
    with _lock:
        ear = _ears.get(ear_id) if isinstance(ear_id, str) else None
    return ear if ear is not None and ear.holder in credentials.digests(cookies) else None


def every() -> list[Ear]:
    with _lock:
        return list(_ears.values())


def page_open(seat: str) -> bool:
    """Whether a page of this visitor is there, in whatever tab or device."""
    return any(ear.seat == seat and ear.is_open for ear in every())
