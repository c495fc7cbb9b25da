"""What a stream that is put together needs of its sender. Knows no room and no socket."""

from dataclasses import dataclass
from typing import Protocol

from core.media.packets.parts import Part


@dataclass
class SenderReport:
    """When the sender says it was which timestamp. Source: RFC 3550 (6.4.1)."""

    ssrc: int
    ntp: int
    timestamp: int
    arrived: float  # seconds of our own steady clock


class Source(Protocol):
    """Somebody whose packets an outlet carries."""

    @property
    def seat(self) -> str: ...

    @property
    def screen_of(self) -> str | None:
        """The seat whose screen this is."""

    @property
    def silent(self) -> bool:
        """Whether nothing at all comes from there."""

    def want_keyframe(self) -> None: ...

    def clock_of(self, part: Part) -> SenderReport | None:
        """The newest report of the stream that comes now, its `ntp` by our clock."""
