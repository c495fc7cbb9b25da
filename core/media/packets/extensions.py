"""
RTP header extensions as bytes: a block of elements, each with an id and a value.

Knows no packet, and not what an element means. Sources: RFC 3550 (5.3.1), RFC 8285 (4.2, 4.3).
"""

import struct

EXTENSION = struct.Struct("!HH")  # the head of a block: its profile, its length in words
ONE_BYTE, TWO_BYTES = 0xBEDE, 0x1000
LONGEST_EXTENSION = 255  # bytes that are looked through; browsers write 40
LARGEST_ID, LARGEST_VALUE = 14, 16  # of a one-byte element


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
