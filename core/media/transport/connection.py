"""
A browser's connection: what it offers, where it is, its keys, and its media as it comes.

Packets are decrypted, handed to the line behind, and what the line has for this browser is
encrypted and sent; nothing is decoded. Lives on the media loop, and is made in any thread. Has
what streamlit-webrtc asks of an RTCPeerConnection. Knows no session and no page.
"""

import asyncio
import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

import pylibsrtp
from aiortc import RTCSessionDescription
from aiortc import rtp as rtcp

from core.media.packets import rtp
from core.media.packets.limit import Budget
from core.media.packets.outlet import Outlet
from core.media.packets.parts import Part
from core.media.rooms.line import Line
from core.media.transport import answer, negotiated, pulse, srtp
from core.media.transport.dtls import Dtls
from core.media.transport.ice import Agent, Pair
from core.media.transport.negotiated import Way
from core.media.transport.offer import Offer
from core.media.transport.port import SHORTEST, Port

MOST_PACKETS = 1500  # a second and connection; a browser sends about 150
# One that asks for thousands of packets again takes as long as fifty packets of a picture.
RTCP_BYTES, LONGEST_RTCP = 20_000, 800  # a second, of one; a browser sends ten of 200
MOST_SOURCES = 16  # SSRCs in a connection's life: libsrtp keeps each and looks through all
MOST_UNKNOWN = 100  # packets of SSRCs not heard of before, of one beat to the next
# Bits a second: so many times what a browser is asked for, and the sound.
BITS, SOUND_BITS = 2, 200_000
UP_SECONDS = 30.0  # until there are keys; the browser offers again after six
log = logging.getLogger(__name__)
_Listener = TypeVar("_Listener", bound=Callable[..., object])


class Closed(Exception):
    """It is over for good; the next offer gets a new connection."""


