"""
A peer connection whose media is forwarded as it comes, never decoded.

aiortc keeps SDP, ICE, DTLS and SRTP; what it would decode or encode is taken from it
here, before it begins. The only module that touches private names of aiortc and aioice;
`check_private_names` says at start whether they are still there.
"""

import asyncio
import contextlib
import contextvars
import time
from collections.abc import Iterator
from typing import Any, cast

from aiortc import MediaStreamTrack, RTCPeerConnection
from aiortc import rtp as rtcp
from aiortc.mediastreams import MediaStreamError
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcrtpreceiver import RTCRtpReceiver
from aiortc.rtcrtpsender import RTCRtpSender

from core.media import rtp
from core.media.inlet import Format, Inlet
from core.media.outlet import Leg, Outlet
from core.media.parts import Part
from core.media.relay import Line

SDES = "urn:ietf:params:rtp-hdrext:"
MID, LEVEL = SDES + "sdes:mid", SDES + "ssrc-audio-level"
SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
PULSE = 0.05  # seconds between two looks at what is missing
MOST_PACKETS = 1500  # a second and connection; a browser sends about 150

_line: contextvars.ContextVar[Line] = contextvars.ContextVar("line")


@contextlib.contextmanager
def connecting(line: Line) -> Iterator[None]:
    """Connections made in here belong to `line`."""
    token = _line.set(line)
    try:
        yield
    finally:
        _line.reset(token)


class Silence(MediaStreamTrack):
    """Stands for what a line sends; has nothing to send of its own."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self._over = asyncio.Event()

    async def recv(self) -> Any:
        await self._over.wait()
        raise MediaStreamError

    def stop(self) -> None:
        super().stop()
        self._over.set()


class Connection(RTCPeerConnection):
    """One browser's connection."""

    def __init__(self, configuration: Any = None) -> None:
        super().__init__(configuration)
        self.line = _line.get()
        self._transport: RTCDtlsTransport | None = None
        self._ways: dict[int, tuple[Part, Inlet, dict[str, int]]] = {}
        self._pulse: asyncio.Task[None] | None = None
        self.dropped = 0
        self.add_listener("track", self._on_track)

    def addTrack(self, track: MediaStreamTrack) -> RTCRtpSender:  # noqa: N802 (aiortc's name)
        sender = super().addTrack(track)

        async def send(parameters: Any) -> None:
            self._give(sender, parameters)

        sender.send = send
        return sender

    async def close(self) -> None:
        if self._pulse is not None:
            self._pulse.cancel()
        self.line.unplug(self)
        await super().close()

    def _on_track(self, track: MediaStreamTrack) -> None:
        for each in self.getTransceivers():
            if each.receiver.track is track:
                self._silence(each.receiver)

    def _silence(self, receiver: RTCRtpReceiver) -> None:
        async def receive(parameters: Any) -> None:
            self._take(receiver, parameters)

        receiver.receive = receive

    def _take(self, receiver: RTCRtpReceiver, parameters: Any) -> None:
        """From now on what this browser sends in one m-line comes to us."""
        self._plug(receiver.transport)
        part = Part.PICTURE if receiver.track.kind == "video" else Part.SOUND
        ids = {each.uri: each.id for each in parameters.headerExtensions}
        formats = {codec.payloadType: _format(codec) for codec in parameters.codecs}
        inlet = Inlet(formats, repairs_lost=part is Part.PICTURE)
        for number in formats:
            self._ways[number] = (part, inlet, ids)
        self.line.inlets[part] = inlet

    def _give(self, sender: RTCRtpSender, parameters: Any) -> None:
        """From now on this browser gets what we send it in one m-line."""
        self._plug(sender.transport)
        part = Part.PICTURE if sender.kind == "video" else Part.SOUND
        self.line.outlets[part] = Outlet(_leg(sender, parameters), part is Part.PICTURE)

    def _plug(self, transport: RTCDtlsTransport) -> None:
        if self._transport is not None:
            return
        self._transport = transport
        transport._handle_rtp_data = self._rtp  # type: ignore[method-assign]
        transport._handle_rtcp_data = self._rtcp  # type: ignore[method-assign]
        self.line.plug(self, asyncio.get_running_loop())
        self._pulse = asyncio.ensure_future(self._beat())

    async def _rtp(self, data: bytes, arrival_time_ms: int) -> None:
        try:
            packet = rtp.parse(data)
        except rtp.Malformed:
            self.dropped += 1
            return
        way = self._ways.get(packet.payload_type)
        if way is None:
            self.dropped += 1
            return
        part, inlet, ids = way
        now = time.monotonic()
        level = rtp.element(packet.profile, packet.extension, ids.get(LEVEL, 0))
        sent = rtp.element(packet.profile, packet.extension, ids.get(SEND_TIME, 0))
        form = inlet.formats[packet.payload_type]
        if form.repairs is None:
            self.line.feedback.arrived(part, packet, form.clock_rate, sent)
        forward = inlet.take(packet, now)
        if forward is not None:
            codec = inlet.formats[forward.payload_type].codec
            self.line.put(part, codec, forward, level, now)

    async def _rtcp(self, data: bytes) -> None:
        try:
            packets = rtcp.RtcpPacket.parse(data)
        except ValueError:
            self.dropped += 1
            return
        for packet in packets:
            for answer in self.line.feedback.told(packet, time.monotonic()):
                self.send(answer)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(PULSE)
            now = time.monotonic()
            self.line.beat(now)
            for packet in self.line.feedback.due(now):
                self.send_rtcp(bytes(packet))

    def send_rtcp(self, data: bytes) -> None:
        if self._transport is not None:
            self._out(self._transport._tx_srtp.protect_rtcp(data))

    def send(self, data: bytes) -> None:
        """One RTP packet to this browser."""
        if self._transport is not None:
            self._out(self._transport._tx_srtp.protect(data))

    def _out(self, data: bytes) -> None:
        pair = cast(Any, self._transport).transport._connection._nominated.get(1)
        if pair is not None:
            pair.protocol.transport.sendto(data, pair.remote_addr)


def _format(codec: Any) -> Format:
    apt = codec.parameters.get("apt") if codec.name == "rtx" else None
    return Format(codec.name, codec.clockRate, apt)


def _leg(sender: RTCRtpSender, parameters: Any) -> Leg:
    ids = {each.uri: each.id for each in parameters.headerExtensions}
    media = [codec for codec in parameters.codecs if codec.name != "rtx"]
    repairs = [codec for codec in parameters.codecs if codec.name == "rtx"]
    return Leg(
        ssrc=sender._ssrc,
        rtx_ssrc=sender._rtx_ssrc,
        payload_types={codec.name: codec.payloadType for codec in reversed(media)},
        rtx_payload_types={each.parameters["apt"]: each.payloadType for each in repairs},
        clock_rate=media[0].clockRate,
        mid=parameters.muxId.encode(),
        mid_id=ids.get(MID),
        send_time_id=ids.get(SEND_TIME),
        level_id=ids.get(LEVEL),
    )
