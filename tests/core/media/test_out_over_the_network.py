"""Who is out, behind real peer connections: how soon nothing arrives, and that nothing does."""

import asyncio
import time

from core.media.rooms.room import Room
from tests.core.media.peers import Browser, run, until

ADVISOR, GUEST, OTHER = "staff:1", "guest:1", "guest:2"
BOTH = frozenset({ADVISOR, GUEST})
RED, BLUE, GREEN = (80, 90, 220), (60, 210, 110), (150, 60, 60)


class Lag:
    """How late this test itself was at most; the machine may have other things to do."""

    def __init__(self) -> None:
        self.worst = 0.0

    async def watch(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (before := time.monotonic()) < end:
            await asyncio.sleep(0.01)
            self.worst = max(self.worst, time.monotonic() - before - 0.01)


def test_after_the_end_nothing_of_the_other_arrives_later_than_half_a_second():
    room = Room()
    one, two = room.new_line(ADVISOR), room.new_line(GUEST)

    async def scene(advisor: Browser, guest: Browser) -> None:
        room.let_in(lambda: BOTH)
        await until(lambda: advisor.sees(BLUE) and guest.sees(RED))
        await until(lambda: advisor.hears(600) and guest.hears(1000))
        room.let_in(frozenset)
        over, lag = time.monotonic(), Lag()
        await lag.watch(2)
        for last in (advisor.last_seen(BLUE), guest.last_seen(RED)):
            assert 0 < last < over + 0.5 + lag.worst
        for last in (advisor.last_heard(), guest.last_heard()):
            assert 0 < last < over + 0.5 + lag.worst

    run(scene, lambda: Browser(one, RED, 1000), lambda: Browser(two, BLUE, 600))


def test_who_is_not_admitted_gets_no_picture_and_no_sound_of_anybody():
    room = Room()
    lines = [room.new_line(seat) for seat in (ADVISOR, GUEST, OTHER)]

    async def scene(advisor: Browser, guest: Browser, waiting: Browser) -> None:
        room.let_in(lambda: BOTH)
        await until(lambda: advisor.sees(BLUE) and guest.sees(RED))
        await until(lambda: len(waiting.seen) > 60 and len(guest.heard) > 100)
        others = [waiting.last_seen(BLUE), waiting.last_seen(RED), len(waiting.heard)]
        assert others == [0, 0, 0]
        assert [person.last_seen(GREEN) for person in (advisor, guest)] == [0, 0]
        assert waiting.sees(GREEN)

    run(
        scene,
        lambda: Browser(lines[0], RED, 1000),
        lambda: Browser(lines[1], BLUE, 600),
        lambda: Browser(lines[2], GREEN, 800),
    )


def test_whose_browser_may_not_stay_gets_no_packet_at_all_any_more():
    room, may_stay = Room(), [True]
    line = room.new_line(GUEST, lambda: may_stay[0])

    async def scene(guest: Browser) -> None:
        await until(lambda: guest.sees(BLUE))
        loop = asyncio.get_running_loop()
        line.release = lambda: asyncio.run_coroutine_threadsafe(guest.far.close(), loop)
        may_stay[0] = False
        await asyncio.to_thread(room.recheck)
        over, lag = time.monotonic(), Lag()
        await lag.watch(1.5)
        assert max(guest.seen_at) < over + 0.5 + lag.worst
        assert guest.far.connectionState == "closed"

    run(scene, lambda: Browser(line, BLUE, 600))
