"""What the rooms forget by themselves: silent lines, rooms nobody is in."""

import gc

import pytest

from core.media.packets.outlet import KEPT
from core.media.rooms.live_rooms import Rooms
from tests.core.media.ends import GREY, End

ADVISOR, GUEST = "staff:1", "guest:1"


@pytest.fixture
def rooms(seconds_pass):
    return Rooms()


@pytest.fixture
def pair(rooms):
    """Two people inside the same room, each with a picture of the other."""
    room = rooms.room(7)
    ends = [End(room.new_line(seat), seat) for seat in (ADVISOR, GUEST)]
    for end in ends:
        end.speak()
    room.let_in(lambda: frozenset({ADVISOR, GUEST}))
    for end in ends:
        end.show()
    return ends


def kept(end):
    """How much of what was sent to a browser could still be sent again."""
    return sum(len(outlet._sent) + len(outlet._before) for _part, outlet in end.line.outlets)


def test_a_silent_line_and_its_picture_are_forgotten(rooms, seconds_pass):
    end = End(rooms.room(7).new_line(GUEST))
    end.show()  # outside: one's own mirror
    seconds_pass(1.9)
    rooms.recheck_all()
    assert (list(end.line.room.lines), kept(end)) == ([GUEST], 1)
    seconds_pass(0.2)
    rooms.recheck_all()
    assert (list(end.line.room.lines), kept(end)) == ([], 0)


def test_only_the_silent_line_is_forgotten(rooms, pair, seconds_pass):
    one, two = pair
    assert (one.sees(), two.sees()) == (GUEST, ADVISOR)
    seconds_pass(3)
    one.show()
    rooms.recheck_all()
    assert list(one.line.room.lines.values()) == [one.line]
    assert (kept(two), one.sees(), two.sees()) == (0, GREY, GREY)


def test_of_a_camera_that_was_switched_off_no_picture_is_kept(rooms, pair, seconds_pass):
    one, two = pair
    assert (two.sees(), kept(two)) == (ADVISOR, 1)
    for _ in range(3):
        seconds_pass(KEPT)
        one.speak()
        two.speak()
        two.sees()
    assert (two.sees(), kept(two)) == (GREY, 0)


def test_every_room_is_swept(rooms, seconds_pass):
    ends = [End(rooms.room(number).new_line(GUEST)) for number in range(3)]
    for end in ends:
        end.show()
    seconds_pass(3)
    rooms.recheck_all()
    assert [kept(end) for end in ends] == [0, 0, 0]


def test_a_line_that_lives_again_comes_back_and_is_seen(rooms, pair, seconds_pass):
    one, two = pair
    seconds_pass(3)
    rooms.recheck_all()
    assert [rooms.line_of(7, seat) for seat in (ADVISOR, GUEST)] == [None, None]
    for end in pair:
        end.speak()
    one.show("again")
    assert [rooms.line_of(7, seat) for seat in (ADVISOR, GUEST)] == [one.line, two.line]
    assert (two.sees(), one.sees()) == ("again", GREY)


def test_a_line_that_was_hung_up_never_comes_back(rooms, pair, seconds_pass):
    one, two = pair
    two.line.close()
    seconds_pass(3)
    rooms.recheck_all()
    two.show()
    assert (rooms.line_of(7, GUEST), kept(one) + kept(two)) == (None, 0)


def test_a_room_is_kept_as_long_as_a_page_has_a_line_into_it(rooms):
    one, two = (End(rooms.room(7).new_line(seat)) for seat in (ADVISOR, GUEST))
    room = id(one.line.room)
    two.show()
    one.line.close()
    del one
    rooms.recheck_all()
    gc.collect()
    assert id(rooms.room(7)) == room == id(two.line.room)
    assert rooms.line_of(7, GUEST) is two.line


def test_a_room_vanishes_with_the_last_line_into_it(rooms):
    end = End(rooms.room(7).new_line(GUEST))
    end.show()
    assert list(rooms._rooms) == [7]
    del end
    gc.collect()
    assert list(rooms._rooms) == []
    assert rooms.line_of(7, GUEST) is None
    assert rooms.room(7).lines == {}
