"""
Our end of ICE for one connection: lite, so it answers checks and never sends one.

The browser finds out which of its addresses reaches us; where an authentic check came from is
where we may send to, and to no other address, whatever an offer names. The pair that the browser
nominates is used, and after that the one that its media comes from. An end that has checked
nothing for half a minute does not want anything more (consent). Knows no socket and no media.
Sources: RFC 8445 (2.5, 5.3, 7.3, 8), RFC 7675 (5.1), RFC 9000 (8.1) for what goes to an address
before it has proved itself.
"""

import secrets
from collections.abc import Callable

from core.media.packets.limit import Limit
from core.media.transport import stun
from core.media.transport.pair import Endpoint, Pair
from core.media.transport.stun import Address

MOST_PAIRS = 16  # a phone with two networks and a relay has six
MOST_CHECKS = 60  # a second; a browser sends twenty while it is looking
# The same from addresses that have proved nothing: the first check of each. Few, so that nobody
# uses up what is for all at the same host, such as a relay.
MOST_STRANGE_CHECKS = 20
CONSENT_SECONDS = 30.0
UFRAG_BYTES, PWD_BYTES = 9, 24  # RFC 8445 asks for 24 and 128 bits
# Until something has come from an address that only this browser can have sent, it gets at most so
# many times what came from it.
FACTOR = 3


class Agent:
    """Answers the checks of one browser, and knows where it is."""

    def __init__(
        self,
        ufrag: str,
        take: Callable[[Pair, bytes, float], None],
        selected: Callable[[], None],
    ) -> None:
        self.ufrag = secrets.token_hex(UFRAG_BYTES)
        self.pwd = secrets.token_hex(PWD_BYTES)
        self.username = f"{self.ufrag}:{ufrag}".encode()  # as the browser writes it
        self.pair: Pair | None = None  # the one in use
        self._password = self.pwd.encode()
        self._take, self._selected = take, selected
        self._pairs: dict[tuple[Endpoint, Address], Pair] = {}
        self._limit, self._strangers = Limit(MOST_CHECKS), Limit(MOST_STRANGE_CHECKS)

    def hears(self, stranger: bool, now: float) -> bool:
        """Whether one more check may be looked at; a stranger's address has proved nothing yet."""
        return (self._strangers if stranger else self._limit).allows(now)

    def check(
        self, request: stun.Request, data: bytes, endpoint: Endpoint, address: Address, now: float
    ) -> Pair | None:
        """Answer a check that names us; the pair it was for if it was authentic."""
        if not stun.is_authentic(data, request, self._password):
            return None
        pair = self._pairs.get((endpoint, address)) or self._found(endpoint, address, now)
        pair.checked = pair.heard = now
        pair.come += len(data)
        if request.controlled:
            self._answer(pair, stun.refusal(request, stun.ROLE_CONFLICT, self._password))
        elif request.unknown:
            self._answer(pair, stun.refusal(request, stun.UNKNOWN_ATTRIBUTE, self._password))
        else:
            self._answer(pair, stun.success(request, address, self._password))
            if request.nominates:
                self.use(pair)
        return pair

    def _found(self, endpoint: Endpoint, address: Address, now: float) -> Pair:
        """A new pair; of too many, the one that has been quiet for longest is forgotten."""
        if len(self._pairs) >= MOST_PAIRS:
            others = [each for each in self._pairs.values() if each is not self.pair]
            self._forget(min(others, key=lambda each: each.checked))
        pair = Pair(self, endpoint, address, self._take, now)
        self._pairs[endpoint, address] = pair
        return pair

    def moved(self, endpoint: Endpoint, address: Address, now: float) -> Pair:
        """The browser is at another address: media under its keys has come from there."""
        pair = self._pairs.get((endpoint, address)) or self._found(endpoint, address, now)
        pair.heard = now
        self.follow(pair)
        return pair

    def use(self, pair: Pair) -> None:
        """From now on what the browser gets goes this way."""
        if pair is not self.pair:
            self.pair = pair
            self._selected()

    def follow(self, pair: Pair) -> None:
        """Something that nobody else can have sent has come this way."""
        pair.is_proven = True
        self.use(pair)

    def send(self, data: bytes) -> bool:
        """To where the browser is; False if it cannot be sent now."""
        pair = self.pair
        if pair is None:
            return False
        if pair.is_proven:
            return pair.endpoint.send(data, pair.address)
        return self._answer(pair, data)

    def _answer(self, pair: Pair, data: bytes) -> bool:
        if not pair.is_proven:
            if pair.gone + len(data) > FACTOR * pair.come:
                return False
            pair.gone += len(data)
        return pair.endpoint.send(data, pair.address)

    def consents(self, now: float) -> bool:
        """Whether the browser still wants something there."""
        return self.pair is None or now - self.pair.checked < CONSENT_SECONDS

    def close(self) -> None:
        """Nothing comes from or goes to this browser any more."""
        for pair in list(self._pairs.values()):
            self._forget(pair)
        self.pair = None

    def _forget(self, pair: Pair) -> None:
        del self._pairs[pair.endpoint, pair.address]
        pair.endpoint.forget(pair)
