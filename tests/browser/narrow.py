"""
A way to the app that lets pages through and no WebSocket, as some proxies do.

It reads the beginning of each connection and passes on the rest. Knows nothing of what it passes.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

UPGRADE = b"\r\nupgrade: websocket"


@dataclass
class Narrow:
    """`holds`: a WebSocket that is asked for is never answered, instead of refused at once."""

    to: tuple[str, int]
    holds: bool = False
    closed: bool = True  # to WebSockets
    refused: int = 0
    held: list[socket.socket] = field(default_factory=list)
    door: socket.socket = field(default_factory=socket.socket)

    def __post_init__(self) -> None:
        self.door.bind(("127.0.0.1", 0))
        self.door.listen()

    @property
    def base_url(self) -> str:
        return f"http://localhost:{self.door.getsockname()[1]}"

    def run(self) -> None:
        with suppress(OSError):  # the door has been closed
            while True:
                here, _ = self.door.accept()
                threading.Thread(target=self._pass, args=[here], daemon=True).start()

    def open(self) -> None:
        """From now on WebSockets come through."""
        self.closed = False
        for each in self.held:
            each.close()

    def _pass(self, here: socket.socket) -> None:
        began = here.recv(65536)
        if self.closed and UPGRADE in began.lower():
            self.refused += 1
            if self.holds:
                self.held.append(here)
            else:
                here.close()
            return
        there = socket.create_connection(self.to)
        there.sendall(began)
        threading.Thread(target=_pipe, args=[there, here], daemon=True).start()
        _pipe(here, there)


def _pipe(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while piece := one.recv(65536):
            other.sendall(piece)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)


@contextmanager
def narrow(base_url: str, holds: bool = False) -> Iterator[Narrow]:
    way = Narrow(("127.0.0.1", urlsplit(base_url).port or 80), holds)
    threading.Thread(target=way.run, daemon=True).start()
    try:
        yield way
    finally:
        way.door.close()
