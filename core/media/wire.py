"""
Which datagrams reach a call: those of its own browser.

aioice hands on whatever arrives at a port. An empty datagram from anybody ends the call in
aiortc 1.16, and a stranger's could begin its encryption instead of the browser (the
ClientHello race: OWASP ASVS 5.0, 17.2.6). The only module that touches aioice's private
names; `prepare` says at start whether they are still there. Knows no room and no line.
Source: RFC 7983 (how STUN is told apart).
"""

import struct
from typing import Any, cast

from aioice import Candidate, Connection, stun
from aioice.ice import StunProtocol

_taken = StunProtocol.datagram_received


class LibraryChanged(RuntimeError):
    """A private name that this module needs has moved."""


def prepare() -> None:
    """Once at start: from now on every port of every call looks first."""
    candidate = Candidate("1", 1, "udp", 1, "127.0.0.1", 9, "host")
    private = ((Connection(True), "_remote_candidates"), (candidate, "_network_host"))
    missing = [name for thing, name in private if not hasattr(thing, name)]
    if missing:
        raise LibraryChanged(f"aioice has changed: {', '.join(missing)}")
    StunProtocol.datagram_received = _look_first  # type: ignore[method-assign]  # the purpose


def _look_first(self: StunProtocol, data: bytes | str, addr: tuple[Any, ...]) -> None:
    if is_for_the_call(self.receiver, cast(bytes, data), addr):
        _taken(self, data, addr)


def is_for_the_call(connection: Connection, data: bytes, addr: tuple[Any, ...]) -> bool:
    """STUN that can be read, which aioice authenticates; the rest from the browser's addresses."""
    if not data:
        return False
    if data[0] < 4:
        return _readable(data)
    known = connection._remote_candidates
    return any((each._network_host, each.port) == addr[:2] for each in known)


def _readable(data: bytes) -> bool:
    try:
        stun.parse_message(data)
    except (ValueError, struct.error):
        return False
    return True
