"""
So often within a time, for each name: counted in memory, in bounded space and time.

A window begins with the first count and is fixed (docs/decisions/0010). All windows of one limit
last equally long, so they end in the order in which they began: nobody has to look for the ones
that are over, however many names there are. Knows nothing of what is counted.
"""

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass
from time import monotonic

# Names at one limit. Of more, the oldest window is forgotten: somebody may then miss more often,
# nobody less. A password check takes so long that a window is over before as many have been made.
MOST = 50_000


@dataclass
class Window:
    ends: float
    count: int = 0


class Limit:
    """`amount` in so many minutes, for each name. Thread-safe."""

    def __init__(self, amount: int, minutes: float = 1, most: int = MOST) -> None:
        self.amount = amount
        self._seconds, self._most = minutes * 60, most
        self._lock = threading.Lock()
        self._windows: OrderedDict[tuple[str, ...], Window] = OrderedDict()

    def hit(self, *name: str, cost: int = 1) -> bool:
        """Count it, too much as well; whether it was not too much."""
        with self._lock:
            now = monotonic()
            self._forget_old(now)
            window = self._living(name, now)
            if window is None:
                window = self._begin(name, now)
            window.count += cost
            return window.count <= self.amount

    def wait(self, *name: str) -> int:
        """The seconds until it may be counted once more; 0: now."""
        with self._lock:
            now = monotonic()
            window = self._living(name, now)
            if window is None or window.count < self.amount:
                return 0
            return max(1, math.ceil(window.ends - now))

    def clear(self, *name: str) -> None:
        with self._lock:
            self._windows.pop(name, None)

    def forget(self) -> None:
        """Everybody starts over."""
        with self._lock:
            self._windows.clear()

    def __len__(self) -> int:
        return len(self._windows)

    def _living(self, name: tuple[str, ...], now: float) -> Window | None:
        window = self._windows.get(name)
        if window is not None and window.ends <= now:
            del self._windows[name]
            return None
        return window

    def _begin(self, name: tuple[str, ...], now: float) -> Window:
        if len(self._windows) >= self._most:
            self._windows.popitem(last=False)
        window = self._windows[name] = Window(now + self._seconds)
        return window

    def _forget_old(self, now: float) -> None:
        """Two at a time: more than come, and nobody waits while a flood of them is cleared."""
        for _ in range(2):
            oldest = next(iter(self._windows.values()), None)
            if oldest is not None and oldest.ends <= now:
                self._windows.popitem(last=False)
