"""What every attack has: a name, what it claims to do, and how it is done from a foothold."""

from abc import ABC, abstractmethod
from typing import ClassVar

from bench.siege.foothold import Foothold

ENOUGH = 0.8  # of what an attack claims has to be done, or nothing was measured
SIGNALS = 3.0  # offers a second that one seat may send at most


class Attack(ABC):
    """One guest who waits, attacking in one way for some seconds."""

    name: ClassVar[str]
    tabs: ClassVar[int] = 2  # pages it keeps open

    @classmethod
    def is_possible(cls) -> bool:
        """Whether this user may do it on this machine."""
        return True

    def lasts(self, seconds: float) -> float:
        """How long it takes when the others take `seconds`."""
        return seconds

    @abstractmethod
    def claims(self, seconds: float) -> dict[str, float]:
        """How often it does what, by the names under which that is counted."""

    @abstractmethod
    def run(self, guest: Foothold) -> None:
        """Until the time is over."""
