"""Somebody who is allowed to sit there sends far too much, all of it well encrypted."""

import asyncio
from collections.abc import Awaitable, Callable

from core.media.rooms.room import Room
from core.media.transport.incoming import MOST_PACKETS
from tests.core.media.peers import Browser, run, until

ADVISOR, GUEST = "staff:1", "guest:1"
RED, BLUE, GREEN = (80, 90, 220), (60, 210, 110), (150, 60, 60)
FLOOD = 4 * MOST_PACKETS


def test_a_flood_of_good_packets_is_cut_off_and_every_talk_goes_on():
    room, other = Room(), Room()
    lines = [room.new_line(ADVISOR), room.new_line(GUEST), other.new_line(GUEST)]

    async def scene(advisor: Browser, guest: Browser, elsewhere: Browser) -> None:
        room.let_in(lambda: frozenset({ADVISOR, GUEST}))
        await until(lambda: advisor.sees(BLUE) and guest.sees(RED) and elsewhere.sees(GREEN))
        again = repeated(guest)
        for _ in range(FLOOD):
            await again()
            await asyncio.sleep(0)  # so that it is read, and not lost before
        await until(lambda: guest.far.dropped["too many"] > 0)
        for each in (advisor, guest, elsewhere):
            each.seen.clear()
            each.heard.clear()
        await until(lambda: advisor.sees(BLUE) and guest.sees(RED) and elsewhere.sees(GREEN))
        await until(lambda: advisor.hears(600))
        assert [line.failures for line in lines] == [0, 0, 0]
        assert elsewhere.far.dropped == advisor.far.dropped == {}

    run(
        scene,
        lambda: Browser(lines[0], RED, 1000),
        lambda: Browser(lines[1], BLUE, 600),
        lambda: Browser(lines[2], GREEN, 800),
    )


def repeated(browser: Browser) -> Callable[[], Awaitable[None]]:
    """Sends one more packet of a payload type that was agreed to, from a source of its own."""
    number = 0

    def again() -> Awaitable[None]:
        nonlocal number
        number += 1
        head = bytes([0x80, 97]) + number.to_bytes(2, "big") + bytes(7) + b"\x63"
        protected = browser.transport._tx_srtp.protect(head + b"\x10\0" + bytes(90))
        return browser.transport.transport._send(protected)

    return again
