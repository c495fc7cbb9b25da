"""
What one open tab is to be told: the newest of each kind and matter waits here until the tab's
live socket takes it.

Knows no WebSocket, no page and no rule.
"""

import threading
import time
from dataclasses import dataclass, field
from typing import Protocol

CHANGED, SAID = "changed", "said"  # anything of the page; or the chat alone, which the door reads
GONE_SECONDS = 15.0


class Socket(Protocol):
    """An open connection of a tab. Called from any thread; neither waits nor fails."""

    def wake(self) -> None:
        """There is something to take."""

    def close(self, code: int) -> None: ...


@dataclass(eq=False)
class Listener:
    """One tab's, from its first page to its last. Thread-safe."""

    # One more with every change; greater than any of a tab before it, in an older process, too.
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
    def attached(self) -> bool:
        """True while a socket is attached."""
        return self._socket is not None

    def changed(self) -> None:
        """Something has; perhaps even who may know of it."""
        with self._lock:
            self.version += 1
            self._doubtful = True
            self._put(CHANGED, self.version)

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

    def in_doubt(self, everybody: bool) -> Socket | None:
        """The socket, if it is to be asked about: after news, or with everybody."""
        with self._lock:
            doubtful, self._doubtful = self._doubtful, False
            return self._socket if doubtful or everybody else None
