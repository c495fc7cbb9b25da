"""What `bench/siege/watch.py` sees of a loop, and what it must not take for work."""

import asyncio
import gc
import time

import pytest
import uvloop

from bench.siege.watch import EVERY, GARBAGE, Step, watch, watch_garbage

BUSY = 0.05


def steps_while(deed, new_loop):
    """What is noted while `deed` is called on a loop that has nothing else to do."""
    seen = []
    with asyncio.Runner(loop_factory=new_loop) as runner:
        loop = runner.get_loop()
        watch("tried", loop, seen.append)

        async def scene():
            await asyncio.sleep(5 * EVERY)
            deed()
            await asyncio.sleep(5 * EVERY)

        runner.run(scene())
    return seen


def work():
    """Use CPU time, however long that takes on the clock."""
    until = time.thread_time() + BUSY
    while time.thread_time() < until:
        pass


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_callback_that_takes_long_is_one_long_step(new_loop):
    (step,) = [each for each in steps_while(work, new_loop) if each.seconds >= BUSY]
    assert step.seconds < BUSY + 2 * EVERY


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_loop_that_had_to_wait_for_its_core_has_done_nothing(new_loop):
    assert not [
        each for each in steps_while(lambda: time.sleep(BUSY), new_loop) if each.seconds > EVERY * 3
    ]


def test_garbage_is_nobodys_step():
    kept = [[number] for number in range(1_000_000)]
    seen = []
    watch_garbage(seen.append)
    try:
        steps = steps_while(gc.collect, uvloop.new_event_loop)
    finally:
        gc.callbacks.pop()
    longest = max(each.seconds for each in seen if each.loop == GARBAGE)
    assert longest > max((each.seconds for each in steps), default=0.0)
    assert len(kept) == 1_000_000


def test_a_step_is_read_as_it_was_written():
    step = Step("media", 12.5, 0.025)
    assert Step.read(str(step)) == step
