"""
RTP packets as bytes: what forwarding has to read, and what differs on every leg.

Knows no connection and no room. Sources: RFC 3550 (5.1, 5.3.1), RFC 8285 (4.2, 4.3),
RFC 4588 (4), RFC 6464, RFC 7741 (4.2, 4.3), RFC 6184 (5.4).
"""

import struct
from dataclasses import dataclass

HEADER = struct.Struct("!BBHII")
EXTENSION = struct.Struct("!HH")
USUAL = struct.Struct("!BBHIIHH")
SECOND = 1 << 18  # of abs-send-time: 24 bits, 18 of them are parts of a second
OSN, WORD = struct.Struct("!H"), struct.Struct("!I")
ONE_BYTE, TWO_BYTES = 0xBEDE, 0x1000
LONGEST_EXTENSION = 255  # bytes that are looked through; browsers write 40
LARGEST_ID, LARGEST_VALUE = 14, 16  # of a one-byte element
# libsrtp's Python binding takes 1356 bytes; header, extensions and OSN take 42 of them.
MOST_PAYLOAD = 1310
NAL_IDR, NAL_SPS, NAL_STAP_A, NAL_FU_A = 5, 7, 24, 28


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
    source: int = 0  # counts unbroken runs of numbers; told by the inlet


def parse(data: bytes) -> Packet:
    """The packet in a decrypted datagram, or Malformed."""
    extension, profile, at, end = b"", 0, HEADER.size, len(data)
    try:
        if data[0] == 0x90:  # with header extensions, and nothing else: nearly always
            first, second, sequence_number, timestamp, ssrc, profile, words = USUAL.unpack_from(
                data
            )
            at = USUAL.size + 4 * words
            extension = data[USUAL.size : at]
        else:
            first, second, sequence_number, timestamp, ssrc = HEADER.unpack_from(data)
            at += 4 * (first & 0x0F)
            if first & 0x10:
                profile, words = EXTENSION.unpack_from(data, at)
                at += EXTENSION.size
                extension = data[at : at + 4 * words]
                at += 4 * words
            if first & 0x20:
                end -= data[-1]
    except (struct.error, IndexError):
        raise Malformed("too short") from None
    if first >> 6 != 2 or at > end or (first & 0x20 and data[-1] == 0):
        raise Malformed("not what its header says")
    if end - at > MOST_PAYLOAD:
        raise Malformed("longer than any leg can carry")
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


def block(elements: bytes) -> bytes:
    """A header extension made of one-byte elements; nothing for none."""
    padding = -len(elements) % 4
    words = (len(elements) + padding) // 4
    return EXTENSION.pack(ONE_BYTE, words) + elements + bytes(padding) if elements else b""


def element(profile: int, extension: bytes, wanted: int | None) -> bytes | None:
    """The header extension element with this id, if it is there and whole."""
    if not wanted or not extension:
        return None
    if profile != ONE_BYTE:
        return _two_byte_element(extension, wanted) if profile & 0xFFF0 == TWO_BYTES else None
    place = _place(extension, wanted)
    return extension[place[0] : place[1]] if place else None


def _place(extension: bytes, wanted: int) -> tuple[int, int] | None:
    """Where the value of a one-byte element begins and ends, if it is whole."""
    at, end = 0, min(len(extension), LONGEST_EXTENSION)
    while at < end:
        first = extension[at]
        number, length = first >> 4, (first & 0x0F) + 1
        if number == wanted:
            return (at + 1, at + 1 + length) if at + length < end else None
        if number == 15:
            return None
        at += 1 + length if first else 1  # 0 is padding
    return None


class Finder:
    """Finds one header extension element in packet after packet of a stream."""

    __slots__ = ("_before", "_end", "wanted")

    def __init__(self, wanted: int | None) -> None:
        self.wanted = wanted
        # What stood before its value in the packet before, with its own head. Where the same bytes
        # stand again the value has the same place: nearly always.
        self._before, self._end = b"", 0

    def find(self, profile: int, extension: bytes) -> bytes | None:
        """The same as `element`."""
        if profile != ONE_BYTE or not self.wanted:
            return element(profile, extension, self.wanted)
        if self._end and extension.startswith(self._before):
            whole = self._end <= len(extension)
            return extension[len(self._before) : self._end] if whole else None
        place = _place(extension, self.wanted)
        if place is None:
            return None
        begins, self._end = place
        self._before = extension[:begins]
        return extension[begins : self._end]


def _two_byte_element(extension: bytes, wanted: int) -> bytes | None:
    at, end = 0, min(len(extension), LONGEST_EXTENSION)
    while at + 1 < end:
        number, length = extension[at], extension[at + 1]
        if number == 0:  # padding
            at += 1
            continue
        if number == wanted:
            return extension[at + 2 : at + 2 + length] if at + 2 + length <= end else None
        at += 2 + length
    return None


def one_byte(number: int | None, value: bytes) -> bytes:
    """An element of a one-byte header extension block; nothing where it does not fit one."""
    if not number or number > LARGEST_ID or not 0 < len(value) <= LARGEST_VALUE:
        return b""
    return bytes([number << 4 | len(value) - 1]) + value


def starts_keyframe(codec: str, payload: bytes) -> bool:
    """Whether a picture that needs no other begins in this payload ("VP8" or "H264")."""
    if not payload:
        return False
    return _vp8_keyframe(payload) if codec == "VP8" else _h264_keyframe(payload)


def _vp8_keyframe(payload: bytes) -> bool:
    if payload[0] & 0x17 != 0x10:  # does not begin the first partition
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


def _h264_keyframe(payload: bytes) -> bool:
    kind = payload[0] & 0x1F
    if kind == NAL_STAP_A:  # the first unit in it tells
        kind = payload[3] & 0x1F if len(payload) > 3 else 0
    elif kind == NAL_FU_A:  # only its first part
        kind = payload[1] & 0x1F if len(payload) > 1 and payload[1] & 0x80 else 0
    return kind in (NAL_IDR, NAL_SPS)


def newer(one: int, other: int) -> bool:
    """Whether sequence number `one` comes after `other`, around the end of its range too."""
    return 0 < (one - other) & 0xFFFF < 0x8000
