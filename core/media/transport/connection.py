"""
A browser's connection, from its offer to its end: what it is answered, its keys, when it is over.

Lives on the media loop, and is made in any thread. What comes and goes meanwhile is Incoming's
and Outgoing's affair. Knows no session and no page.
"""

import asyncio
import logging
import time
from collections.abc import Callable

from core.media.packets.outlet import Outlet
from core.media.packets.parts import Part
from core.media.rooms.line import Line
from core.media.transport import answer, negotiated, pulse
from core.media.transport.dtls import Dtls
from core.media.transport.ice import Agent
from core.media.transport.incoming import Incoming
from core.media.transport.offer import Offer
from core.media.transport.pair import Pair
from core.media.transport.port import Port

UP_SECONDS = 30.0  # until there are keys; the browser offers again after six
log = logging.getLogger(__name__)


class Closed(Exception):
    """It is over for good; the next offer gets a new connection."""


class Connection(Incoming):
    """One browser's connection; `shut` ends it on every path, once."""

    def __init__(self, line: Line, offered: Offer, port: Port) -> None:
        self._born = time.monotonic()
        agent = Agent(offered.ufrag, self._take, self._begin)
        super().__init__(line, agent, port, self._born)
        self.on_closed: Callable[[], None] = lambda: None  # tells its maker, on the loop
        self._offer = offered
        self._dtls = Dtls(answer.SETUPS[offered.setup] == "active", self.send_plain)
        self._ssrcs = negotiated.ssrcs(len(offered.media))
        self.state = "new"  # as an RTCPeerConnection would call it
        self._ending: asyncio.Task[None] | None = None
        self._is_doubtful = False  # a second ago it seemed to have outlived its line
        fingerprint = self._dtls.fingerprint
        ours = answer.Ours(agent.ufrag, agent.pwd, fingerprint, port.candidates, self._ssrcs)
        self.answer = answer.write(offered, ours)  # what this browser is told of us, as SDP

    @property
    def is_up(self) -> bool:
        """Whether there are keys, and it is not over."""
        return self.state == "connected"

    def open(self) -> None:
        """From now on the browser is heard; on the media loop."""
        if self.state == "closed":
            raise Closed
        self.port.add(self)

    def shut(self) -> None:
        """
        Nothing comes from or goes to this browser any more.

        On the media loop; a second time changes nothing.
        """
        if self.state == "closed":
            return
        self.state = "closed"
        self.line.unplug(self)
        if self._dtls.has_begun:
            self._ending = asyncio.get_running_loop().create_task(self._say_goodbye())
        else:
            self.port.remove(self)
        self.on_closed()

    async def _say_goodbye(self) -> None:
        try:
            await self._dtls.end()
        finally:
            self.port.remove(self)

    def look(self, now: float) -> None:
        """Once a second: somebody may have gone without a word, or never have come."""
        never_came = not self.is_up and now - self._born > UP_SECONDS
        # What lives is compared with who sits: whatever should have ended it has not.
        outlived = self.line.closed or (self.is_up and self.line.connection is not self)
        if outlived and self._is_doubtful:
            log.warning("a connection has outlived its line")
        if never_came or not self.agent.consents(now) or (outlived and self._is_doubtful):
            self.shut()
        self._is_doubtful = outlived

    async def close(self) -> None:
        self.shut()
        if self._ending is not None:
            await self._ending

    def _begin(self) -> None:
        """The browser has said which way it wants to go."""
        if not self._dtls.has_begun:
            self._dtls.begin(self._offer.fingerprint, self._keys)

    def _keys(self, there_are: bool) -> None:
        if not there_are:
            self.shut()
        elif self.state == "new":
            self._connect()

    def _connect(self) -> None:
        self.state = "connected"
        if self.agent.pair is not None:
            self.agent.follow(self.agent.pair)
        received, sent = self._dtls.sessions
        self.decrypt_with(received)
        self.encrypt_with(sent)
        self.line.plug(self, asyncio.get_running_loop())
        for media, ssrcs in zip(self._offer.media, self._ssrcs, strict=True):
            if media.sends:
                ways = negotiated.ways(media)
                self.ways |= ways
                self.line.inlets |= {way.part: way.inlet for way in ways.values()}
            if media.receives:
                leg = negotiated.leg(media, *ssrcs)
                self.line.put_outlet(media.part, Outlet(leg, media.part is Part.PICTURE))
        pulse.join(self)

    def _take(self, pair: Pair, datagram: bytes, now: float) -> None:
        """Something from this browser that is no check; never raises."""
        first = datagram[0]
        if 127 < first < 192:
            if self.take(datagram, now):
                pair.heard = now
                if pair is not self.agent.pair or not pair.is_proven:
                    self.agent.follow(pair)  # it goes another way now, and says so by that
        elif 19 < first < 64:
            pair.come += len(datagram)
            if not self._dtls.feed(datagram, now):
                self.dropped["too much DTLS"] += 1
