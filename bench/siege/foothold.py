"""
What an attacker has who has got hold of one link: open pages, and the way to POST /signal.

Pages stay open as a browser would keep them, and are reopened when the server closes them.
Everything done is counted by its name. Knows no attack.
"""

import http.client
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from websockets.exceptions import WebSocketException

from bench.siege.peer import ADDRESS, NoAnswer, Peer
from tests.browser.raw import RawPage, cookie_header, raw_page

PATIENCE = 20
PAGE_EVERY = 5.0  # seconds


@dataclass(frozen=True)
class Target:
    """The link, as it lies in a browser; and where strangers sit, which a network may give away."""

    base_url: str
    cookies: dict[str, str]
    query: str
    strangers: tuple[tuple[str, int], ...] = ()


class Tab:
    """One open page that waits."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._stack = ExitStack()
        self._page: RawPage | None = None
        self.name = ""

    def refresh(self) -> None:
        """Have it drawn, in a new page if the old one is gone."""
        target = self._target
        try:
            if self._page is None:
                opened = raw_page(target.base_url, target.cookies)
                self._page = self._stack.enter_context(opened)
            self._page.run("termin", target.query)
        except (OSError, WebSocketException):
            self.close()
            return
        self.name = str(self._page.call.get("tab", ""))

    def close(self) -> None:
        self._page = None
        self._stack.close()


class Foothold:
    """One guest's tabs, until `until`."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.done: Counter[str] = Counter()
        self.longest: dict[str, float] = {}
        self.tabs: list[Tab] = []
        self.until = 0.0
        self.began = 0.0
        self._own = threading.local()
        self._over = threading.Event()

    @contextmanager
    def open(self, tabs: int) -> Iterator[None]:
        """So many pages that wait are open in here."""
        self.tabs = [Tab(self.target) for _ in range(tabs)]
        for tab in self.tabs:
            tab.refresh()
        keeping = threading.Thread(target=self._keep, daemon=True)
        keeping.start()
        try:
            yield
        finally:
            self._over.set()
            keeping.join()
            for tab in self.tabs:
                tab.close()

    def _keep(self) -> None:
        while not self._over.wait(PAGE_EVERY):
            for tab in self.tabs:
                tab.refresh()

    def begin(self, seconds: float) -> None:
        self.began = time.monotonic()
        self.until = self.began + seconds

    @property
    def goes_on(self) -> bool:
        return time.monotonic() < self.until

    def wait_until(self, moment: float) -> None:
        time.sleep(max(0.0, min(moment, self.until) - time.monotonic()))

    def side_by_side(self, works: list[Callable[[], None]]) -> None:
        """Each in a thread of its own; returns after the last."""
        threads = [threading.Thread(target=each, daemon=True) for each in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def in_every_tab(self, rate: float, work: Callable[[Tab], None]) -> None:
        """Call `work` at this rate in all tabs together, in each by itself."""

        def keep_working(tab: Tab) -> None:
            def send(due: int) -> None:
                for _ in range(due):
                    work(tab)

            self.at_rate(rate / len(self.tabs), send)

        self.side_by_side([partial(keep_working, tab) for tab in self.tabs])

    def at_rate(self, rate: float, send: Callable[[int], None]) -> None:
        """Call `send` with how many are due, at every 5 ms; the late ones are made up for."""
        sent = 0
        most = max(1, round(rate / 50))
        while (now := time.monotonic()) < self.until:
            due = min(most, 1 + int((now - self.began) * rate) - sent)
            if due > 0:
                send(due)
                sent += due
            if due < most:
                self.wait_until(now + max(0.005, 1 / rate))

    def signal(self, tab: Tab, **asked: object) -> tuple[int, dict[str, str]]:
        """POST /signal for one of the tabs; status 0 when there was no answer."""
        body = json.dumps({"tab": tab.name, **asked}).encode()
        return self.post("/signal", body, "application/json")

    def post(self, path: str, body: bytes, kind: str) -> tuple[int, dict[str, str]]:
        """One request over this thread's own connection."""
        connection = self._connection()
        headers = {
            "Host": urlsplit(self.target.base_url).netloc,
            "Origin": self.target.base_url,
            "Cookie": cookie_header(self.target.cookies),
            "Content-Type": kind,
        }
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            return 0, {}
        is_json = answer.headers.get_content_type() == "application/json"
        return answer.status, json.loads(said) if is_json else {}

    def _connection(self) -> http.client.HTTPConnection:
        if not hasattr(self._own, "connection"):
            port = urlsplit(self.target.base_url).port
            self._own.connection = http.client.HTTPConnection(
                "127.0.0.1", port, timeout=PATIENCE, source_address=(ADDRESS, 0)
            )
        made: http.client.HTTPConnection = self._own.connection
        return made

    def offer(self, tab: Tab, text: str, name: str = "") -> str | None:
        """Send an offer; the answer if there is one. How long it took is noted by `name`."""
        before = time.monotonic()
        status, said = self.signal(tab, offer=text)
        self.done["offers"] += 1
        self.done[f"offers answered {status}"] += 1
        if name:
            took = time.monotonic() - before
            self.longest[name] = max(took, self.longest.get(name, 0.0))
        return said.get("answer") if status == 200 else None

    def peer(self, tab: Tab, setup: str = "actpass") -> Peer:
        """A peer that has offered and got its answer."""
        made = Peer(self.done, setup=setup)
        answer = self.offer(tab, made.offer())
        if answer is None:
            made.close()
            raise NoAnswer("the offer was refused")
        made.take(answer)
        return made

    def connected(self, tab: Tab) -> Peer:
        """A peer whose connection has come about."""
        made = self.peer(tab)
        made.connect()
        made.shake_hands()
        return made

    def http(self) -> socket.socket:
        """A plain TCP connection to the server."""
        port = urlsplit(self.target.base_url).port or 80
        return socket.create_connection(("127.0.0.1", port), PATIENCE, (ADDRESS, 0))
