"""
One participant: a real handshake by aiortc, then bytes that were made beforehand.

As cheap as it can be, because it shares the machine with what it measures. Touches private
names of aiortc and aioice, to send and take datagrams without their queues. Knows no relay:
`ask` brings the answer to an offer, from wherever.
"""

import asyncio
import struct
import time
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any, cast

from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.rtp import RTCP_PSFB_APP, RtcpPsfbPacket, RtcpReceiverInfo, RtcpRrPacket, pack_remb_fci

from bench.relay.film import PICTURES, RATE, SOUNDS, Film

Ask = Callable[[str], Awaitable[str]]  # offer to answer
BEAT = 1 / SOUNDS
EVERY = SOUNDS // PICTURES  # beats from picture to picture
# The step from one timestamp to the next says which picture it is, whatever the relay adds.
STEP, TOLD_APART = 90_000 // PICTURES - 32, 64
REMB = 1_500_000
PATIENCE = 30
# RTP header, one-byte extensions: mid, then what differs (abs-send-time or level).
PICTURE = struct.Struct("!BBHIIHHBcB3sxx")
SOUND = struct.Struct("!BBHIIHHBcBB")
ABS_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
MID, LEVEL = "urn:ietf:params:rtp-hdrext:sdes:mid", "urn:ietf:params:rtp-hdrext:ssrc-audio-level"


class Stream:
    """What was agreed for one m-line of ours, and where its numbers are."""

    def __init__(self, ssrc: int, parameters: Any) -> None:
        ids = {each.uri: each.id for each in parameters.headerExtensions}
        self.ssrc, self.payload_type = ssrc, parameters.codecs[0].payloadType
        self.mid, self.mid_id = parameters.muxId.encode(), ids[MID] << 4
        # Where a relay has not agreed to it there is padding, of the same size.
        self.time_id = ids[ABS_SEND_TIME] << 4 | 2 if ABS_SEND_TIME in ids else 0
        self.level_id: int = ids[LEVEL] << 4 if LEVEL in ids else 0
        self.level = 30 if LEVEL in ids else 0
        self.number = self.timestamp = 0


