"""
One stream that goes to a browser, put together from one source after the other.

Sequence numbers and timestamps are the source's own, moved by an offset that changes only
when the source does: a gap stays a gap, so the browser asks for what it misses. Knows no
socket, no room and no clock. Sources: RFC 3550 (5.1), RFC 4588 (4), RFC 8285.
"""

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.media import recorded, rtp
from core.media.rtp import OSN, Packet

if TYPE_CHECKING:
    from core.media.relay import Line

HISTORY = 512  # packets kept to be sent again
PICTURE_AGE = 1.0  # seconds after which a picture counts as gone
HELD = 1.0  # seconds a speaker keeps an outlet after the last packet
AGAIN_AFTER = 0.02  # seconds before the same packet is sent once more


@dataclass(frozen=True)
class Leg:
    """What the browser on this leg has agreed to for one m-line."""

    ssrc: int
    rtx_ssrc: int
    payload_types: dict[str, int]  # codec: payload type
    rtx_payload_types: dict[int, int]  # payload type: that of its retransmission
    clock_rate: int
    mid: bytes
    mid_id: int | None
    send_time_id: int | None
    level_id: int | None


@dataclass(slots=True)
class Sent:
    packet: Packet
    at: float


class Outlet:
    """The sending end of one m-line."""

    def __init__(self, leg: Leg, video: bool) -> None:
        self.leg = leg
        self.video = video
        self.speaker: Line | None = None
        self._ssrc: int | None = None  # of the speaker
        self._fed = 0.0
        self.packets = self.bytes = 0
        self.waits_for_keyframe = False
        self.shows = True  # something other than grey, as far as we know
        self._number_offset = self._time_offset = 0
        self._last: tuple[int, int, float] | None = None  # number, timestamp, when
        self._sent: dict[int, Sent] = {}
        self._rtx = itertools.count(1)
        self._begun = rtp.one_byte(leg.mid_id, leg.mid) if leg.mid_id else b""

    def is_for(self, speaker: "Line", now: float) -> bool:
        """Whether it carries this speaker; one at a time, as long as they speak."""
        return self.speaker in (None, speaker) or now - self._fed > HELD

    def give(
        self, speaker: "Line", codec: str, packet: Packet, level: bytes | None, now: float
    ) -> bytes | None:
        """The packet as this browser gets it; None if it gets none of it."""
        payload_type = self.leg.payload_types.get(codec)
        if payload_type is None:
            return None
        self._fed = now
        if (speaker, packet.ssrc) != (self.speaker, self._ssrc):
            self._switch(speaker, packet, now)
        if self.waits_for_keyframe:
            if not rtp.starts_keyframe(codec, packet.payload):
                return None
            self.waits_for_keyframe = False
            self._align(packet, now)
        self.shows = True
        return self._send(packet, payload_type, level, now)

    def grey(self, now: float) -> list[bytes]:
        """Once nobody is seen here any more: a grey picture in place of the last one."""
        if not self.video or not self.shows or now - self._fed <= PICTURE_AGE * bool(self.speaker):
            return []
        self.shows, self.speaker = False, None
        return self._own(recorded.grey(self.codec), now)

    def say(self, payload: bytes, now: float) -> list[bytes]:
        """20 ms of the server's own sound, unless somebody speaks here."""
        return self._own([payload], now) if self.speaker is None else []

    def _own(self, payloads: list[bytes], now: float) -> list[bytes]:
        payload_type = self.leg.payload_types[self.codec]
        packets = []
        for number, payload in enumerate(payloads):
            last = number == len(payloads) - 1
            packet = Packet(payload_type, last, number, 0, 0, 0, b"", payload)
            if number == 0:
                self._align(packet, now)
            packets.append(self._send(packet, payload_type, None, now))
        self._ssrc = None  # whoever comes next begins anew
        return packets

    @property
    def codec(self) -> str:
        """What this browser likes best."""
        return next(iter(self.leg.payload_types))

    def _send(self, packet: Packet, payload_type: int, level: bytes | None, now: float) -> bytes:
        ours = replace(
            packet,
            payload_type=payload_type,
            ssrc=self.leg.ssrc,
            sequence_number=(packet.sequence_number + self._number_offset) & 0xFFFF,
            timestamp=(packet.timestamp + self._time_offset) & 0xFFFFFFFF,
            extension=level or b"",
        )
        self._note(ours, now)
        return rtp.write(ours, self._extension(level, now))

    def again(self, number: int, now: float) -> bytes | None:
        """The packet of this number once more, as a retransmission; None if it is too old."""
        sent = self._sent.get(number % HISTORY)
        if sent is None or sent.packet.sequence_number != number or now - sent.at < AGAIN_AFTER:
            return None
        payload_type = self.leg.rtx_payload_types.get(sent.packet.payload_type)
        if payload_type is None:
            return None
        sent.at = now
        packet = replace(
            sent.packet,
            payload_type=payload_type,
            ssrc=self.leg.rtx_ssrc,
            sequence_number=next(self._rtx) & 0xFFFF,
            payload=OSN.pack(number) + sent.packet.payload,
        )
        return rtp.write(packet, self._extension(None, now))

    def mapped(self, timestamp: int) -> int:
        """A timestamp of the source as it is on this leg."""
        return (timestamp + self._time_offset) & 0xFFFFFFFF

    def forget(self) -> None:
        """Nothing of what was sent is sent again, and the next source begins anew."""
        self._sent.clear()
        self.speaker = None

    def _switch(self, speaker: "Line", packet: Packet, now: float) -> None:
        self.speaker, self._ssrc = speaker, packet.ssrc
        self._sent.clear()
        self._align(packet, now)
        self.waits_for_keyframe = self.video

    def _align(self, packet: Packet, now: float) -> None:
        """The new source goes on where the last one stopped, in number and in time."""
        if self._last is None:
            return
        number, timestamp, when = self._last
        passed = max(1, int((now - when) * self.leg.clock_rate))
        self._number_offset = (number + 1 - packet.sequence_number) & 0xFFFF
        self._time_offset = (timestamp + passed - packet.timestamp) & 0xFFFFFFFF

    def _note(self, ours: Packet, now: float) -> None:
        if self._last is None or rtp.newer(ours.sequence_number, self._last[0]):
            self._last = (ours.sequence_number, ours.timestamp, now)
        if self.leg.rtx_payload_types:
            self._sent[ours.sequence_number % HISTORY] = Sent(ours, now)
        self.packets += 1
        self.bytes += len(ours.payload)

    def _extension(self, level: bytes | None, now: float) -> bytes:
        block = self._begun
        if self.leg.send_time_id:
            # 6.18 fixed point seconds; only differences matter.
            time = int(now * (1 << 18)) & 0xFFFFFF
            block += rtp.one_byte(self.leg.send_time_id, time.to_bytes(3, "big"))
        if level and self.leg.level_id:
            block += rtp.one_byte(self.leg.level_id, level)
        return block
