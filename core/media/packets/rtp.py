"""
RTP packets as bytes: what forwarding has to read of each.

Knows no connection and no room, and not what is in a payload or in a header extension.
Sources: RFC 3550 (5.1, 5.3.1), RFC 4588 (4).
"""

import struct
from dataclasses import dataclass

from core.media.packets.extensions import EXTENSION

HEADER = struct.Struct("!BBHII")
USUAL = struct.Struct("!BBHIIHH")
SECOND = 1 << 18  # of abs-send-time: 24 bits, 18 of them are parts of a second
OSN, WORD = struct.Struct("!H"), struct.Struct("!I")
# libsrtp's Python binding takes 1356 bytes; header, extensions and OSN take 42 of them.
MOST_PAYLOAD = 1310


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


def newer(one: int, other: int) -> bool:
    """Whether sequence number `one` comes after `other`, around the end of its range too."""
    return 0 < (one - other) & 0xFFFF < 0x8000
