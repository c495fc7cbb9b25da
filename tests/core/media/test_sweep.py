"""What the rooms forget by themselves: silent lines, old pictures, rooms nobody is in."""

import gc

import pytest

from core.media.room import Rooms
from tests.core.media.frames import GREY, picture, sees, sound

ADVISOR, GUEST = "staff:1", "guest:1"


@pytest.fixture
def rooms(seconds_pass):
    return Rooms()


@pytest.fixture
def pair(rooms):
    """Two lines inside the same room, each with a picture of the other."""
    room = rooms.room(7)
    lines = room.new_line(ADVISOR), room.new_line(GUEST)
    for line in lines:
        line.put_sound(sound(0))
    room.let_in(lambda: frozenset({ADVISOR, GUEST}))
    for line in lines:
        line.put_picture(picture(150))
    return lines


def kept(line):
    """How much of others a line still holds."""
    return len(line._pictures) + len(line._sounds)


def test_a_silent_line_and_its_picture_are_forgotten(rooms, seconds_pass):
    line = rooms.room(7).new_line(GUEST)
    line.put_picture(picture(150))  # outside: one's own mirror
    seconds_pass(1.9)
    rooms.check()
    assert (list(line.room._lines), kept(line)) == ([GUEST], 1)
    seconds_pass(0.2)
    rooms.check()
    assert (list(line.room._lines), kept(line)) == ([], 0)


def test_only_the_silent_line_is_forgotten(rooms, pair, seconds_pass):
    one, two = pair
    seconds_pass(3)
    one.put_picture(picture(200))
    rooms.check()
    assert list(one.room._lines.values()) == [one]
    assert (kept(two), sees(one), sees(two)) == (0, GREY, GREY)


def test_every_room_is_swept(rooms, seconds_pass):
    lines = [rooms.room(number).new_line(GUEST) for number in range(3)]
    for line in lines:
        line.put_picture(picture(150))
    seconds_pass(3)
    rooms.check()
    assert [kept(line) for line in lines] == [0, 0, 0]


def test_a_line_that_lives_again_comes_back_and_is_seen(rooms, pair, seconds_pass):
    one, two = pair
    seconds_pass(3)
    rooms.check()
    assert [rooms.line_of(7, seat) for seat in (ADVISOR, GUEST)] == [None, None]
    for line in pair:
        line.put_sound(sound(0))
    one.put_picture(picture(200))
    assert [rooms.line_of(7, seat) for seat in (ADVISOR, GUEST)] == [one, two]
    assert (sees(two), sees(one)) == (200, GREY)


def test_a_line_that_was_hung_up_never_comes_back(rooms, pair, seconds_pass):
    one, two = pair
    two.close()
    seconds_pass(3)
    rooms.check()
    two.put_picture(picture(200))
    assert (rooms.line_of(7, GUEST), kept(one) + kept(two)) == (None, 0)


def test_a_room_is_kept_as_long_as_a_page_has_a_line_into_it(rooms):
    one, two = (rooms.room(7).new_line(seat) for seat in (ADVISOR, GUEST))
    room = id(one.room)
    two.put_picture(picture(150))
    one.close()
    del one
    rooms.check()
    gc.collect()
    assert id(rooms.room(7)) == room == id(two.room)
    assert rooms.line_of(7, GUEST) is two


def test_a_room_vanishes_with_the_last_line_into_it(rooms):
    line = rooms.room(7).new_line(GUEST)
    line.put_picture(picture(150))
    assert list(rooms._rooms) == [7]
    del line
    gc.collect()
    assert list(rooms._rooms) == []
    assert rooms.line_of(7, GUEST) is None
    assert rooms.room(7)._lines == {}
