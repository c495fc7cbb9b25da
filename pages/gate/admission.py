"""
Who opens a WebSocket: a page of our own, in a browser with a live seat.

Asks the doors which seats are live, and the sessions whose they are; knows no deed.
"""

import asyncio
from weakref import WeakValueDictionary

from starlette.requests import HTTPConnection
from starlette.types import Scope

from core.wishes import LONGEST_WISH
from pages.doors import address, live_seats
from pages.gate.origin import same_origin
from pages.tabs import credentials, payers, sessions

# So many browsers' cookies are looked up at a time, and one from each address: a flood of
# forged ones keeps no thread from the rest, and nobody behind another address waiting.
_AT_A_TIME = 4
# What Streamlit asks a handshake for; our pages and the live socket ask for cookies and language.
_ASKED = {b"accept-language", b"cookie", b"host", b"origin", b"sec-websocket-protocol"}


class Admission:
    """The handshake's question: which live seats are behind these cookies?"""

    def __init__(self) -> None:
        self._looking = asyncio.Semaphore(_AT_A_TIME)
        # An address is forgotten as soon as nobody from there waits any more.
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def seats(self, scope: Scope) -> frozenset[str]:
        """The names of the seats; empty for nobody. Without a credential nothing is looked up."""
        connection = HTTPConnection(scope)
        if not same_origin(connection.headers) or not credentials.digests(connection.cookies):
            return frozenset()
        turn = self._turns.setdefault(address.of(scope), asyncio.Lock())
        async with turn, self._looking:
            return await live_seats.admitted(scope)


def behind(scope: Scope, payer: str) -> Scope:
    """
    The handshake as it is known behind the gate, without a session that is not this browser's own,
    and with the mark of the seat that pays for its pages.

    What Streamlit gets it keeps for as long as a page is open. The third of the offered protocols
    is the id of an earlier session, and anyone who names one would get it. Without it a new session
    begins, and the other one is not disturbed.
    """
    own = credentials.digests(HTTPConnection(scope).cookies)
    headers = [
        (name, _trimmed(name.lower(), value, own))
        for name, value in scope["headers"]
        if name.lower() in _ASKED
    ]
    return {**scope, "headers": [*headers, (payers.HEADER.encode(), payer.encode())]}


def _trimmed(name: bytes, value: bytes, own: set[str]) -> bytes:
    if name == b"accept-language":
        return value[:LONGEST_WISH]
    return _own_session(value, own) if name == b"sec-websocket-protocol" else value


def _own_session(offered: bytes, own: set[str]) -> bytes:
    protocols = [each.strip() for each in offered.decode("latin-1").split(",")]
    kept = [each for each in protocols[2:3] if sessions.holder_of(each) in own]
    return ", ".join([*protocols[:2], *kept]).encode("latin-1")
