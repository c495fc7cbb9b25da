"""
A tone that says when it was spoken, and how much of a talk was lost on its way.

The tone rises from 500 to 2500 Hz within two seconds, again and again: from the pitch of
20 ms of it follows which 20 ms of the talk they are. So silence, a part left out and a
part that comes late are all noticed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
PTIME = 0.020
SAMPLES = round(RATE * PTIME)
PERIOD = 2.0
LOWEST, RISE = 500, 1000  # Hz, Hz a second
AUDIBLE = 0.02  # root mean square, 0 to 1
# What a browser holds back to bridge a part that comes late: two packets at least. Chromium's
# NetEQ adapts that to the line and holds back more on a bad one.
BUFFER = 0.04

_at = np.arange(round(RATE * PERIOD)) / RATE
_wave = 0.5 * 32767 * np.sin(2 * np.pi * (LOWEST + RISE * _at / 2) * _at)
TONE: NDArray[np.int16] = np.repeat(_wave.astype(np.int16), 2)


def spoken(number: int) -> NDArray[np.int16]:
    """The 20 ms with this number: stereo, interleaved."""
    start = 2 * SAMPLES * number % len(TONE)
    return TONE[start : start + 2 * SAMPLES].reshape(1, -1)


@dataclass
class Heard:
    """What has arrived at once: 20 ms of one channel, and when."""

    at: float
    samples: NDArray[np.int16]

    @cached_property
    def audible(self) -> bool:
        return float(np.sqrt(np.mean(np.square(self.samples / 32768.0)))) > AUDIBLE

    @cached_property
    def spoken_at(self) -> float:
        """Seconds since the tone last began, from its pitch."""
        energy = np.abs(np.fft.rfft(self.samples * np.hanning(len(self.samples)), 8 * SAMPLES))
        pitch = float(energy.argmax()) * RATE / (8 * SAMPLES)
        return (pitch - LOWEST) / RISE


def longest_pause(heard: Sequence[Heard], begin: float, end: float) -> float:
    """The longest time in which nothing audible arrived, in seconds beyond the usual 20 ms."""
    times = [begin, *(each.at for each in _audible(heard, begin, end)), end]
    return max(0.0, *(after - before - PTIME for before, after in pairwise(times)))


def longest_skip(heard: Sequence[Heard], begin: float, end: float) -> float:
    """The longest part of the talk that never arrived, in seconds."""
    return max(
        0.0,
        *(_moved(before, after) - PTIME for before, after in pairwise(_audible(heard, begin, end))),
    )


def lost_at_a_time(heard: Sequence[Heard], begin: float, end: float) -> float:
    """
    The longest part of the talk that a listener missed, in seconds: it never arrived, or
    so late that the listener's own buffer ran empty before.
    """
    late = longest_pause(heard, begin, end) - BUFFER
    return max(0.0, late, longest_skip(heard, begin, end))


def _audible(heard: Sequence[Heard], begin: float, end: float) -> list[Heard]:
    return [each for each in heard if begin <= each.at < end and each.audible]


def _moved(before: Heard, after: Heard) -> float:
    """How far the talk has moved on; the time between them tells how often the tone restarted."""
    moved = after.spoken_at - before.spoken_at
    return moved + PERIOD * round((after.at - before.at - moved) / PERIOD)
