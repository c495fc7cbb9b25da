"""
STUN as an attacker writes it: right, or wrong in exactly one place.

By hand, so that nothing refuses to write what is wrong. Knows no connection.
Source: RFC 8489 (5, 14.5, 14.7), RFC 8445 (7.1).
"""

import hashlib
import hmac
import os
import struct
import zlib

REQUEST, SUCCESS, ERROR = 0x0001, 0x0101, 0x0111
COOKIE = 0x2112A442
USERNAME, INTEGRITY, ERROR_CODE, XOR_MAPPED_ADDRESS = 0x0006, 0x0008, 0x0009, 0x0020
PRIORITY, USE_CANDIDATE, FINGERPRINT, CONTROLLING = 0x0024, 0x0025, 0x8028, 0x802A
HEADER, ATTRIBUTE = struct.Struct("!HHI12s"), struct.Struct("!HH")
XOR_FINGERPRINT = 0x5354554E
PRFLX = 110 << 24 | 0xFFFFFF  # what a check says of an address nobody has announced


def check(
    username: bytes | None, password: bytes, nominates: bool = False, transaction: bytes = b""
) -> bytes:
    """A connectivity check of the controlling side."""
    attributes = [] if username is None else [(USERNAME, username)]
    attributes += [(PRIORITY, struct.pack("!I", PRFLX)), (CONTROLLING, bytes(8))]
    if nominates:
        attributes.append((USE_CANDIDATE, b""))
    return _message(REQUEST, transaction or os.urandom(12), attributes, password)


def answer(request: bytes, password: bytes, host: str, port: int) -> bytes:
    """What a peer says to a check that is for it."""
    octets = bytes(int(each) for each in host.split("."))
    address = int.from_bytes(octets, "big") ^ COOKIE
    mapped = struct.pack("!BBHI", 0, 1, port ^ COOKIE >> 16, address)
    return _message(SUCCESS, request[8:20], [(XOR_MAPPED_ADDRESS, mapped)], password)


def kind(datagram: bytes) -> int:
    """REQUEST, SUCCESS, ERROR …, or 0 for what is no STUN."""
    if len(datagram) < HEADER.size or datagram[0] > 3:
        return 0
    what, _length, cookie, _transaction = HEADER.unpack_from(datagram)
    return int(what) if cookie == COOKIE else 0


def _message(
    what: int, transaction: bytes, attributes: list[tuple[int, bytes]], password: bytes
) -> bytes:
    body = b"".join(_attribute(*each) for each in attributes)
    before = HEADER.pack(what, len(body) + 24, COOKIE, transaction) + body
    body += _attribute(INTEGRITY, hmac.new(password, before, hashlib.sha1).digest())
    before = HEADER.pack(what, len(body) + 8, COOKIE, transaction) + body
    crc = zlib.crc32(before) ^ XOR_FINGERPRINT
    return before + _attribute(FINGERPRINT, struct.pack("!I", crc))


def _attribute(number: int, value: bytes) -> bytes:
    return ATTRIBUTE.pack(number, len(value)) + value + bytes(-len(value) % 4)
