"""
One leg: what a browser has agreed to for one m-line, and the heads of the packets that it gets.

Writes bytes; knows no source, no payload and no clock. Sources: RFC 3550 (5.1), RFC 8285.
"""

from dataclasses import dataclass

from core.media.packets.extensions import EXTENSION, block, one_byte
from core.media.packets.rtp import HEADER, SECOND, WORD


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


class Head:
    """Everything before the payload in the packets of one leg, written over in place."""

    __slots__ = ("_at_level", "_at_time", "_bytes", "_first", "_ssrc", "_timed")

    def __init__(self, leg: Leg, with_level: bool) -> None:
        mid, time = one_byte(leg.mid_id, leg.mid), one_byte(leg.send_time_id, bytes(3))
        level = one_byte(leg.level_id, bytes(1)) if with_level else b""
        extension = block(mid + time + level)
        self._bytes = bytearray(HEADER.size) + extension
        self._first, self._ssrc = (0x90 if extension else 0x80), leg.ssrc
        start = HEADER.size + EXTENSION.size + len(mid)
        # abs-send-time and the octet before it are one number of 32 bits.
        self._at_time, self._timed = (start if time else 0), int.from_bytes(time, "big")
        self._at_level = start + len(time) + 1 if level else 0

    def write(self, second: int, number: int, timestamp: int, now: float, level: int) -> bytes:
        """`second` is the header's second octet."""
        head = self._bytes
        HEADER.pack_into(head, 0, self._first, second, number, timestamp, self._ssrc)
        if at := self._at_time:  # 6.18 fixed point seconds; only differences matter
            WORD.pack_into(head, at, self._timed | int(now * SECOND) & 0xFFFFFF)
        if at := self._at_level:
            head[at] = level
        return bytes(head)