class Participant:
    """One connection that sends a film and counts what comes."""

    def __init__(self, film: Film) -> None:
        self._film = film
        self.partner = self  # whose pictures come here
        self.sent = self.packets = 0
        self.sent_whole = self.whole = 0  # pictures, and packets of sound
        self.waits: list[float] = []  # seconds from a picture's last packet sent to received
        self._sent_at = [0.0] * TOLD_APART
        self._last_timestamp = 0
        self._heard_from: set[int] = set()
        self._beats = count()
        self._timer: asyncio.TimerHandle | None = None
        self._streams: dict[str, Stream] = {}
        self._connected = asyncio.Event()
        self._pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        for kind in ("audio", "video"):
            self._add(kind)

    def _add(self, kind: str) -> None:
        transceiver = self._pc.addTransceiver(kind)
        sender = transceiver.sender
        if kind == "video":
            able = RTCRtpSender.getCapabilities(kind).codecs
            wanted = [each for each in able if each.mimeType in ("video/VP8", "video/rtx")]
            transceiver.setCodecPreferences(wanted)

        async def send(parameters: Any) -> None:
            self._streams[kind] = Stream(sender._ssrc, parameters)
            if len(self._streams) == 2:
                self._begin(sender)

        async def receive(_parameters: Any) -> None:
            """Nothing is decoded here."""

        # On these two objects: aiortc itself keeps the handshake only.
        setattr(sender, "send", send)  # noqa: B010
        setattr(transceiver.receiver, "receive", receive)  # noqa: B010

    async def connect(self, ask: Ask) -> None:
        await self._pc.setLocalDescription(await self._pc.createOffer())
        answer = await ask(self._pc.localDescription.sdp)
        await self._pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        async with asyncio.timeout(PATIENCE):
            await self._connected.wait()

    def _begin(self, sender: RTCRtpSender) -> None:
        """Encryption is agreed: from now on datagrams go past aiortc."""
        dtls = cast(Any, sender.transport)
        pair = dtls.transport._connection._nominated[1]
        self._lock, self._unlock = dtls._tx_srtp, dtls._rx_srtp
        self._port, self._address = pair.protocol.transport, pair.remote_addr
        rest = pair.protocol.datagram_received

        def take(data: bytes, address: Any) -> None:
            if 127 < data[0] < 192:
                self._take(data)
            else:
                rest(data, address)

        pair.protocol.datagram_received = take
        self._connected.set()

    @property
    def counts(self) -> tuple[int, int, int, int]:
        return self.sent, self.packets, self.sent_whole, self.whole

    def play(self, at: float) -> None:
        """Send from this moment of the loop's time on."""
        self._beats = count()
        self._timer = asyncio.get_running_loop().call_at(at, self._beat, at)

    def pause(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    async def close(self) -> None:
        self.pause()
        await self._pc.close()

    def _beat(self, due: float) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_at(due + BEAT, self._beat, due + BEAT)
        beat = next(self._beats)
        self._say(beat)
        if beat % EVERY == 0:
            self._show(beat // EVERY)
        if beat % SOUNDS == 1:
            self._report()

    def _say(self, beat: int) -> None:
        stream, sounds = self._streams["audio"], self._film.sounds
        stream.timestamp = stream.timestamp + RATE // SOUNDS & 0xFFFFFFFF
        head = SOUND.pack(
            0x90,
            stream.payload_type,
            stream.number,
            stream.timestamp,
            stream.ssrc,
            0xBEDE,
            1,
            stream.mid_id,
            stream.mid,
            stream.level_id,
            stream.level,
        )
        self._send(stream, head + sounds[beat % len(sounds)])
        self.sent_whole += 1

    def _show(self, number: int) -> None:
        stream, pictures = self._streams["video"], self._film.pictures
        mark = number % TOLD_APART
        stream.timestamp = stream.timestamp + STEP + mark & 0xFFFFFFFF
        parts = pictures[number % len(pictures)]
        for part in parts:
            last = part is parts[-1]
            now = time.monotonic()
            head = PICTURE.pack(
                0x90,
                stream.payload_type | (0x80 if last else 0),
                stream.number,
                stream.timestamp,
                stream.ssrc,
                0xBEDE,
                2,
                stream.mid_id,
                stream.mid,
                stream.time_id,
                (int(now * (1 << 18)) & 0xFFFFFF).to_bytes(3, "big") if stream.time_id else b"",
            )
            self._sent_at[mark] = now
            self._send(stream, head + part)
        self.sent_whole += 1

    def _send(self, stream: Stream, data: bytes) -> None:
        stream.number = stream.number + 1 & 0xFFFF
        self.sent += 1
        self._port.sendto(self._lock.protect(data), self._address)

    def _report(self) -> None:
        """What a browser tells once a second: all is well, and how much it can take."""
        own = self._streams["video"].ssrc
        reports = [RtcpReceiverInfo(ssrc, 0, 0, 0, 0, 0, 0) for ssrc in self._heard_from]
        remb = pack_remb_fci(REMB, sorted(self._heard_from))
        data = bytes(RtcpRrPacket(own, reports)) + bytes(
            RtcpPsfbPacket(RTCP_PSFB_APP, own, 0, remb)
        )
        self._port.sendto(self._lock.protect_rtcp(data), self._address)

    def _take(self, datagram: bytes) -> None:
        if 192 <= datagram[1] <= 223:  # reports of the relay
            return
        now = time.monotonic()
        data = self._unlock.unprotect(datagram)
        payload_type = data[1] & 0x7F
        self._heard_from.add(int.from_bytes(data[8:12], "big"))
        if payload_type == self._streams["audio"].payload_type:
            self.packets += 1
            self.whole += 1
        elif payload_type == self._streams["video"].payload_type:
            self.packets += 1
            if data[1] & 0x80:
                self.whole += 1
                self._shown(int.from_bytes(data[4:8], "big"), now)

    def _shown(self, timestamp: int, now: float) -> None:
        mark = (timestamp - self._last_timestamp - STEP) & 0xFFFFFFFF
        self._last_timestamp = timestamp
        if mark < TOLD_APART:
            self.waits.append(now - self.partner._sent_at[mark])
