"""The lines behind real peer connections: encrypted, lossy, decoded only at the far ends."""

import os
import random

import pytest

from core.media.packets.parts import Part
from core.media.packets.placeholders import TONE_HERTZ
from core.media.rooms import tone
from core.media.rooms.room import Room
from tests.core.media.peers import Browser, run, until

ADVISOR, GUEST = "staff:1", "guest:1"
BOTH = frozenset({ADVISOR, GUEST})
RED, BLUE = (80, 90, 220), (60, 210, 110)
# As another browser could number them: nothing is the same as on the other leg.
OTHERWISE = {
    "payload types": {96: 109, 97: 120, 98: 124, 99: 126, 100: 127, 101: 97, 102: 98},
    "extensions": {1: 7, 2: 9, 3: 4},
}


def pair(room: Room, **guest):
    """Two people: what each shows and sings."""
    one, two = room.new_line(ADVISOR), room.new_line(GUEST)
    codec = guest.get("codec", "VP8")
    return (
        lambda: Browser(one, RED, 1000, codec),
        lambda: Browser(two, BLUE, 600, **guest),
    )


async def both_see_and_hear_each_other(advisor: Browser, guest: Browser) -> None:
    await until(lambda: advisor.sees(BLUE) and guest.sees(RED))
    await until(lambda: advisor.hears(600) and guest.hears(1000))


def test_the_device_test_returns_ones_own_picture_and_the_tone_but_no_sound():
    line = Room().new_line(GUEST)

    async def scene(browser: Browser) -> None:
        await until(lambda: browser.sees(RED) and line.was_heard)
        assert browser.heard == []
        tone.play(line)
        await until(lambda: browser.hears(TONE_HERTZ))

    run(scene, lambda: Browser(line, RED, 1000))


def test_two_people_see_and_hear_each_other_only_while_the_door_is_open():
    room = Room()

    async def scene(advisor: Browser, guest: Browser) -> None:
        await until(lambda: advisor.sees(RED) and guest.sees(BLUE))
        assert advisor.heard == guest.heard == []
        room.let_in(lambda: BOTH)
        await both_see_and_hear_each_other(advisor, guest)
        room.let_in(frozenset)
        heard = [len(browser.heard) for browser in (advisor, guest)]
        await until(lambda: advisor.sees(RED) and guest.sees(BLUE))
        # What was underway may still come: at most what their own buffers hold.
        more = [len(advisor.heard) - heard[0], len(guest.heard) - heard[1]]
        assert max(more) <= 20

    run(scene, *pair(room))


@pytest.mark.parametrize("codec", ["VP8", "H264"])
@pytest.mark.parametrize("numbers", [None, OTHERWISE], ids=["same numbers", "other numbers"])
def test_each_codec_arrives_whatever_numbers_both_sides_have_for_it(codec, numbers):
    room = Room()

    async def scene(advisor: Browser, guest: Browser) -> None:
        room.let_in(lambda: BOTH)
        await both_see_and_hear_each_other(advisor, guest)
        legs = [browser.line.places[0][Part.PICTURE].leg for browser in (advisor, guest)]
        assert [leg.payload_types.keys() for leg in legs] == [{codec}, {codec}]
        same = legs[0].payload_types == legs[1].payload_types
        assert (same, legs[0].mid_id == legs[1].mid_id) == (numbers is None,) * 2

    run(scene, *pair(room, codec=codec, numbers=numbers))


def test_what_gets_lost_is_repaired_on_both_legs_and_the_talk_goes_on():
    room, chance = Room(), random.Random(4)

    async def scene(advisor: Browser, guest: Browser) -> None:
        room.let_in(lambda: BOTH)
        await both_see_and_hear_each_other(advisor, guest)
        for browser in (advisor, guest):
            browser.lose(0.05, chance)
        lines = [browser.line for browser in (advisor, guest)]
        await until(lambda: all(line.inlets[Part.PICTURE].repaired >= 5 for line in lines))
        await until(lambda: all(line.places[0][Part.PICTURE].again_packets >= 5 for line in lines))
        for browser in (advisor, guest):
            browser.seen.clear()
            browser.heard.clear()
        await until(lambda: min(len(advisor.seen), len(guest.seen)) >= 30)
        await both_see_and_hear_each_other(advisor, guest)

    run(scene, *pair(room))


def rtp(first: int, payload_type: int, number: int, rest: bytes) -> bytes:
    return bytes([first, payload_type, 0, number, 0, 0, 0, 1, 0, 0, 0, 1]) + rest


def test_what_is_no_media_is_dropped_and_counted_and_the_talk_goes_on():
    room = Room()

    async def scene(advisor: Browser, guest: Browser) -> None:
        room.let_in(lambda: BOTH)
        await both_see_and_hear_each_other(advisor, guest)
        session, send = guest.transport._tx_srtp, guest.transport.transport._send
        await send(rtp(0x80, 97, 1, os.urandom(100)))  # not encrypted
        await send(rtp(0x80, 97, 1, os.urandom(1600)))  # larger than any packet: left at the port
        await send(bytes([0x80, 200]) + os.urandom(60))
        await send(session.protect(rtp(0xA0, 97, 1, b"no padding length\0")))
        await send(session.protect(rtp(0x80, 55, 2, b"never agreed to")))
        await send(session.protect_rtcp(bytes.fromhex("85c90001 00000001")))
        await send(session.protect(rtp(0x80, 97, 3, b"\x10\0" + bytes(1340))))
        expected = {"not decrypted": 2, "malformed": 3, "unknown payload type": 1}
        await until(lambda: guest.far.dropped == expected)
        guest.seen.clear()
        advisor.seen.clear()
        await both_see_and_hear_each_other(advisor, guest)
        assert guest.line.failures == advisor.line.failures == 0

    run(scene, *pair(room))


class Nowhere:
    """A socket whose system takes nothing more."""

    def send(self, _data: bytes, _address: object) -> bool:
        return False


def test_who_cannot_be_reached_stops_nobody_else():
    room = Room()

    async def scene(advisor: Browser, guest: Browser) -> None:
        room.let_in(lambda: BOTH)
        await both_see_and_hear_each_other(advisor, guest)
        used = guest.far.agent.pair
        socket, used.endpoint = used.endpoint, Nowhere()
        await until(lambda: guest.far.dropped["not sent"] > 20)
        advisor.seen.clear()
        await until(lambda: advisor.sees(BLUE))
        used.endpoint = socket

    run(scene, *pair(room))


def test_a_seat_whose_connection_is_gone_stops_nobody_else():
    room = Room()

    async def scene(advisor: Browser, guest: Browser) -> None:
        room.let_in(lambda: BOTH)
        await both_see_and_hear_each_other(advisor, guest)
        guest.far.shut()
        assert guest.line.connection is None
        room.let_in(frozenset)
        await until(lambda: advisor.sees(RED))

    run(scene, *pair(room))
