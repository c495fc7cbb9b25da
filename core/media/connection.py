"""
A peer connection whose media is forwarded as it comes, never decoded.

aiortc keeps SDP, ICE, DTLS and SRTP; what it would decode or encode is taken from it
here, before it begins. The only module, beside `wire`, that touches private names of
aiortc and aioice; `check_private_names` says at start whether they are still there.
"""

import asyncio
import contextlib
import contextvars
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, cast

import pylibsrtp
from aioice import Candidate
from aioice.ice import CandidatePair, StunProtocol
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCIceCandidate,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc import rtp as rtcp
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcrtpreceiver import RTCRtpReceiver
from aiortc.rtcrtpsender import RTCRtpSender

from core.media import ice, negotiated, offer, pulse, rtp, srtp, wire
from core.media.limit import Limit
from core.media.negotiated import Way
from core.media.outlet import Outlet
from core.media.parts import Part
from core.media.relay import Line
from core.media.standins import Silence
from core.media.wire import LibraryChanged

MOST_PACKETS = 1500  # a second and connection; a browser sends about 150
# One that asks for thousands of packets again takes as long as fifty packets of a picture.
MOST_RTCP, LONGEST_RTCP = 200, 800  # a second, bytes; a browser sends ten of 200
MOST_WAITING = 1 << 18  # bytes the system has not taken yet; beyond that they are dropped

_line: contextvars.ContextVar[Line] = contextvars.ContextVar("line")


@contextlib.contextmanager
def connecting(line: Line) -> Iterator[None]:
    """Connections made in here belong to `line`."""
    token = _line.set(line)
    try:
        yield
    finally:
        _line.reset(token)


def current_line() -> Line:
    """Whose connections are made here."""
    return _line.get()


