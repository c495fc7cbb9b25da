"""
The one UDP port of this process: whose datagram is it?

One socket at each of our addresses, for everybody. A datagram from a known address goes to the
connection there; a stranger is heard only for a STUN check that names a living connection and
proves it, looked at in that order, or for media of a known SSRC that the keys of its connection
open. Everything else is dropped before anything is kept of it.
So there is no port to run out of, and no connection has a socket of its own to leave behind.
Knows no media. Sources: RFC 7983 (how STUN, DTLS and SRTP are told apart), RFC 8445 (2.5).
"""

import asyncio
import errno
import socket
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

import structlog

from core.media.packets.limit import Limit
from core.media.transport import stun
from core.media.transport.answer import Candidate
from core.media.transport.ice import Agent, Pair
from core.media.transport.stun import Address

SHORTEST, LARGEST = 12, 1500  # bytes; of RTP
AT_ONCE = 64  # datagrams, before anything else has its turn
BUFFER = 4 << 20  # bytes the system may keep for us; it gives what it allows (net.core.rmem_max)
# Checks of strangers that name a living connection; somebody who joins sends a few of them.
MOST_STRANGERS, MOST_OF_A_HOST = 4_000, 1_000  # a second
HOSTS_KEPT = 4_096
LOOK_EVERY = 1.0  # seconds
NO_SUCH_ADDRESS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
log = structlog.get_logger()


class CannotListen(Exception):
    """An address or the port of the settings is not ours to have."""


class Member(Protocol):
    """A connection, as the port keeps it."""

    agent: Agent

    def take(self, datagram: bytes, now: float) -> bool:
        """Encrypted media; whether it was this connection's own."""

    def look(self, now: float) -> None: ...

    async def close(self) -> None: ...


class Endpoint:
    """The socket at one of our addresses."""

    def __init__(self, port: "Port", host: str, number: int) -> None:
        try:
            self._socket = _socket(host, number)
        except OSError as problem:
            raise CannotListen(_sentence(host, number, problem)) from problem
        self.candidate = Candidate(host, self._socket.getsockname()[1])
        self._port = port
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
        if member is None or not self._port.hears(address, now):
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
        if not agent.hears(stranger, now) or (stranger and not self._port.hears(address, now)):
            dropped["too many checks"] += 1
            return
        pair = agent.check(request, data, self, address, now)
        if pair is None:
            dropped["not authentic"] += 1
        else:
            self._pairs[address] = pair


class Port:
    """All sockets of this process, and the connections behind them. Lives on the media loop."""

    def __init__(self, hosts: Sequence[str], number: int, outside: str | None = None) -> None:
        """
        Listen at these addresses of ours; `number` 0 is any free port, of each address its own.

        `outside` is the address that a NAT passes on to the one of its family.
        """
        self.dropped: Counter[str] = Counter()
        self._outside = outside
        self._endpoints: list[Endpoint] = []
        self._members: dict[bytes, Member] = {}  # by the USERNAME of their checks
        self._senders: dict[bytes, Member] = {}  # by the SSRC of their media
        self._strangers = Limit(MOST_STRANGERS)
        self._hosts: dict[str, Limit] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        try:
            for host in hosts:
                self._endpoints.append(Endpoint(self, host, number))
        except CannotListen:
            self.close()
            raise

    @property
    def candidates(self) -> list[Candidate]:
        """
        Where browsers may send to: every address of ours, and the one outside of the NAT.

        Beside, not instead: anyone who sits behind the same NAT mostly cannot reach it from inside.
        """
        inside = [each.candidate for each in self._endpoints]
        outside = [
            Candidate(self._outside, each.port)
            for each in inside
            if self._outside is not None and (":" in each.host) == (":" in self._outside)
        ]
        return inside + outside

    def open(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to listen; called on this loop."""
        self._loop = loop
        for each in self._endpoints:
            each.open(loop)
        self._timer = loop.call_later(LOOK_EVERY, self._look)

    async def say_goodbye(self) -> None:
        """Say goodbye to everybody."""
        done = await asyncio.gather(
            *(each.close() for each in self.members), return_exceptions=True
        )
        for problem in done:
            if isinstance(problem, Exception):
                log.error("no goodbye", kind=type(problem).__name__)

    def close(self) -> None:
        """For good; called on the loop, or before it runs."""
        if self._timer is not None:
            self._timer.cancel()
        for each in self._endpoints:
            each.close()
        self._endpoints = []

    def add(self, member: Member) -> None:
        """From now on its browser is heard, wherever it is."""
        self._members[member.agent.username] = member

    def remove(self, member: Member) -> None:
        if self._members.pop(member.agent.username, None) is not None:
            member.agent.close()
            gone = [source for source, each in self._senders.items() if each is member]
            for source in gone:
                del self._senders[source]

    def sends(self, source: bytes, member: Member) -> None:
        """Media with this SSRC is this member's; of two with the same one the first has it."""
        if member.agent.username in self._members:
            self._senders.setdefault(source, member)

    def sender_of(self, source: bytes) -> Member | None:
        return self._senders.get(source)

    @property
    def members(self) -> list[Member]:
        """Every living connection."""
        return list(self._members.values())

    def agent_of(self, username: bytes) -> Agent | None:
        member = self._members.get(username)
        return None if member is None else member.agent

    def hears(self, address: Address, now: float) -> bool:
        """Whether a stranger there is looked at; a flood from one host stops nobody elsewhere."""
        host = address[0]
        if ":" in host:  # an IPv6 line has a whole /64 to itself
            host = socket.inet_pton(socket.AF_INET6, host.partition("%")[0])[:8].hex()
        limit = self._hosts.get(host)
        if limit is None:
            if len(self._hosts) >= HOSTS_KEPT:
                self._hosts.clear()
            limit = self._hosts[host] = Limit(MOST_OF_A_HOST)
        return limit.allows(now) and self._strangers.allows(now)

    def _look(self) -> None:
        """Who has gone without a word, or never came."""
        if self._loop is not None:
            self._timer = self._loop.call_later(LOOK_EVERY, self._look)
        now = time.monotonic()
        for each in self.members:
            try:
                each.look(now)
            except Exception:  # whatever it is, the others are looked after
                log.exception("a connection cannot be looked after")


def _socket(host: str, number: int) -> socket.socket:
    is_6 = ":" in host
    made = socket.socket(socket.AF_INET6 if is_6 else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        if is_6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        for each in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            made.setsockopt(socket.SOL_SOCKET, each, BUFFER)
        made.setblocking(False)
        made.bind((host, number))
    except OSError:
        made.close()
        raise
    return made


def _sentence(host: str, number: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"UDP port {number} of {host} is taken: another BERATUNGSRAUM_MEDIA_PORT is needed"
    if problem.errno in NO_SUCH_ADDRESS:
        return f"{host} is no address of this machine: BERATUNGSRAUM_MEDIA_ADDRESSES is wrong"
    return f"cannot listen at UDP port {number} of {host}: {problem.strerror}"
