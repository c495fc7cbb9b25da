"""
RTP packets as bytes: what forwarding has to read, and what differs on every leg.

Knows no connection and no room. Sources: RFC 3550 (5.1, 5.3.1), RFC 8285 (4.2, 4.3),
RFC 4588 (4), RFC 6464, RFC 7741 (4.2, 4.3), RFC 6184 (5.4).
"""

import struct
from dataclasses import dataclass

HEADER = struct.Struct("!BBHII")
EXTENSION = struct.Struct("!HH")
OSN = struct.Struct("!H")
ONE_BYTE, TWO_BYTES = 0xBEDE, 0x1000
MAX_PACKET = 1500


class Malformed(ValueError):
    """No RTP packet, whatever it says of itself."""


@dataclass(slots=True)
class Packet:
    """One RTP packet without its padding. Numbers are as on the wire, unsigned."""

    payload_type: int
    marker: bool
    sequence_number: int
    timestamp: int
    ssrc: int
    profile: int
    extension: bytes
    payload: bytes


def parse(data: bytes) -> Packet:
    """The packet in a decrypted datagram, or Malformed."""
    try:
        first, second, sequence_number, timestamp, ssrc = HEADER.unpack_from(data)
        at, profile, extension = HEADER.size + 4 * (first & 0x0F), 0, b""
        if first & 0x10:
            profile, words = EXTENSION.unpack_from(data, at)
            at += EXTENSION.size
            extension = data[at : at + 4 * words]
            at += 4 * words
    except struct.error:
        raise Malformed("too short") from None
    end = len(data) - (data[-1] if first & 0x20 else 0)
    if first >> 6 != 2 or at > end or (first & 0x20 and data[-1] == 0):
        raise Malformed("not what its header says")
    return Packet(
        second & 0x7F,
        second > 0x7F,
        sequence_number,
        timestamp,
        ssrc,
        profile,
        extension,
        data[at:end],
    )


def write(packet: Packet, extension: bytes) -> bytes:
    """The packet for a leg, with the one-byte header extensions of that leg."""
    second = packet.payload_type | (0x80 if packet.marker else 0)
    numbers = (packet.sequence_number, packet.timestamp, packet.ssrc)
    if not extension:
        return HEADER.pack(0x80, second, *numbers) + packet.payload
    block = extension + bytes(-len(extension) % 4)
    head = HEADER.pack(0x90, second, *numbers) + EXTENSION.pack(ONE_BYTE, len(block) // 4)
    return head + block + packet.payload


def element(profile: int, extension: bytes, wanted: int) -> bytes | None:
    """The header extension element with this id, if it is there."""
    at, end = 0, len(extension)
    long = profile & 0xFFF0 == TWO_BYTES
    if not long and profile != ONE_BYTE:
        return None
    while at < end:
        first = extension[at]
        if first == 0:
            at += 1
            continue
        if long:
            if at + 1 >= end:
                return None
            number, length, at = first, extension[at + 1], at + 2
        else:
            number, length, at = first >> 4, (first & 0x0F) + 1, at + 1
            if number == 15:
                return None
        if number == wanted:
            return extension[at : at + length] if at + length <= end else None
        at += length
    return None


def one_byte(number: int, value: bytes) -> bytes:
    """An element of a one-byte header extension block."""
    return bytes([number << 4 | len(value) - 1]) + value


def starts_keyframe(codec: str, payload: bytes) -> bool:
    """Whether a picture that needs no other begins in this payload ("VP8" or "H264")."""
    if codec == "VP8":
        return _vp8_keyframe(payload)
    if not payload:
        return False
    kind = payload[0] & 0x1F
    if kind == 24:  # STAP-A: the first unit in it tells
        kind = payload[3] & 0x1F if len(payload) > 3 else 0
    elif kind == 28:  # FU-A: only its first part
        kind = payload[1] & 0x1F if len(payload) > 1 and payload[1] & 0x80 else 0
    return kind in (5, 7)


def _vp8_keyframe(payload: bytes) -> bool:
    if len(payload) < 1 or payload[0] & 0x17 != 0x10:  # begins the first partition
        return False
    at = 1
    if payload[0] & 0x80:
        if len(payload) < 2:
            return False
        flags, at = payload[1], 2
        if flags & 0x80:
            at += 2 if len(payload) > at and payload[at] & 0x80 else 1
        at += (flags & 0x40 > 0) + (flags & 0x30 > 0)
    return len(payload) > at and payload[at] & 1 == 0


def newer(one: int, other: int) -> bool:
    """Whether sequence number `one` comes after `other`, around the end of its range too."""
    return 0 < (one - other) & 0xFFFF < 0x8000
