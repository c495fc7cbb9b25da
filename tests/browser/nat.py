"""
A router between browsers and the server: each browser has an address of its own outside.

`move` gives everybody another one, as when a phone changes from Wi-Fi to the mobile network or a
router forgets: what comes to the old one is lost. Passes UDP on, and knows nothing of it.
"""

import selectors
import socket
import threading
from typing import Self

LOOK_SECONDS = 0.02
LARGEST = 2048  # bytes
Address = tuple[str, int]


class Nat:
    """Listens at `inside`; what comes there goes on to `target`, and the other way round."""

    def __init__(self, inside: Address, target: Address) -> None:
        self._target = target
        self._family = socket.AF_INET6 if ":" in target[0] else socket.AF_INET
        self._inside = socket.socket(self._family, socket.SOCK_DGRAM)
        self._inside.bind(inside)
        self._inside.setblocking(False)
        self._outside: dict[Address, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._inside, selectors.EVENT_READ)
        self._asked, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        for each in (self._inside, *self._outside.values()):
            each.close()
        self._selector.close()

    @property
    def port(self) -> int:
        return int(self._inside.getsockname()[1])

    @property
    def used(self) -> int:
        """How many browsers go through it."""
        return len(self._outside)

    def move(self) -> None:
        self._asked.set()

    def _run(self) -> None:
        while not self._over.is_set():
            for key, _ in self._selector.select(LOOK_SECONDS):
                try:
                    self._pass_on(key.fileobj, key.data)  # type: ignore[arg-type]  # sockets
                except OSError:  # nobody there any more
                    continue
            if self._asked.is_set():
                self._asked.clear()
                for browser in list(self._outside):
                    self._give_another(browser)

    def _pass_on(self, came: socket.socket, browser: Address | None) -> None:
        if browser is None:
            data, sender = came.recvfrom(LARGEST)
            if sender not in self._outside:
                self._give_another(sender)
            self._outside[sender].send(data)
        else:
            self._inside.sendto(came.recv(LARGEST), browser)

    def _give_another(self, browser: Address) -> None:
        fresh = socket.socket(self._family, socket.SOCK_DGRAM)
        fresh.connect(self._target)
        fresh.setblocking(False)
        if before := self._outside.get(browser):
            self._selector.unregister(before)
            before.close()
        self._outside[browser] = fresh
        self._selector.register(fresh, selectors.EVENT_READ, browser)
