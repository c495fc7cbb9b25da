"""
Who has to be told that something has changed, by topic, in this process.

A topic is a name such as "appointment:17". Listeners learn only that there is news: the
database is the truth, and they ask it. Knows no deed, no page and no WebSocket.
"""

import threading
from collections.abc import Iterable
from typing import Protocol
from weakref import WeakSet


class Listener(Protocol):
    """Somebody who wants to know. Told from any thread; neither waits nor fails."""

    @property
    def topics(self) -> frozenset[str] | None:
        """None: every one."""

    def told(self, topics: frozenset[str]) -> None: ...


class Hub:
    """All listeners; one that nobody holds any more is forgotten. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: WeakSet[Listener] = WeakSet()

    def listen(self, listener: Listener) -> None:
        with self._lock:
            self._listeners.add(listener)

    def changed(self, topics: Iterable[str]) -> None:
        """Tell everybody whom one of the topics concerns."""
        news = frozenset(topics)
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            heard = news if listener.topics is None else listener.topics | {OUTAGE}
            if concerns := news & heard:
                listener.told(concerns)


# Concerns everybody: the database cannot be asked any more, or can be again.
OUTAGE = "outage"
_APPOINTMENT, _CHAT = "appointment:", "chat:"


def appointment(appointment_id: int) -> str:
    return f"{_APPOINTMENT}{appointment_id}"


def chat(appointment_id: int) -> str:
    """A message; it changes nothing else about its appointment."""
    return f"{_CHAT}{appointment_id}"


def is_chat(topic: str) -> bool:
    return topic.startswith(_CHAT)


def number_of(topic: str) -> int | None:
    """Of an appointment; None for any other topic."""
    return int(topic.removeprefix(_APPOINTMENT)) if topic.startswith(_APPOINTMENT) else None


def staff(staff_id: int) -> str:
    return f"staff:{staff_id}"


HUB = Hub()
