"""How much of something is taken in a second. Knows no clock: `now` in seconds comes in."""

from math import inf


class Limit:
    """At most `most` in every second; what is beyond that is refused and counted."""

    __slots__ = ("_began", "_count", "most", "refused")

    def __init__(self, most: int) -> None:
        self.most = most
        self.refused = 0
        self._began, self._count = -inf, 0

    def allows(self, now: float) -> bool:
        if now - self._began >= 1.0:
            self._began, self._count = now, 0
        self._count += 1
        if self._count <= self.most:
            return True
        self.refused += 1
        return False
