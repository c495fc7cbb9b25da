"""The media loop runs beside everything else, and the port is on it."""

import asyncio
import threading

import pytest

from core.media.transport import addresses, loop
from core.media.transport.port import Port
from core.media.transport.udp import CannotListen
from tests.core.media.transport.wires import LOOPBACK, Member, Wire
from tests.ports import free_ports


@pytest.fixture
def nobody_has_started_it(monkeypatch):
    monkeypatch.setattr(loop, "_current", None)


@pytest.fixture(autouse=True)
def number(monkeypatch):
    """The port of the settings."""
    first, _ = free_ports(1)
    monkeypatch.setattr(addresses, "port", lambda: Port([LOOPBACK], first))
    return first


async def whose_thread():
    return threading.current_thread()


def test_media_goes_on_while_the_loop_of_the_pages_is_held_up():
    async def page():
        """Blocks its own loop until the media loop has done its work."""
        done = asyncio.run_coroutine_threadsafe(whose_thread(), loop.current())
        return done.result(timeout=10)

    with loop.running():
        assert asyncio.run(page()) is not threading.current_thread()


def test_the_port_answers_while_it_runs():
    async def browser(member):
        wire = Wire(loop.port())
        wire.send(member.check())
        answer = await wire.get()
        wire.close()
        return answer

    with loop.running():
        assert asyncio.run(browser(Member(loop.port())))


def test_afterwards_it_rests_and_what_is_left_can_still_be_closed_on_it():
    with loop.running():
        kept = loop.current()
        assert kept.is_running()
    assert (kept.is_running(), kept.is_closed()) == (False, False)
    assert kept.run_until_complete(whose_thread()) is threading.current_thread()


def test_afterwards_nobody_has_the_port(number):
    with loop.running():
        pass
    Port([LOOPBACK], number).close()


def test_before_it_rests_everybody_has_heard_goodbye():
    with loop.running():
        members = [Member(loop.port()) for _ in range(3)]
        assert len(loop.port().members) == 3
        port = loop.port()
    assert port.members == []
    assert [each.agent.pair for each in members] == [None] * 3


def test_a_goodbye_that_fails_leaves_neither_loop_nor_port_behind(number):
    class Broken(Member):
        async def close(self):
            raise KeyError

    kept = None
    try:
        with loop.running():
            kept, port = loop.current(), loop.port()
            Broken(port)
    finally:
        left = kept.is_running()
        if left:
            kept.call_soon_threadsafe(port.close)
            kept.call_soon_threadsafe(kept.stop)
    assert not left
    Port([LOOPBACK], number).close()


def test_it_can_be_started_again():
    with loop.running():
        before = loop.current(), loop.port()
    with loop.running():
        assert loop.current() is not before[0]
        assert loop.port() is not before[1]
        assert loop.current().is_running()


def test_where_the_port_is_taken_nothing_is_started(number):
    other, threads = Port([LOOPBACK], number), threading.active_count()
    with pytest.raises(CannotListen), loop.running():
        pass
    assert threading.active_count() == threads
    other.close()


@pytest.mark.parametrize("ask", [loop.current, loop.port])
def test_without_it_the_sentence_says_what_is_missing(nobody_has_started_it, ask):
    with pytest.raises(RuntimeError, match="the media loop does not run"):
        ask()
