"""
STUN as an ICE-lite end needs it: Binding requests in, answers out.

Bytes and numbers only: knows no socket and no connection, keeps nothing. A request is looked at
in the order that costs a stranger's datagram least: size, shape, USERNAME; its integrity is the
caller's to ask for, once the USERNAME is one of ours.
Sources: RFC 8489 (5, 6.3, 9.1, 14), RFC 8445 (7.1, 7.3).
"""

import hmac
import socket
import struct
import zlib
from dataclasses import dataclass

LARGEST = 548  # bytes; what a Binding request of any browser stays far below
MOST_ATTRIBUTES = 16  # browsers send nine
HEADER = struct.Struct("!HHI12s")
ATTRIBUTE = struct.Struct("!HH")
COOKIE = 0x2112A442
REQUEST, SUCCESS, ERROR = 0x0001, 0x0101, 0x0111
USERNAME, MESSAGE_INTEGRITY, ERROR_CODE, XOR_MAPPED_ADDRESS = 0x0006, 0x0008, 0x0009, 0x0020
UNKNOWN_ATTRIBUTES = 0x000A
PRIORITY, USE_CANDIDATE, FINGERPRINT, ICE_CONTROLLED = 0x0024, 0x0025, 0x8028, 0x8029
UNDERSTOOD = {USERNAME, MESSAGE_INTEGRITY, PRIORITY, USE_CANDIDATE}
OPTIONAL = 0x8000  # from here on an attribute may be passed over
DIGEST, CRC_XOR = 20, 0x5354554E
ROLE_CONFLICT, UNKNOWN_ATTRIBUTE = (487, b"Role Conflict"), (420, b"Unknown Attribute")
# Host and port; of IPv6 with flow and scope, as the socket has it.
Address = tuple[str, int] | tuple[str, int, int, int]


@dataclass(slots=True)
class Request:
    """A Binding request whose integrity nobody has asked for yet."""

    transaction: bytes
    username: bytes
    nominates: bool = False  # the browser wants to use this pair of addresses
    controlled: bool = False  # the sender takes itself for the controlled end, as we are
    unknown: bytes = b""  # attributes that must be understood and are not, two bytes each
    integrity_at: int = 0


def read(data: bytes) -> Request | None:
    """The request in a datagram; None for whatever else it may be."""
    size = len(data)
    if not HEADER.size < size <= LARGEST or size % 4:
        return None
    kind, length, cookie, transaction = HEADER.unpack_from(data)
    if kind != REQUEST or cookie != COOKIE or length != size - HEADER.size:
        return None
    request = Request(transaction, b"")
    at = HEADER.size
    for _ in range(MOST_ATTRIBUTES):
        if at == size:
            break
        name, length = ATTRIBUTE.unpack_from(data, at)
        value = at + ATTRIBUTE.size
        if value + length > size:
            return None
        if request.integrity_at:  # what comes behind it is not protected by it
            if name == FINGERPRINT and not _is_fingerprint(data, at, length):
                return None
        elif not _noted(request, name, data, value, length):
            return None
        at = value + (length + 3 & ~3)
    return request if at == size and request.integrity_at and request.username else None


def _noted(request: Request, name: int, data: bytes, value: int, length: int) -> bool:
    """Keep what this attribute says; False if it cannot be."""
    if name == USERNAME:
        request.username = data[value : value + length]
    elif name == MESSAGE_INTEGRITY:
        request.integrity_at = value - ATTRIBUTE.size
        return length == DIGEST
    elif name == USE_CANDIDATE:
        request.nominates = True
    elif name == ICE_CONTROLLED:
        request.controlled = True
    elif name < OPTIONAL and name not in UNDERSTOOD:
        request.unknown += name.to_bytes(2, "big")
    return True


def is_authentic(data: bytes, request: Request, password: bytes) -> bool:
    """Whether the sender of this datagram knows our password."""
    at = request.integrity_at
    sent = data[at + ATTRIBUTE.size : at + ATTRIBUTE.size + DIGEST]
    return hmac.compare_digest(sent, _integrity(data[:at], password))


def success(request: Request, address: Address, password: bytes) -> bytes:
    """Yes, and from where the request came (XOR-MAPPED-ADDRESS)."""
    mapped = _xor_address(address, request.transaction)
    return _message(SUCCESS, request, [(XOR_MAPPED_ADDRESS, mapped)], password)


def refusal(request: Request, error: tuple[int, bytes], password: bytes) -> bytes:
    """No, and why; and what was not understood."""
    code, reason = error
    value = struct.pack("!HBB", 0, code // 100, code % 100) + reason
    attributes = [(ERROR_CODE, value)]
    if request.unknown:
        attributes.append((UNKNOWN_ATTRIBUTES, request.unknown))
    return _message(ERROR, request, attributes, password)


def _message(
    kind: int, request: Request, attributes: list[tuple[int, bytes]], password: bytes
) -> bytes:
    body = b"".join(
        ATTRIBUTE.pack(name, len(value)) + value + bytes(-len(value) % 4)
        for name, value in attributes
    )
    message = HEADER.pack(kind, len(body), COOKIE, request.transaction) + body
    integrity = _integrity(message, password)
    message += ATTRIBUTE.pack(MESSAGE_INTEGRITY, DIGEST) + integrity
    message = _reaching(message, len(message) + ATTRIBUTE.size + 4)
    crc = zlib.crc32(message) ^ CRC_XOR
    return message + ATTRIBUTE.pack(FINGERPRINT, 4) + crc.to_bytes(4, "big")


def _reaching(message: bytes, size: int) -> bytes:
    """The message, saying that it is so many bytes long."""
    return message[:2] + (size - HEADER.size).to_bytes(2, "big") + message[4:]


def _integrity(message: bytes, password: bytes) -> bytes:
    """Over everything before it, as if it were the last attribute."""
    reaching = _reaching(message, len(message) + ATTRIBUTE.size + DIGEST)
    return hmac.digest(password, reaching, "sha1")


def _is_fingerprint(data: bytes, at: int, length: int) -> bool:
    if length != 4 or at + ATTRIBUTE.size + length != len(data):
        return False
    crc = zlib.crc32(data[:at]) ^ CRC_XOR
    return data[at + ATTRIBUTE.size :] == crc.to_bytes(4, "big")


def _xor_address(address: Address, transaction: bytes) -> bytes:
    host, port = address[:2]
    is_4 = ":" not in host
    packed = socket.inet_pton(socket.AF_INET if is_4 else socket.AF_INET6, host.partition("%")[0])
    mask = COOKIE.to_bytes(4, "big") + transaction
    hidden = bytes(one ^ other for one, other in zip(packed, mask, strict=False))
    return struct.pack("!BBH", 0, 1 if is_4 else 2, port ^ COOKIE >> 16) + hidden
