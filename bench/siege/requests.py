"""Attacks that need no media: forms of many fields, readers that do not read."""

import re
import select
import socket
import time
from dataclasses import dataclass

from bench.flood.attacker import rerun
from bench.siege.attack import Attack
from bench.siege.foothold import Foothold
from bench.siege.peer import ADDRESS
from tests.browser.raw import cookie_header

CONNECTIONS, FIELDS = 8, 32_000
FORMS_AT_LEAST = 10  # a second, on all connections; each waits for its answer
SLOW_PAGES, SLOW_FILES = 3, 3
SMALL = 4096  # bytes the system takes for somebody who does not read
ASKS_EVERY = 2.0  # seconds; a seat may say this much
SCRIPT = re.compile(rb"static/js/[\w./-]+\.js")
WAITING = 1 << 16


class Forms(Attack):
    """The sign-in form with as many fields as fit, on eight connections without a pause."""

    name = "forms"
    tabs = 0

    def claims(self, seconds: float) -> dict[str, float]:
        return {"forms": FORMS_AT_LEAST * seconds}

    def run(self, guest: Foothold) -> None:
        form = b"&".join(b"a" for _ in range(FIELDS))

        def keep_sending() -> None:
            while guest.goes_on:
                status, _ = guest.post("/anmelden", form, "application/x-www-form-urlencoded")
                guest.done["forms"] += 1
                guest.done[f"forms answered {status}"] += 1

        guest.side_by_side([keep_sending] * CONNECTIONS)


@dataclass
class Slow:
    """A connection on which much is asked and nothing read."""

    connection: socket.socket
    asks: bytes
    unsent: bytes

    def ask(self) -> bool:
        """Whether it is still there."""
        if len(self.unsent) < WAITING:
            self.unsent += self.asks
        try:
            self.unsent = self.unsent[self.connection.send(self.unsent) :]
        except BlockingIOError:
            return True
        except OSError:
            self.connection.close()
            return False
        return True


class SlowReaders(Attack):
    """Three pages that are drawn and three connections that ask for files, and nobody reads."""

    name = "slow-readers"
    tabs = 1

    def claims(self, seconds: float) -> dict[str, float]:
        connections = SLOW_PAGES + SLOW_FILES
        return {"slow sockets": connections, "questions": connections * seconds / ASKS_EVERY / 2}

    def run(self, guest: Foothold) -> None:
        file = self._largest_file(guest)
        makes = [self._page] * SLOW_PAGES + [lambda each: self._file(each, file)] * SLOW_FILES
        slow: list[Slow | None] = [None] * len(makes)
        due = guest.began
        while guest.goes_on:
            for number, make in enumerate(makes):
                kept = slow[number] = slow[number] or make(guest)
                if kept is not None:
                    guest.done["questions"] += 1
                    if not kept.ask():
                        guest.done["slow sockets the server has closed"] += 1
                        slow[number] = None
            due += ASKS_EVERY
            guest.wait_until(due)
        for kept in filter(None, slow):
            kept.connection.close()

    def _opened(self, guest: Foothold, hello: bytes) -> socket.socket | None:
        made = socket.socket()
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        made.bind((ADDRESS, 0))
        made.settimeout(5)
        try:
            made.connect(("127.0.0.1", int(guest.target.base_url.rsplit(":", 1)[1])))
            made.sendall(hello)
        except OSError:
            made.close()
            return None
        guest.done["slow sockets"] += 1
        made.setblocking(False)
        return made

    def _page(self, guest: Foothold) -> Slow | None:
        hello = _request(
            guest,
            "/_stcore/stream",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            "Sec-WebSocket-Protocol: streamlit",
        )
        opened = self._opened(guest, hello)
        if opened is None:
            return None
        # What is said before the answer would not be heard.
        readable = select.select([opened], [], [], 5)[0]
        if not readable or not opened.recv(SMALL).startswith(b"HTTP/1.1 101"):
            guest.done["slow sockets refused"] += 1
            opened.close()
            return None
        return Slow(opened, rerun(guest.target.query), b"")

    def _file(self, guest: Foothold, path: str) -> Slow | None:
        asks = _request(guest, path)
        opened = self._opened(guest, asks)
        return None if opened is None else Slow(opened, asks * 20, b"")

    def _largest_file(self, guest: Foothold) -> str:
        """Of what the page loads; its first script is by far the largest."""
        with guest.http() as connection:
            connection.sendall(_request(guest, "/", "Connection: close"))
            page, until = b"", time.monotonic() + 5
            while time.monotonic() < until and (data := connection.recv(WAITING)):
                page += data
        found = SCRIPT.search(page)
        return f"/{found[0].decode()}" if found else "/_stcore/health"


def _request(guest: Foothold, path: str, *more: str) -> bytes:
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {guest.target.base_url.removeprefix('http://')}",
        f"Origin: {guest.target.base_url}",
        f"Cookie: {cookie_header(guest.target.cookies)}",
        *more,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
