"""
How long a loop was busy without a pause, measured where other programs do not matter.

A beat is called every few milliseconds on the loop and asks how much CPU time its thread has used
since the beat before. One callback that takes long, or many that the loop takes in one turn, are
seen as one long step: what came meanwhile, a packet of a talk for instance, had to wait for it.

CPU time of the thread (`time.thread_time`), not time on the clock: on a machine with other work a
thread that is not given a core for 30 ms looks as if it had worked for 30 ms. So the figure hardly
depends on the machine's noise, and a test may have a limit for it. The price: what is not the
thread's own work is not seen. A thread that waits for Python's lock (another thread draws a page),
for the database or for a disk uses no CPU time; `bench.siege` notices those by the sound that is
lost. A virtual machine whose host takes a core away in the middle may count that as CPU time.

A step is too long by what the loop did between the beat before and the callback: 4 ms at most.

Python's own garbage collection is no step of the loop: it comes over whichever thread allocates
next. But it holds Python's lock, so that everything waits; it is noted under a name of its own.
"""

import asyncio
import gc
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

STEPS = "BENCH_STEPS"  # in a served app's environment: the file that long steps are written to
PAGES, MEDIA, GARBAGE = "pages", "media", "garbage"
EVERY = 0.004  # seconds
NOTED = 0.008
MICRO = 1_000_000
_collected: Counter[int] = Counter()  # CPU microseconds, by the thread they came over


@dataclass(frozen=True)
class Step:
    """One long step of a loop: which, when it was over (monotonic), and its CPU seconds."""

    loop: str
    at: float
    seconds: float

    def __str__(self) -> str:
        return f"{self.loop} {self.at:.6f} {self.seconds:.6f}"

    @classmethod
    def read(cls, line: str) -> "Step":
        loop, at, seconds = line.split()
        return cls(loop, float(at), float(seconds))


def watch_garbage(note: Callable[[Step], None]) -> None:
    """From now on `note` is told every long garbage collection, and loops are not blamed for it."""
    began = 0.0

    def look(phase: str, _info: dict[str, int]) -> None:
        nonlocal began
        if phase == "start":
            began = time.thread_time()
            return
        used = time.thread_time() - began
        _collected[threading.get_ident()] += round(used * MICRO)
        if used >= NOTED:
            note(Step(GARBAGE, time.monotonic(), used))

    gc.callbacks.append(look)


def watch(name: str, loop: asyncio.AbstractEventLoop, note: Callable[[Step], None]) -> None:
    """From now on `note` is told every long step of this loop, in its thread."""
    before = 0.0

    def work() -> float:
        """CPU seconds of this thread, without those in which garbage was collected."""
        return time.thread_time() - _collected[threading.get_ident()] / MICRO

    def beat() -> None:
        nonlocal before
        used = work() - before
        if used >= NOTED:
            note(Step(name, time.monotonic(), used))
        begin()

    def begin() -> None:
        nonlocal before
        before = work()
        loop.call_later(EVERY, beat)

    loop.call_soon_threadsafe(begin)
