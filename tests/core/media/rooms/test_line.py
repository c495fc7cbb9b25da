"""One line: what is noticed of a person without looking into a picture or a sound."""

import asyncio

import pytest

from core.media.packets import placeholders
from core.media.rooms import line as lines
from core.media.rooms import tone
from core.media.rooms.line import HEARD_ABOVE, PICTURE_AGE, SILENT_AGE, SOUND_AGE
from core.media.rooms.room import Room
from tests.core.media.ends import LOUD, SILENT, End

ADVISOR, GUEST = "staff:1", "guest:1"


@pytest.fixture
def pair(seconds_pass):
    """Two people inside the same room."""
    room = Room()
    ends = [End(room.new_line(seat), seat) for seat in (ADVISOR, GUEST)]
    for end in ends:
        end.speak(SILENT)
    room.let_in(lambda: frozenset({ADVISOR, GUEST}))
    return ends


def test_without_anybody_a_line_is_silent(seconds_pass):
    line = Room().new_line(GUEST)
    assert (line.silent, line.camera_on, line.microphone_on, line.was_heard) == (True, *[False] * 3)


def test_pictures_that_come_show_that_the_camera_is_on_until_no_more_come(pair, seconds_pass):
    one, _ = pair
    one.film()
    seconds_pass(PICTURE_AGE - 0.1)
    still = one.line.camera_on
    seconds_pass(0.2)
    assert (still, one.line.camera_on) == (True, False)


def test_sounds_that_come_however_quiet_show_that_the_microphone_is_on(pair, seconds_pass):
    one, _ = pair
    one.speak(SILENT)
    seconds_pass(SOUND_AGE - 0.1)
    still = one.line.microphone_on
    one.film()
    seconds_pass(0.2)
    assert (still, one.line.microphone_on) == (True, False)


def test_what_has_no_picture_in_it_shows_no_camera(pair):
    one, _ = pair
    one.pad()
    assert not one.line.camera_on


@pytest.mark.parametrize(
    ("level", "heard"),
    [
        (LOUD, True),
        (bytes([0x80 | LOUD[0]]), True),  # the browser finds it a voice
        (bytes([HEARD_ABOVE - 1]), True),
        (bytes([HEARD_ABOVE]), False),
        (SILENT, False),
        (b"", False),
        (None, False),
    ],
)
def test_who_is_heard_is_told_by_the_level_of_the_sound(pair, level, heard):
    one, _ = pair
    one.speak(level)
    assert one.line.was_heard is heard


def test_the_tone_is_for_who_asked_only_and_a_second_time_begins_it_anew(pair):
    one, two = pair
    one.gets(), two.gets()

    async def play() -> None:
        loop = asyncio.get_running_loop()
        for end in (one, two):
            places = end.line.places
            end.line.plug(end, loop)  # in place of the loop that does everything at once
            end.line.places = places
        tone.play(one.line)
        await asyncio.sleep(0)
        tone.play(one.line)
        async with asyncio.timeout(20):
            while len(one.got) < len(placeholders.tone()) + 1:
                await asyncio.sleep(0.02)

    asyncio.run(play())
    payloads = [each.payload for each in one.got]
    assert payloads == [placeholders.tone()[0], *placeholders.tone()]
    assert two.gets() == 0


def test_a_line_without_a_connection_plays_no_tone():
    line = Room().new_line(GUEST)
    tone.play(line)
    assert line.tone is None


def test_a_connection_left_behind_does_not_unplug_the_next(pair):
    one, two = pair
    old = object()
    one.line.unplug(old)
    assert one.line.connection is one
    one.line.unplug(one)
    two.show()
    assert (one.line.connection, one.hears()) == (None, [])


def test_who_has_switched_off_camera_and_microphone_is_there_as_long_as_the_browser_reports(
    seconds_pass,
):
    room = Room()
    line = room.new_line(GUEST)
    line.alive(lines.time.monotonic())
    there = [room.line_of(GUEST) is line]
    seconds_pass(SILENT_AGE - 0.1)
    there.append(room.line_of(GUEST) is line)
    seconds_pass(0.2)
    there.append(room.line_of(GUEST) is line)
    assert there == [True, True, False]
