"""
The one task beside the pages that looks after everything live, for all of them together.

It looks twice a second who is there in the live rooms, whether another process has
done a deed, and during an outage whether the database is back; it has the office asked again whom
news concern, and now and then everybody, because sessions and links also end by time alone.
Knows no WebSocket: who listens is passed in.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import structlog

from core import hub
from core.media.rooms.live_rooms import ROOMS
from core.media.rooms.room import Presence
from core.office import news, outage

LOOK_SECONDS = 0.5
# What only time ends (a session nobody uses, an appointment) may last so much longer.
EVERYBODY_SECONDS = 30.0
log = structlog.get_logger()


class Watch:
    """Listens to every deed of this process that may move a door, and looks for the rest."""

    topics: frozenset[str] | None = None

    def __init__(self, check_listeners: Callable[[bool], None]) -> None:
        self._check_listeners = check_listeners
        self._lock = threading.Lock()
        self._news: set[str] = set()
        self._trail = news.Trail()
        self._presences: dict[int, Presence] = {}
        self._everybody_at = 0.0
        self._loop = asyncio.get_running_loop()
        self._bell = asyncio.Event()
        hub.HUB.listen(self)

    def told(self, topics: frozenset[str]) -> None:
        # What somebody says opens and closes no door.
        doors = {topic for topic in topics if not hub.is_chat(topic)}
        if not doors:
            return
        with self._lock:
            self._news |= doors
        with suppress(RuntimeError):  # the server is going down
            self._loop.call_soon_threadsafe(self._bell.set)

    async def run(self) -> None:
        """For ever. What fails is logged, and the next round tries again."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._bell.wait(), LOOK_SECONDS)
            self._bell.clear()
            # First who may hear and see whom: people are waiting for a door that has just opened.
            for step in (self.ask, self.notice, self._trail.look, outage.look):
                await attempt(step)

    def notice(self) -> None:
        """Somebody's line has come or gone, or a camera or a microphone."""
        before, self._presences = self._presences, ROOMS.presences()
        changed = {
            number
            for number in before.keys() | self._presences.keys()
            if before.get(number, frozenset()) != self._presences.get(number, frozenset())
        }
        hub.HUB.changed(map(hub.appointment, changed))

    def ask(self) -> None:
        """Who may still sit, and who may still listen."""
        with self._lock:
            concerned, self._news = self._news, set()
        asked, self._everybody_at = self._everybody_at, 0.0  # and stays so if asking fails
        everybody = time.monotonic() - asked > EVERYBODY_SECONDS
        self._check_rooms(concerned, everybody)
        self._check_listeners(everybody)
        self._everybody_at = time.monotonic() if everybody else asked

    def _check_rooms(self, concerned: set[str], everybody: bool) -> None:
        """An account may have lines in any room."""
        numbers = {hub.number_of(topic) for topic in concerned}
        if everybody or None in numbers:
            ROOMS.recheck_all()
            return
        for number in filter(None, numbers):
            ROOMS.recheck(number)


async def attempt(step: Callable[..., object], *arguments: object) -> None:
    """Do it beside the pages. What fails is logged."""
    done = asyncio.create_task(asyncio.to_thread(step, *arguments))
    await asyncio.wait({done})
    if problem := done.exception():
        log.error("clock failed", deed=step.__name__, kind=type(problem).__name__)
