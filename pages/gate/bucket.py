"""
How often somebody may do something, and how long to wait before the next time.

Knows no clock but the process's own. The generic cell rate algorithm of ITU-T I.371.
"""

import threading
import time
from dataclasses import dataclass, field


@dataclass
class Bucket:
    """`rate` a second in the long run, `burst` at once. Thread-safe."""

    rate: float
    burst: float
    _next: float = 0.0  # when the bucket would be full of what has been taken
    _pressed: float | None = field(default=None)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, count: float = 1) -> float:
        """Take so many; the seconds until they may be used, 0 while there are any."""
        now = time.monotonic()
        wait = max(0.0, self.owe(count) - now)
        self._pressed = (self._pressed or now) if wait else None
        return wait

    def owe(self, count: float) -> float:
        """Take so many that have been used already: anyone who comes next waits for them."""
        with self._lock:
            full = time.monotonic() - self.burst / self.rate
            self._next = max(self._next, full) + count / self.rate
            return self._next

    def take_now(self) -> bool:
        """Take one if there is one."""
        if self._next + 1 / self.rate > time.monotonic():
            return False
        self.take()
        return True

    def pressed_for(self) -> float:
        """For how many seconds every single one has had to wait."""
        return time.monotonic() - self._pressed if self._pressed is not None else 0.0
