"""
A pair of ICE: one of our addresses and one of a browser's, and what is known of the way between.

Knows neither checks nor keys: who has seen something authentic come this way notes it here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from core.media.transport.stun import Address

HELD_SECONDS = 10.0  # a browser reports every second, and checks every few


class Endpoint(Protocol):
    """The socket at one of our addresses."""

    def send(self, data: bytes, address: Address) -> bool: ...

    def forget(self, pair: "Pair") -> None: ...


class Owner(Protocol):
    """Whose pairs they are."""

    pair: "Pair | None"  # the one in use


@dataclass(slots=True, eq=False)
class Pair:
    """One of our addresses and one of the browser's that an authentic check came from."""

    agent: Owner
    endpoint: Endpoint
    address: Address
    take: Callable[["Pair", bytes, float], None]  # what comes from there and is no check
    checked: float  # when the last authentic check came
    heard: float = 0.0  # when the last of anything authentic came
    come: int = 0  # bytes, until it is proven
    gone: int = 0
    is_proven: bool = False  # the handshake went this way, or media under its keys came from there

    def is_held(self, now: float) -> bool:
        """Whether nobody else can be at this address: its browser has shown lately that it is."""
        in_use = self.is_proven and self.agent.pair is self
        return in_use and now - self.heard < HELD_SECONDS
