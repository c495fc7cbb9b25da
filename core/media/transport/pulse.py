"""
The beat of all connections: what is due without anything having come.

One for all of them, because waking up costs more than looking. Knows neither packets nor lines.
"""

import asyncio
import time
from typing import Protocol
from weakref import WeakKeyDictionary

PULSE = 0.05  # seconds between two looks at what is missing


class Beating(Protocol):
    """What has something to do now and then."""

    def beat(self, now: float) -> bool: ...


_beating: WeakKeyDictionary[asyncio.AbstractEventLoop, set[Beating]] = WeakKeyDictionary()


def join(one: Beating) -> None:
    """From now on it beats on this loop, until it answers False; it never raises."""
    loop = asyncio.get_running_loop()
    all_of_them = _beating.get(loop)
    if all_of_them is None:
        all_of_them = _beating[loop] = set()
        loop.call_later(PULSE, _beat, loop)
    all_of_them.add(one)


def _beat(loop: asyncio.AbstractEventLoop) -> None:
    now = time.monotonic()
    going_on = {each for each in _beating[loop] if each.beat(now)}
    if going_on:
        _beating[loop] = going_on
        loop.call_later(PULSE, _beat, loop)
    else:
        del _beating[loop]
