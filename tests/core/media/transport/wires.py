"""Real sockets around one port, for the tests: strangers, browsers' ends, connections of nobody."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from types import SimpleNamespace

from core.media.transport.ice import Agent
from core.media.transport.pair import Pair
from core.media.transport.port import Port
from tests.core.media.transport import checks

LOOPBACK, ELSEWHERE = "127.0.0.1", "127.0.0.9"
PATIENCE = 20


class Member:
    """A connection, as the port keeps it; keeps what comes for it."""

    def __init__(self, port: Port) -> None:
        self.agent = Agent("iw8Y", self.take, self.select)
        self.taken: list[tuple[Pair, bytes]] = []
        self.looked: list[float] = []
        self.selections = 0
        self._port = port
        port.add(self)

    def take(self, pair: Pair, data: bytes, now: float) -> None:
        self.taken.append((pair, data))

    def select(self) -> None:
        self.selections += 1

    def look(self, now: float) -> None:
        self.looked.append(now)

    async def close(self) -> None:
        self._port.remove(self)

    def check(self, password: str | None = None, **wish: object) -> bytes:
        """What this member's browser would send."""
        return checks.check(self.agent.username.decode(), password or self.agent.pwd, **wish)


class Wire:
    """A socket of a browser, or of a stranger."""

    def __init__(self, port: Port, host: str = LOOPBACK) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind((host, 0))
        told = next(each for each in port.candidates if (":" in each.host) == (":" in host))
        self._to = (told.host, told.port)

    @property
    def address(self) -> tuple[str, int]:
        return self._socket.getsockname()

    def send(self, *datagrams: bytes) -> None:
        for each in datagrams:
            self._socket.sendto(each, self._to)

    async def get(self) -> bytes:
        """The next datagram that comes."""
        async with asyncio.timeout(PATIENCE):
            return await asyncio.get_running_loop().sock_recv(self._socket, 2000)

    def got(self) -> list[bytes]:
        """Everything that has come and was not read yet."""
        found = []
        with contextlib.suppress(BlockingIOError):
            while True:
                found.append(self._socket.recv(2000))
        return found

    def close(self) -> None:
        self._socket.close()


class Scene:
    """One open port, and those at it."""

    def __init__(self, port: Port) -> None:
        self.port, self._wires = port, []

    def member(self) -> Member:
        return Member(self.port)

    def wire(self, host: str = LOOPBACK) -> Wire:
        self._wires.append(Wire(self.port, host))
        return self._wires[-1]

    async def settled(self) -> None:
        """Until everything that was sent before this has been looked at: one queue, first come."""
        last, wire = Member(self.port), self.wire(ELSEWHERE)
        wire.send(last.check())
        await wire.get()
        self.port.remove(last)


@contextlib.asynccontextmanager
async def opened(*hosts: str, outside: str | None = None) -> AsyncIterator[Scene]:
    """A port at these addresses; closed afterwards, with every socket around it."""
    port = Port(hosts or [LOOPBACK], 0, outside)
    port.open(asyncio.get_running_loop())
    scene = Scene(port)
    try:
        yield scene
    finally:
        for each in scene._wires:
            each.close()
        port.close()


def clock(monkeypatch, module, now: float = 1000.0) -> SimpleNamespace:
    """The time a module goes by; it stands still until `.now` is set."""
    hands = SimpleNamespace(now=now)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: hands.now))
    return hands