class Connection:
    """One browser's connection; `shut` ends it on every path, once."""

    def __init__(self, line: Line, offered: Offer, port: Port) -> None:
        self.line = line
        self.dropped: Counter[str] = Counter()
        self.on_closed: Callable[[], None] = lambda: None  # tells its maker, on the loop
        self._offer, self._port = offered, port
        self._dtls = Dtls(answer.SETUPS[offered.setup] == "active", self._send_plain)
        self.agent = Agent(offered.ufrag, self._take, self._begin)
        self._ssrcs = _ssrcs(len(offered.media))
        self._state = "new"
        self._ways: dict[int, Way] = {}
        self._born = time.monotonic()
        self._sources: set[bytes] = set()  # SSRCs that have proved to be this browser's
        self._most_bytes = (BITS * line.asked[1] + SOUND_BITS) // 8
        self._packets_left, self._bytes_left = MOST_PACKETS, self._most_bytes
        self._unknown_left = MOST_UNKNOWN
        self._refilled = self._born
        self._rtcp_budget = Budget(RTCP_BYTES, RTCP_BYTES)
        self.localDescription: RTCSessionDescription | None = None
        self._ending: asyncio.Task[None] | None = None
        self._is_doubtful = False  # a second ago it seemed to have outlived its line
        agent, fingerprint = self.agent, self._dtls.fingerprint
        ours = answer.Ours(agent.ufrag, agent.pwd, fingerprint, port.candidates, self._ssrcs)
        self.answer = answer.write(offered, ours)  # what this browser is told of us, as SDP

    @property
    def is_up(self) -> bool:
        """Whether there are keys, and it is not over."""
        return self._state == "connected"

    def open(self) -> None:
        """From now on the browser is heard; on the media loop."""
        if self._state == "closed":
            raise Closed
        self._port.add(self)

    def shut(self) -> None:
        """
        Nothing comes from or goes to this browser any more.

        On the media loop; a second time changes nothing.
        """
        if self._state == "closed":
            return
        self._state = "closed"
        self.line.unplug(self)
        if self._dtls.has_begun:
            self._ending = asyncio.get_running_loop().create_task(self._say_goodbye())
        else:
            self._port.remove(self)
        self.on_closed()

    async def _say_goodbye(self) -> None:
        try:
            await self._dtls.end()
        finally:
            self._port.remove(self)

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

    # --- What streamlit-webrtc's worker asks of an RTCPeerConnection ----------------------------

    @property
    def connectionState(self) -> str:  # noqa: N802 (WebRTC's name)
        return self._state

    @property
    def iceConnectionState(self) -> str:  # noqa: N802
        return self._state

    def listens_to(self, _event: str) -> Callable[[_Listener], _Listener]:
        """Tracks and states are the line's affair: nobody is told."""
        return lambda listener: listener

    def getTransceivers(self) -> list[object]:  # noqa: N802
        """None that somebody could ask to decode or encode."""
        return []

    async def setRemoteDescription(self, _offer: RTCSessionDescription) -> None:  # noqa: N802
        """It has been read where it came in, not on the loop of all talks."""

    async def createAnswer(self) -> RTCSessionDescription:  # noqa: N802
        return RTCSessionDescription(self.answer, "answer")

    async def setLocalDescription(self, answered: RTCSessionDescription) -> None:  # noqa: N802
        self.open()
        self.localDescription = answered

    async def close(self) -> None:
        self.shut()
        if self._ending is not None:
            await self._ending

    # --- What comes ------------------------------------------------------------------------------

    def _begin(self) -> None:
        """The browser has said which way it wants to go."""
        if not self._dtls.has_begun:
            self._dtls.begin(self._offer.fingerprint, self._keys)

    def _keys(self, there_are: bool) -> None:
        if not there_are:
            self.shut()
        elif self._state == "new":
            self._connect()

    def _connect(self) -> None:
        self._state = "connected"
        if self.agent.pair is not None:
            self.agent.follow(self.agent.pair)
        received, sent = self._dtls.sessions
        self._unprotect, self._unprotect_rtcp = srtp.unprotecting(received), received.unprotect_rtcp
        self._protect, self._protect_rtcp = srtp.protecting(sent), sent.protect_rtcp
        self.line.plug(self, asyncio.get_running_loop())
        for media, ssrcs in zip(self._offer.media, self._ssrcs, strict=True):
            if media.sends:
                ways = negotiated.ways(media)
                self._ways |= ways
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

    def take(self, datagram: bytes, now: float) -> bool:
        """Encrypted media, as it comes; whether it was this browser's own. Never raises."""
        try:
            if self.line.connection is not self:
                self.dropped["of a connection left behind"] += 1
                return False
            # Asked before it is decrypted and charged afterwards: nobody else can use it up.
            if self._packets_left <= 0 or self._bytes_left <= 0:
                self.dropped["too many"] += 1
            elif len(datagram) < SHORTEST:
                self.dropped["malformed"] += 1
            elif 192 <= datagram[1] <= 223:  # RFC 5761 (4)
                return self._takes_rtcp(datagram, now)
            elif (source := datagram[8:12]) in self._sources or self._may_be_new():
                data = self._unprotect(datagram)
                self._packets_left -= 1
                self._bytes_left -= len(datagram)
                if source not in self._sources:
                    self._sources.add(source)
                    self._port.sends(source, self)
                self._rtp(data, now)
                return True
        except pylibsrtp.Error:
            self.dropped["not decrypted"] += 1
        except Exception:  # noqa: BLE001  # whatever it is, it ends nobody's talk
            self.line.failed()
        return False

    def _takes_rtcp(self, datagram: bytes, now: float) -> bool:
        if len(datagram) > LONGEST_RTCP or not self._rtcp_budget.allows(now):
            self.dropped["too much RTCP"] += 1
        elif (source := datagram[4:8]) in self._sources or self._may_be_new():
            data = self._unprotect_rtcp(datagram)
            self._packets_left -= 1
            self._rtcp_budget.charge(len(datagram))
            self._sources.add(source)
            self._rtcp(data, now)
            return True
        return False

    def _may_be_new(self) -> bool:
        """Whether one more SSRC may be decrypted: libsrtp keeps each for ever."""
        self._unknown_left -= 1
        if len(self._sources) < MOST_SOURCES and self._unknown_left >= 0:
            return True
        self.dropped["too many sources"] += 1
        return False

    def _rtp(self, data: bytes, now: float) -> None:
        try:
            packet = rtp.parse(data)
        except rtp.Malformed:
            self.dropped["malformed"] += 1
            return
        way = self._ways.get(packet.payload_type)
        if way is None:
            self.dropped["unknown payload type"] += 1
            return
        part, inlet, level, line = way.part, way.inlet, None, self.line
        if part is Part.SOUND:
            level = way.level.find(packet.profile, packet.extension)
        elif sent := way.send_time.find(packet.profile, packet.extension):
            line.feedback.bandwidth.weigh(len(packet.payload), sent, now)
        forward = inlet.take(packet, now)
        if forward is not None:
            codec = inlet.formats[forward.payload_type].codec
            line.put(part, codec, forward, level, now)

    def _rtcp(self, data: bytes, now: float) -> None:
        try:
            packets = rtcp.RtcpPacket.parse(data)
        except ValueError:
            self.dropped["malformed"] += 1
            return
        self.line.alive(now)
        for packet in packets:
            for data in self.line.feedback.told(packet, now):
                self.send(data)

    # --- What goes -------------------------------------------------------------------------------

    def beat(self, now: float) -> bool:
        """What is due without anything having come; False once it is another's turn."""
        if self.line.connection is not self:
            return False
        self._refill(now)
        try:
            self.line.beat(now)
        except Exception:  # noqa: BLE001  # whatever it is, it ends nobody's talk
            self.line.failed()
        self.tell(now)
        return True

    def tell(self, now: float) -> None:
        """What this browser is to be told by RTCP now; never raises."""
        try:
            for packet in self.line.feedback.due(now):
                self._send(bytes(packet), self._protect_rtcp)
        except Exception:  # noqa: BLE001  # whatever it is, it ends nobody's talk
            self.line.failed()

    def _refill(self, now: float) -> None:
        """
        What this browser may send until the next beat.

        A Budget by hand: two calls for each packet would cost more than the packet.
        """
        passed, self._refilled = now - self._refilled, now
        packets, octets = MOST_PACKETS, self._most_bytes
        self._unknown_left = MOST_UNKNOWN
        self._packets_left = min(packets, int(max(0, self._packets_left) + passed * packets))
        self._bytes_left = min(octets, int(max(0, self._bytes_left) + passed * octets))

    def send(self, data: bytes) -> None:
        """One RTP packet to this browser."""
        self._send(data, self._protect)

    def _send(self, data: bytes, protect: Callable[[bytes], bytes]) -> None:
        try:
            if not self.agent.send(protect(data)):
                self.dropped["not sent"] += 1
        except (pylibsrtp.Error, ValueError):  # such as RTCP that is too long for it
            self.dropped["not encrypted"] += 1

    def _send_plain(self, datagram: bytes) -> None:
        """A step of the handshake; what is lost comes again by itself."""
        if not self.agent.send(datagram):
            self.dropped["not sent"] += 1


def _ssrcs(count: int) -> list[tuple[int, int]]:
    """Two for each m-line: media, retransmission. No two are alike."""
    numbers: set[int] = set()
    while len(numbers) < 2 * count:
        numbers.add(secrets.randbits(32))
    given = list(numbers)
    return list(zip(given[::2], given[1::2], strict=True))
