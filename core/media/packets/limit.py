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


class Budget:
    """
    So much a second in the long run, and `most` at once; anyone who has spent more has to wait.

    What something costs is often known only afterwards: ask before, charge after. `now` in
    seconds comes in.
    """

    __slots__ = ("_left", "_rate", "_then", "most")

    def __init__(self, rate: float, most: float) -> None:
        self._rate, self.most = rate, most
        self._left, self._then = most, -inf

    def allows(self, now: float) -> bool:
        """Whether anything is left."""
        if self._then != -inf:
            self._left = min(self.most, self._left + (now - self._then) * self._rate)
        self._then = now
        return self._left > 0

    def charge(self, cost: float) -> None:
        self._left -= cost
