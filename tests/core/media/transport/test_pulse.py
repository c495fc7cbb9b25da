"""One beat for everybody on a loop."""

import asyncio

import pytest

from core.media.transport import pulse
from tests.core.media.peers import until


class Beating:
    """Goes on for so many beats."""

    def __init__(self, beats):
        self.left, self.times = beats, []

    def beat(self, now):
        self.times.append(now)
        self.left -= 1
        return self.left > 0


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(pulse, "PULSE", 0.001)


def test_everybody_beats_until_they_do_not_want_to_any_more():
    async def scene():
        short, long = Beating(2), Beating(5)
        pulse.join(short)
        pulse.join(long)
        await until(lambda: long.left == 0)
        assert (len(short.times), len(long.times)) == (2, 5)
        assert long.times[:2] == short.times  # one look at the clock for all

    asyncio.run(scene())


def test_when_nobody_beats_nothing_is_kept_and_the_next_one_begins_it_anew():
    async def scene():
        loop = asyncio.get_running_loop()
        for _ in range(2):
            one = Beating(3)
            pulse.join(one)
            await until(lambda one=one: one.left == 0)
            assert loop not in pulse._beating

    asyncio.run(scene())


def test_who_joins_twice_beats_once():
    async def scene():
        one, other = Beating(3), Beating(6)
        for each in (one, one, other):
            pulse.join(each)
        await until(lambda: other.left == 0)
        assert len(one.times) == 3

    asyncio.run(scene())
