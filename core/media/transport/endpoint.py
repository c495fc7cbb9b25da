"""
The socket at one of our addresses: whose datagram is it?

A datagram from a known address goes to the connection there; a stranger is heard only for a STUN
check that names a living connection and proves it, looked at in that order, or for media of a
known SSRC that the keys of its connection open. Everything else is dropped before anything is
kept of it. Knows no media. Source: RFC 7983 (how STUN, DTLS and SRTP are told apart).
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Protocol

from core.media.transport import stun, udp
from core.media.transport.answer import Candidate
from core.media.transport.ice import Agent
from core.media.transport.pair import Pair
from core.media.transport.strangers import Strangers
from core.media.transport.stun import Address

SHORTEST, LARGEST = 12, 1500  # bytes; of RTP
AT_ONCE = 64  # datagrams, before anything else has its turn


class Sender(Protocol):
    """Whose media it may be."""

    agent: Agent

    def take(self, datagram: bytes, now: float) -> bool:
        """Encrypted media; whether it was this connection's own."""


class Register(Protocol):
    """Who is there: what a socket asks the port."""

    dropped: Counter[str]
    strangers: Strangers

    def sender_of(self, source: bytes) -> Sender | None: ...

    def agent_of(self, username: bytes) -> Agent | None: ...


class Endpoint:
    """The socket at one of our addresses."""

    def __init__(self, port: Register, host: str, number: int) -> None:
        self._socket = udp.opened(host, number)
        self.candidate = Candidate(host, self._socket.getsockname()[1])
        self._port, self._strangers = port, port.strangers
        self._pairs: dict[Address, Pair] = {}
        self._stop_reading: Callable[[], object] = lambda: None
        self._receive, self._send = self._socket.recvfrom, self._socket.sendto

    def open(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.add_reader(self._socket, self._drain)
        self._stop_reading = partial(loop.remove_reader, self._socket)

    def close(self) -> None:
        self._stop_reading()
        self._socket.close()

    def send(self, data: bytes, address: Address) -> bool:
        """False if the system does not take it now: what is late is of no use to a talk."""
        try:
            self._send(data, address)
        except OSError:
            return False
        return True

    def forget(self, pair: Pair) -> None:
        """Unless somebody else has proved to be at this address since."""
        if self._pairs.get(pair.address) is pair:
            del self._pairs[pair.address]

    def _drain(self) -> None:
        """Everything that has come, up to a limit: one look at the clock for all of it."""
        receive, pairs, now = self._receive, self._pairs, time.monotonic()
        try:
            for _ in range(AT_ONCE):
                data, address = receive(LARGEST + 1)
                pair = pairs.get(address)
                if pair is None and len(data) > SHORTEST and 127 < data[0] < 192:
                    self._follow(data, address, now)
                elif pair is None or (data and data[0] < 4):
                    self._check(data, address, now)
                elif 0 < len(data) <= LARGEST:
                    pair.take(pair, data, now)
        except BlockingIOError:
            return
        except OSError:  # what an earlier datagram of ours met on its way
            self._port.dropped["told by the network"] += 1

    def _follow(self, data: bytes, address: Address, now: float) -> None:
        """Media from nowhere: a browser behind a NAT that has given it another address."""
        member = self._port.sender_of(data[8:12])
        if member is None or not self._strangers.allows(address, now):
            self._port.dropped["of nobody"] += 1
        elif member.take(data, now):  # nobody else has the keys
            self._pairs[address] = member.agent.moved(self, address, now)

    def _check(self, data: bytes, address: Address, now: float) -> None:
        """A check, from wherever: it belongs to whom it names, if it is authentic."""
        dropped = self._port.dropped
        request = stun.read(data)
        if request is None:
            dropped["no check"] += 1
            return
        agent = self._port.agent_of(request.username)
        if agent is None:
            dropped["names nobody"] += 1
            return
        known = self._pairs.get(address)
        stranger = known is None or known.agent is not agent
        if stranger and known is not None and known.is_held(now):
            dropped["in somebody else's name"] += 1  # with an address that is forged
            return
        # A connection's own limit first: nobody uses up what is for all by naming themselves.
        if not agent.hears(stranger, now) or (
            stranger and not self._strangers.allows(address, now)
        ):
            dropped["too many checks"] += 1
            return
        pair = agent.check(request, data, self, address, now)
        if pair is None:
            dropped["not authentic"] += 1
        else:
            self._pairs[address] = pair
