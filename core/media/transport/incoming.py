"""
What comes from one browser under its keys: decrypted, and handed to the line behind.

Nothing is decoded; what is too much, malformed or cannot be decrypted is dropped and counted.
Knows neither offer nor handshake. Answers go back at once, so this is an Outgoing, too.
"""

import pylibsrtp
from aiortc import rtp as rtcp

from core.media.packets import rtp
from core.media.packets.limit import Budget
from core.media.packets.parts import Part
from core.media.rooms.line import Line
from core.media.transport import srtp
from core.media.transport.endpoint import SHORTEST
from core.media.transport.ice import Agent
from core.media.transport.negotiated import Way
from core.media.transport.outgoing import Outgoing
from core.media.transport.port import Port

MOST_PACKETS = 1500  # a second and connection; a browser sends about 150
# One that asks for thousands of packets again takes as long as fifty packets of a picture.
RTCP_BYTES, LONGEST_RTCP = 20_000, 800  # a second, of one; a browser sends ten of 200
MOST_SOURCES = 16  # SSRCs in a connection's life: libsrtp keeps each and looks through all
MOST_UNKNOWN = 100  # packets of SSRCs not heard of before, of one beat to the next
# Bits a second: so many times what a browser is asked for, and the sound.
BITS, SOUND_BITS = 2, 200_000


class Incoming(Outgoing):
    """One browser's side that is heard."""

    def __init__(self, line: Line, agent: Agent, port: Port, now: float) -> None:
        super().__init__(line, agent)
        self.port = port
        self.ways: dict[int, Way] = {}  # by payload type; none before there are keys
        self._sources: set[bytes] = set()  # SSRCs that have proved to be this browser's
        self._most_bytes = (BITS * line.asked[1] + SOUND_BITS) // 8
        self._packets_left, self._bytes_left = MOST_PACKETS, self._most_bytes
        self._unknown_left = MOST_UNKNOWN
        self._refilled = now
        self._rtcp_budget = Budget(RTCP_BYTES, RTCP_BYTES)

    def decrypt_with(self, session: pylibsrtp.Session) -> None:
        """From now on there are keys for what comes."""
        self._unprotect, self._unprotect_rtcp = srtp.unprotecting(session), session.unprotect_rtcp

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
                    self.port.sends(source, self)
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
        way = self.ways.get(packet.payload_type)
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
