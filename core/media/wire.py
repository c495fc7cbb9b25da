"""
Which datagrams reach a call: those of its own browser. Encrypted media comes here first.

aioice hands on whatever arrives at a port. An empty datagram from anybody ends the call in
aiortc 1.16, and a stranger's could begin its encryption instead of the browser (the
ClientHello race: OWASP ASVS 5.0, 17.2.6). Media goes straight to the connection, past two
queues and a task of aiortc's. The only module that touches aioice's private names;
`prepare` says at start whether they are still there. Knows no room and no line.
Source: RFC 7983 (how STUN, DTLS and SRTP are told apart).
"""

import struct
from collections.abc import Callable
from typing import Any

from aioice import Candidate, Connection, stun
from aioice.ice import StunProtocol

from core.media.srtp import LARGEST

TAKER = "takes_media"
_taken = StunProtocol.datagram_received


class LibraryChanged(RuntimeError):
    """A private name that this module needs has moved."""


def prepare() -> None:
    """Once at start: from now on every port of every call looks first."""
    candidate = Candidate("1", 1, "udp", 1, "127.0.0.1", 9, "host")
    connection = Connection(True)
    private = (
        (connection, "_remote_candidates"),
        (connection, "_nominated"),
        (candidate, "_network_host"),
    )
    missing = [name for thing, name in private if not hasattr(thing, name)]
    if missing:
        raise LibraryChanged(f"aioice has changed: {', '.join(missing)}")
    StunProtocol.datagram_received = _look_first  # type: ignore[method-assign]  # the purpose


def divert(connection: Connection, take: Callable[[bytes], None]) -> None:
    """From now on `take` gets the encrypted media (SRTP, SRTCP) that comes to this connection."""
    if StunProtocol.datagram_received is not _look_first:
        raise RuntimeError("the ports do not look first: core.media.wire.prepare()")
    # On this one object: it is asked for every packet.
    setattr(connection, TAKER, take)


def _look_first(self: StunProtocol, data: Any, addr: tuple[Any, ...]) -> None:
    connection = self.receiver
    if not is_for_the_call(connection, data, addr):
        return
    take = getattr(connection, TAKER, None) if 127 < data[0] < 192 else None
    if take is None:
        _taken(self, data, addr)
    else:
        take(data)


def is_for_the_call(connection: Connection, data: bytes, addr: tuple[Any, ...]) -> bool:
    """STUN that can be read, which aioice authenticates; the rest from the browser's addresses."""
    if not 0 < len(data) <= LARGEST:
        return False
    if data[0] < 4:
        return _readable(data)
    pair = connection._nominated.get(1)
    if pair is not None and _is_at(pair.remote_candidate, addr):  # nearly always
        return True
    known = connection._remote_candidates
    return any(_is_at(each, addr) for each in known)


def _is_at(candidate: Candidate, addr: tuple[Any, ...]) -> bool:
    same: bool = candidate.port == addr[1] and candidate._network_host == addr[0]
    return same


def _readable(data: bytes) -> bool:
    try:
        stun.parse_message(data)
    except (ValueError, struct.error):
        return False
    return True
