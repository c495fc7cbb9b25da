"""One relay under load: its participants, and what it costs while they talk. Knows no bars."""

import asyncio
import gc
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import psutil

from bench.relay.film import Film
from bench.relay.participant import BEAT, EVERY, Participant

PER_CALL = 2
SETTLED = 3.0  # seconds until pictures have begun everywhere; less before a short window
MEGABYTE = 2**20
MILLI, MICRO = 1e3, 1e6
DELIVERED = 0.99  # of what was sent; with less, a row does not count


@dataclass(frozen=True)
class Row:
    """What was noticed of one relay with so many calls."""

    relay: str
    calls: int
    core_per_call: float  # CPU seconds a second
    micros_per_packet: float
    delivered: float  # part of the packets; where everything is encoded again, of what they hold
    p50: float  # added milliseconds, as the next two
    p95: float
    p99: float
    memory: float  # resident megabytes of the whole process
    generator: float  # cores that the generator itself took

    @property
    def counts(self) -> bool:
        return self.delivered >= DELIVERED


@dataclass
class Relay:
    """A relay's process, how to ask it for an answer, and who is connected to it."""

    name: str
    pid: int
    ask: Callable[[int, str], Awaitable[str]]  # number of the participant, offer
    stop: Callable[[], None]
    film: Film
    echoes: bool = False  # everybody gets back what they sent
    encodes: bool = False
    participants: list[Participant] = field(default_factory=list)

    async def connect(self, calls: int) -> None:
        """Have so many calls connected; those that are stay."""
        while (number := len(self.participants)) < calls * PER_CALL:
            made = Participant(self.film)
            await made.connect(partial(self.ask, number))
            self.participants.append(made)
            if number % PER_CALL and not self.echoes:
                made.partner = self.participants[number - 1]
                made.partner.partner = made

    def play(self) -> None:
        """Everybody sends; spread over the time from one picture to the next."""
        begin = asyncio.get_running_loop().time() + BEAT
        for number, each in enumerate(self.participants):
            each.play(begin + number * BEAT * EVERY / len(self.participants))

    def pause(self) -> None:
        for each in self.participants:
            each.pause()

    async def measure(self, seconds: float) -> Row:
        gc.collect()
        self.play()
        await asyncio.sleep(min(SETTLED, seconds))
        for each in self.participants:
            each.waits.clear()
        before = self._counted()
        await asyncio.sleep(seconds)
        passed = self._counted() - before
        self.pause()
        return self._row(*passed.tolist())

    def _counted(self) -> np.ndarray:
        """Clocks, and sums over everybody: each the two ends of what `_row` divides."""
        counts = [each.counts for each in self.participants]
        clocks = [time.monotonic(), cpu_seconds(self.pid), cpu_seconds(None)]
        return np.array([*clocks, *np.sum(counts, axis=0)])

    def _row(
        self,
        seconds: float,
        cpu: float,
        own: float,
        sent: float,
        packets: float,
        sent_whole: float,
        whole: float,
    ) -> Row:
        calls = len(self.participants) // PER_CALL
        waits = [wait for each in self.participants for wait in each.waits] or [math.inf]
        p50, p95, p99 = (MILLI * float(each) for each in np.percentile(waits, (50, 95, 99)))
        return Row(
            relay=self.name,
            calls=calls,
            core_per_call=cpu / seconds / calls,
            micros_per_packet=MICRO * cpu / sent,
            delivered=whole / sent_whole if self.encodes else packets / sent,
            p50=p50,
            p95=p95,
            p99=p99,
            memory=psutil.Process(self.pid).memory_info().rss / MEGABYTE,
            generator=own / seconds,
        )

    async def close(self) -> None:
        await asyncio.gather(*(each.close() for each in self.participants))
        self.stop()


def cpu_seconds(pid: int | None) -> float:
    """User and system time of all threads of a process, of this one if none is named."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)
