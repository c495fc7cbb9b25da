"""
The one UDP port of this process, and the connections behind it.

One socket at each of our addresses, for everybody: so there is no port to run out of, and no
connection has a socket of its own to leave behind. Knows no datagram and no media.
Source: RFC 8445 (2.5).
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import structlog

from core.media.transport.answer import Candidate
from core.media.transport.endpoint import Endpoint, Sender
from core.media.transport.ice import Agent
from core.media.transport.strangers import Strangers
from core.media.transport.udp import CannotListen

LOOK_EVERY = 1.0  # seconds
log = structlog.get_logger()


class Member(Sender, Protocol):
    """A connection, as the port keeps it."""

    def look(self, now: float) -> None: ...

    async def close(self) -> None: ...


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
        self._senders: dict[bytes, Sender] = {}  # by the SSRC of their media
        self.strangers = Strangers()
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

    def sends(self, source: bytes, member: Sender) -> None:
        """Media with this SSRC is this member's; of two with the same one the first has it."""
        if member.agent.username in self._members:
            self._senders.setdefault(source, member)

    def sender_of(self, source: bytes) -> Sender | None:
        return self._senders.get(source)

    @property
    def members(self) -> list[Member]:
        """Every living connection."""
        return list(self._members.values())

    def agent_of(self, username: bytes) -> Agent | None:
        member = self._members.get(username)
        return None if member is None else member.agent

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
