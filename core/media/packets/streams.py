"""What RTCP needs of one person's streams. Knows no room and no socket."""

from collections.abc import Iterator
from typing import Protocol

from core.media.packets.inlet import Inlet
from core.media.packets.outlet import Outlet
from core.media.packets.parts import Part


class Streams(Protocol):
    """The streams of one line, as they come and go."""

    inlets: dict[Part, Inlet]
    places: list[dict[Part, Outlet]]
    asked: tuple[int, int]  # bits a second of its picture: lowest, highest

    @property
    def outlets(self) -> Iterator[tuple[Part, Outlet]]: ...

    def hearers_limit(self, now: float) -> int:
        """Bits a second that everybody who sees this person can take."""
