"""The media loop runs beside everything else."""

import asyncio
import threading

import pytest

from core.media import loop


@pytest.fixture
def nobody_has_started_it(monkeypatch):
    monkeypatch.setattr(loop, "_current", None)


async def whose_thread():
    return threading.current_thread()


def test_media_goes_on_while_the_loop_of_the_pages_is_held_up():
    async def page():
        """Blocks its own loop until the media loop has done its work."""
        done = asyncio.run_coroutine_threadsafe(whose_thread(), loop.current())
        return done.result(timeout=10)

    with loop.running():
        assert asyncio.run(page()) is not threading.current_thread()


def test_afterwards_it_rests_and_what_is_left_can_still_be_closed_on_it():
    with loop.running():
        kept = loop.current()
        assert kept.is_running()
    assert (kept.is_running(), kept.is_closed()) == (False, False)
    assert kept.run_until_complete(whose_thread()) is threading.current_thread()


def test_it_can_be_started_again():
    with loop.running():
        before = loop.current()
    with loop.running():
        assert loop.current() is not before
        assert loop.current().is_running()


def test_without_it_the_sentence_says_what_is_missing(nobody_has_started_it):
    with pytest.raises(RuntimeError, match="the media loop does not run"):
        loop.current()
