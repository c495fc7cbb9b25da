"""
STUN checks as browsers send them, and what no browser sends, for the tests.

Integrity and fingerprint are aioice's; the bytes around them are put together here, because
aioice writes only what it knows itself.
"""

import secrets
import zlib

from aioice import stun as theirs

COOKIE = 0x2112A442
NETWORK_INFO = 0xC057  # GOOG-NETWORK-INFO: Chromium's own


def attribute(name: int, value: bytes = b"") -> bytes:
    return name.to_bytes(2, "big") + len(value).to_bytes(2, "big") + value + bytes(-len(value) % 4)


NETWORK = attribute(NETWORK_INFO, b"\x00\x01\x00\x0a")
CONTROLLING, CONTROLLED = attribute(0x802A, bytes(8)), attribute(0x8029, bytes(8))
NOMINATION, PRIORITY = attribute(0x0025), attribute(0x0024, b"\x6e\x7f\x00\xff")


def named(username: str) -> bytes:
    return attribute(0x0006, username.encode())


def header(length: int, transaction: bytes = b"transaction1") -> bytes:
    return b"\x00\x01" + length.to_bytes(2, "big") + COOKIE.to_bytes(4, "big") + transaction


def proven(attributes: bytes, password: str, transaction: bytes = b"transaction1") -> bytes:
    """A request with these attributes and its integrity."""
    digest = theirs.message_integrity(
        header(len(attributes), transaction) + attributes, password.encode()
    )
    return header(len(attributes) + 24, transaction) + attributes + attribute(0x0008, digest)


def ended(request: bytes) -> bytes:
    """The request with its fingerprint behind it."""
    longer = request[:2] + (len(request) - 20 + 8).to_bytes(2, "big") + request[4:]
    return longer + attribute(0x8028, (zlib.crc32(longer) ^ 0x5354554E).to_bytes(4, "big"))


def check(
    username: str,
    password: str,
    nominates: bool = False,
    role: bytes = CONTROLLING,
    more: bytes = b"",
) -> bytes:
    """As Chromium writes it, in its order."""
    asked = NOMINATION if nominates else b""
    attributes = named(username) + NETWORK + role + asked + PRIORITY + more
    return ended(proven(attributes, password, secrets.token_bytes(12)))


def read(answer: bytes, password: str) -> theirs.Message:
    """An answer of ours as aioice reads it; it must prove that it is ours."""
    message = theirs.parse_message(answer)
    assert message.check_message_integrity(password.encode())
    return message
