"""
What an honest visitor and the load balancer notice: how long they wait for an answer.

Asked by a fixed timetable. A wait counts from when the question was due, so one answer
that takes ten seconds is not one slow answer but all the ones that were due meanwhile.
"""

import http.client
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from websockets.exceptions import WebSocketException

from tests.browser.raw import RawPage, raw_page

PAGE_EVERY = 0.5  # seconds; a visitor's page asks about twice a second by itself
HEALTH_EVERY = 0.2
PATIENCE = 10


@dataclass
class Waits:
    """Seconds from when each question was due to its answer."""

    ask: Callable[[], None]
    every: float
    waited: list[tuple[float, float]] = field(default_factory=list)

    def keep_asking(self, until: float) -> None:
        due = time.monotonic()
        while due < until:
            time.sleep(max(0, due - time.monotonic()))
            if time.monotonic() < until:
                self.ask()
            self.waited.append((due, time.monotonic() - due))
            due += self.every

    def between(self, begin: float, end: float) -> list[float]:
        return [seconds for due, seconds in self.waited if begin <= due < end]


class VisitorsPage:
    """A visitor's page in the Warteraum; reopened when the server has closed it."""

    def __init__(self, base_url: str, cookies: dict[str, str], query: str) -> None:
        self._given = base_url, cookies
        self._query = query
        self._page: RawPage | None = None
        self._stack = ExitStack()

    def run(self) -> None:
        """Have the page drawn once from beginning to end, however long it takes."""
        try:
            if self._page is None:
                self._page = self._stack.enter_context(raw_page(*self._given))
            self._page.run("termin", self._query)
        except (OSError, WebSocketException):
            self._page = None


class Health:
    """The health route, each time over a connection of its own."""

    def __init__(self, base_url: str) -> None:
        self._address = urlsplit(base_url)

    def ask(self) -> None:
        connection = http.client.HTTPConnection(
            self._address.hostname or "", self._address.port, timeout=PATIENCE
        )
        try:
            connection.request("GET", "/_stcore/health")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            return
        finally:
            connection.close()


def start(waits: Waits, until: float) -> threading.Thread:
    thread = threading.Thread(target=waits.keep_asking, args=(until,), daemon=True)
    thread.start()
    return thread
