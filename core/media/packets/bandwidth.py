"""
How much a browser's line can carry, told from when its packets were sent and came.

aiortc's estimator looks at bursts. It gets whole bursts here instead of every packet, and a
cheaper count of what came, because it would otherwise take a seventh of what a call costs.
Knows no line and no clock. Source: draft-ietf-rmcat-gcc-02.
"""

from collections import deque

from aiortc.rate import (
    MIN_FRAME_PERIOD_HISTORY_LENGTH,
    OveruseEstimator,
    RateCounter,
    RemoteBitrateEstimator,
)

from core.media.packets import rtp

WINDOW = 1000  # milliseconds
IN_BITS = 8000  # bytes a millisecond, in bits a second
BURST = rtp.SECOND * 5 // 1000  # what is sent within 5 ms is taken as one


class Throughput(RateCounter):
    """Bits a second within the last one; costs by what came, not by how much time passed."""

    def __init__(self) -> None:
        self._came: deque[tuple[int, int]] = deque()
        self._sum = 0
        self._began: int | None = None
        super().__init__(WINDOW)

    def add(self, value: int, now_ms: int) -> None:
        if self._began is None:
            self._began = now_ms
        self._came.append((now_ms, value))
        self._sum += value

    def rate(self, now_ms: int) -> int | None:
        while self._came and self._came[0][0] <= now_ms - WINDOW:
            self._sum -= self._came.popleft()[1]
        if not self._came or self._began is None or now_ms <= self._began:
            return None
        return round(IN_BITS * self._sum / min(now_ms - self._began + 1, WINDOW))

    def reset(self) -> None:
        self._came.clear()
        self._began, self._sum = None, 0


class Estimator(OveruseEstimator):
    """aiortc's; it finds the shortest of its last sixty times in one step."""

    def update_min_frame_period(self, ts_delta: float) -> float:
        del self.ts_delta_hist[: 1 - MIN_FRAME_PERIOD_HISTORY_LENGTH]
        self.ts_delta_hist.append(ts_delta)
        return min(self.ts_delta_hist)


class Bandwidth:
    """The estimate for one line, in bits a second; `highest` until there is one."""

    def __init__(self, highest: int) -> None:
        self.estimate = highest
        # Most people who wait send nothing for long: it is made for those who do.
        self._estimator: RemoteBitrateEstimator | None = None
        self._first = self._last = self._size = 0  # of the burst: sent when, bytes
        self._came = 0.0

    def weigh(self, size: int, sent: bytes, now: float) -> None:
        """Learn from a packet of so many bytes; `sent` is its abs-send-time."""
        if len(sent) != 3:
            return
        time = int.from_bytes(sent, "big")
        if time - self._first & 0xFFFFFF > BURST:
            self._whole()
            self._first, self._size = time, 0
        self._last, self._came = time, now
        self._size += size

    def _whole(self) -> None:
        if self._size:
            self._estimator = self._estimator or _estimator()
            found = self._estimator.add(int(self._came * 1000), self._last, self._size, 0)
            self.estimate = found[0] if found else self.estimate


def _estimator() -> RemoteBitrateEstimator:
    estimator = RemoteBitrateEstimator()
    estimator.incoming_bitrate = Throughput()
    estimator.estimator = Estimator()
    return estimator