class Connection(RTCPeerConnection):
    """One browser's connection."""

    def __init__(self, configuration: RTCConfiguration) -> None:
        # All m-lines share one port. With the balanced policy aiortc 1.16 forgets that the
        # transport of the third and fourth is bundled, too.
        super().__init__(replace(configuration, bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self.line = current_line()
        self.dropped: Counter[str] = Counter()
        self._transport: Any = None  # RTCDtlsTransport, and its aioice connection: what is
        self._ice: Any = None  # used of them is private
        self._pair: Any = None  # of addresses that ICE has chosen, and what follows from it
        self._out: tuple[Any, Any] = (None, None)
        self._ways: dict[int, Way] = {}
        self._begun: set[object] = set()
        self._candidates = 0
        self._limit, self._rtcp_limit = Limit(MOST_PACKETS), Limit(MOST_RTCP)
        self.add_listener("track", self._on_track)

    def addTrack(self, track: MediaStreamTrack) -> RTCRtpSender:  # noqa: N802 (aiortc's name)
        sender = super().addTrack(track)

        async def send(parameters: Any) -> None:
            self._give(sender, parameters)

        # On this one object, in place of the method that would encode.
        setattr(sender, "send", send)  # noqa: B010
        return sender

    async def setRemoteDescription(  # noqa: N802 (aiortc's name)
        self,
        sessionDescription: RTCSessionDescription,  # noqa: N803
    ) -> None:
        offer.refuse_unusual(sessionDescription.sdp)
        usable = offer.without_names(sessionDescription.sdp)
        await super().setRemoteDescription(RTCSessionDescription(usable, sessionDescription.type))

    @property
    def localDescription(self) -> RTCSessionDescription:  # noqa: N802 (aiortc's name)
        """What this browser is told of us."""
        ours = super().localDescription
        return ours and RTCSessionDescription(ice.announced(ours.sdp), ours.type)

    @property
    def is_up(self) -> bool:
        """Whether it has come about."""
        return self._transport is not None

    async def createAnswer(self) -> RTCSessionDescription:  # noqa: N802 (aiortc's name)
        # What the browser wants to receive beyond what streamlit-webrtc fills: other people.
        for each in self.getTransceivers():
            if each.sender.track is None:
                self.addTrack(Silence(each.kind))
        return await super().createAnswer()

    async def addIceCandidate(  # noqa: N802 (aiortc's name)
        self, candidate: RTCIceCandidate | None
    ) -> None:
        self._candidates += 1
        if self._candidates > offer.MOST_CANDIDATES:
            self.dropped["too many addresses"] += 1
        elif candidate is None or offer.is_usable(candidate.ip):
            await super().addIceCandidate(candidate)

    async def close(self) -> None:
        self.line.unplug(self)
        # streamlit-webrtc's listener waits on this loop for the thread that waits for us: every
        # talk would stand still for a second.
        self.remove_all_listeners("iceconnectionstatechange")
        await super().close()

    def _on_track(self, track: MediaStreamTrack) -> None:
        for each in self.getTransceivers():
            if each.receiver.track is track:
                self._silence(each.receiver)

    def _silence(self, receiver: RTCRtpReceiver) -> None:
        async def receive(parameters: Any) -> None:
            self._take(receiver, parameters)

        # On this one object, in place of the method that would decode.
        setattr(receiver, "receive", receive)  # noqa: B010

    def _take(self, receiver: RTCRtpReceiver, parameters: Any) -> None:
        """From now on what this browser sends in one m-line comes to us."""
        if not self._begins(receiver):
            return
        self._plug(receiver.transport)
        part = Part.PICTURE if receiver.track.kind == "video" else Part.SOUND
        ways = negotiated.ways(part, parameters)
        self._ways |= ways
        self.line.inlets |= {way.part: way.inlet for way in ways.values()}

    def _give(self, sender: RTCRtpSender, parameters: Any) -> None:
        """From now on this browser gets what we send it in one m-line."""
        if not self._begins(sender):
            return
        self._plug(sender.transport)
        part = Part.PICTURE if sender.kind == "video" else Part.SOUND
        leg = negotiated.leg(sender._ssrc, sender._rtx_ssrc, parameters)
        self.line.put_outlet(part, Outlet(leg, part is Part.PICTURE))

    def _begins(self, end: object) -> bool:
        """Only once, however often is negotiated: an outlet must not count its numbers anew."""
        new = end not in self._begun
        self._begun.add(end)
        return new

    def _plug(self, transport: RTCDtlsTransport) -> None:
        if self._transport is not None:
            return
        self._transport, self._ice = transport, transport.transport._connection
        self._unprotect = srtp.unprotecting(self._transport._rx_srtp)
        self._protect = srtp.protecting(self._transport._tx_srtp)
        self.line.plug(self, asyncio.get_running_loop())
        wire.divert(self._ice, self.take)
        pulse.join(self)

    def take(self, datagram: bytes) -> None:
        """Encrypted media from this browser, as it comes from the network; never raises."""
        try:
            if 192 <= datagram[1] <= 223:  # RFC 5761 (4)
                self._rtcp(self._transport._rx_srtp.unprotect_rtcp(datagram), time.monotonic())
            else:
                self._rtp(self._unprotect(datagram), time.monotonic())
        except (pylibsrtp.Error, IndexError):
            self.dropped["not decrypted"] += 1
        except Exception:  # noqa: BLE001  # whatever it is, it ends nobody's talk
            self.line.failed()

    def _rtp(self, data: bytes, now: float) -> None:
        if not self._takes_more(now):
            return
        try:
            packet = rtp.parse(data)
        except rtp.Malformed:
            self.dropped["malformed"] += 1
            return
        way = self._ways.get(packet.payload_type)
        if way is None:
            self.dropped["unknown payload type"] += 1
            return
        part, inlet, level = way.part, way.inlet, None
        if part is Part.SOUND:
            level = rtp.element(packet.profile, packet.extension, way.level_id)
        elif sent := rtp.element(packet.profile, packet.extension, way.send_time_id):
            self.line.feedback.bandwidth.weigh(len(packet.payload), sent, now)
        forward = inlet.take(packet, now)
        if forward is not None:
            codec = inlet.formats[forward.payload_type].codec
            self.line.put(part, codec, forward, level, now)

    def _takes_more(self, now: float) -> bool:
        if self.line.connection is not self:
            self.dropped["of a connection left behind"] += 1
        elif not self._limit.allows(now):
            self.dropped["too many"] += 1
        else:
            return True
        return False

    def _rtcp(self, data: bytes, now: float) -> None:
        if not self._takes_more(now):
            return
        if len(data) > LONGEST_RTCP or not self._rtcp_limit.allows(now):
            self.dropped["too much RTCP"] += 1
            return
        try:
            packets = rtcp.RtcpPacket.parse(data)
        except ValueError:
            self.dropped["malformed"] += 1
            return
        self.line.alive(now)
        for packet in packets:
            for answer in self.line.feedback.told(packet, now):
                self.send(answer)

    def beat(self, now: float) -> bool:
        """What is due without anything having come; False once it is another's turn."""
        if self.line.connection is not self:
            return False
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
                self._send(bytes(packet), self._transport._tx_srtp.protect_rtcp)
        except Exception:  # noqa: BLE001  # whatever it is, it ends nobody's talk
            self.line.failed()

    def send(self, data: bytes) -> None:
        """One RTP packet to this browser."""
        self._send(data, self._protect)

    def _send(self, data: bytes, protect: Callable[[bytes], bytes]) -> None:
        pair = self._ice._nominated.get(1)
        if pair is not self._pair:
            self._pair = pair
            self._out = (pair.protocol.transport, pair.remote_addr) if pair else (None, None)
        out, there = self._out
        if out is None or out.is_closing() or out.get_write_buffer_size() > MOST_WAITING:
            self.dropped["not sent"] += 1
            return
        try:
            out.sendto(protect(data), there)
        except (pylibsrtp.Error, ValueError):  # such as RTCP that is too long for it
            self.dropped["not encrypted"] += 1


def check_private_names() -> None:
    """Once at start: refuse when aiortc or aioice no longer has the names used here."""
    with ThreadPoolExecutor(1) as aside:  # here, a loop may be running already
        missing = aside.submit(asyncio.run, _missing_names()).result()
    if missing:
        raise LibraryChanged(f"aiortc or aioice has changed: {', '.join(missing)}")


async def _missing_names() -> list[str]:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))  # never opens a port
    sender = connection.addTransceiver("audio").sender
    ice = getattr(sender.transport.transport, "_connection", None)
    protocol = StunProtocol(cast(Any, ice))
    protocol.connection_made(asyncio.DatagramTransport())
    candidate = Candidate("1", 1, "udp", 1, "127.0.0.1", 9, "host")
    used = (
        (sender, ("_ssrc", "_rtx_ssrc", "send")),
        (connection.getReceivers()[0], ("receive",)),
        (sender.transport, ("_rx_srtp", "_tx_srtp")),
        (sender.transport.transport, ("_connection",)),
        (ice, ("_nominated",)),
        (protocol, ("transport",)),
        (CandidatePair(protocol, candidate), ("protocol", "remote_addr")),
    )
    missing = [name for thing, names in used for name in names if not hasattr(thing, name)]
    return missing + srtp.missing_names(pylibsrtp.Session())
