"""Who hears and sees whom: nobody before the door opens, nobody after it closes."""

import math
import threading

import pytest

from core.media.relay import QUEUE, Line, Part
from core.media.room import ROOMS, Room, Rooms
from tests.core.media.frames import GREY, hears, loudness, picture, sees, sound, until

ADVISOR, GUEST, OTHER = "staff:1", "guest:1", "guest:2"


class Talk:
    """A room with one advisor, one guest and one more guest; all of them send."""

    def __init__(self) -> None:
        self.room = Room()
        self.advisor = self.room.new_line(ADVISOR)
        self.guest = self.room.new_line(GUEST)
        self.other = self.room.new_line(OTHER)
        self.send()

    def let_in(self, *seats: str) -> None:
        self.room.let_in(lambda: frozenset(seats))

    def send(self) -> None:
        """The advisor is bright, the guest is dark, the other between; each has a tone."""
        self.advisor.put_picture(picture(200))
        self.guest.put_picture(picture(100))
        self.other.put_picture(picture(150))
        self.advisor.put_sound(sound(1000))
        self.guest.put_sound(sound(600))
        self.other.put_sound(sound(800))

    def seen(self) -> list[int]:
        return [sees(line) for line in (self.advisor, self.guest, self.other)]

    def heard(self) -> list[bool]:
        return [loudness(hears(line)) > 0 for line in (self.advisor, self.guest, self.other)]


@pytest.fixture
def talk() -> Talk:
    return Talk()


def test_outside_everybody_sees_themselves_and_hears_nobody(talk):
    assert talk.seen() == [200, 100, 150]
    assert talk.heard() == [False, False, False]


def test_inside_each_sees_and_hears_the_other_and_not_themselves(talk):
    talk.let_in(ADVISOR, GUEST)
    talk.send()
    assert talk.seen() == [100, 200, 150]
    assert talk.heard() == [True, True, False]


def test_who_is_not_admitted_gets_nothing_of_the_talk_and_gives_nothing_to_it(talk):
    talk.let_in(ADVISOR)
    talk.send()
    assert talk.seen() == [GREY, 100, 150]
    assert talk.heard() == [False, False, False]


def test_nothing_from_before_the_door_opened_is_shown_behind_it(talk):
    talk.let_in(ADVISOR, GUEST)
    assert talk.seen() == [GREY, GREY, 150]
    assert talk.heard() == [False, False, False]


def test_when_the_door_closes_nothing_that_was_sent_before_comes_out_any_more(talk):
    talk.let_in(ADVISOR, GUEST)
    for _ in range(QUEUE):
        talk.send()
    talk.let_in()
    assert talk.seen() == [GREY, GREY, 150]
    assert [talk.heard() for _ in range(QUEUE)] == [[False] * 3] * QUEUE
    talk.send()
    assert talk.seen() == [200, 100, 150]


def test_who_is_sent_back_is_outside_at_once_for_both_sides(talk):
    talk.let_in(ADVISOR, GUEST, OTHER)
    talk.send()
    talk.let_in(ADVISOR, GUEST)
    assert sees(talk.other) == GREY
    assert list(talk.advisor._pictures) == [GUEST]
    assert loudness(hears(talk.other)) == 0
    talk.send()
    assert [sees(talk.advisor), sees(talk.other)] == [100, 150]


def test_three_people_hear_each_other_added_up(talk):
    talk.let_in(ADVISOR, GUEST, OTHER)
    talk.guest.put_sound(sound(600, 0.25))
    talk.other.put_sound(sound(600, 0.25))
    both = loudness(hears(talk.advisor))
    assert both == pytest.approx(2 * loudness(sound(600, 0.25).to_ndarray()[0, ::2]), rel=0.01)


def test_a_hung_up_line_gives_and_gets_nothing(talk):
    talk.let_in(ADVISOR, GUEST)
    talk.send()
    talk.guest.close()
    assert sees(talk.guest) == GREY
    talk.guest.put_picture(picture(120))
    talk.guest.put_sound(sound(600))
    talk.advisor.put_picture(picture(200))
    assert talk.room.line_of(GUEST) is None
    assert [sees(talk.guest), loudness(hears(talk.guest))] == [GREY, 0]
    # Who has gone is gone: what they sent before is not shown or played any more.
    assert [sees(talk.advisor), loudness(hears(talk.advisor))] == [GREY, 0]


def test_asking_for_somebody_makes_no_room():
    rooms = Rooms()
    assert rooms.line_of(7, GUEST) is None
    assert rooms._rooms == {}
    line = rooms.room(7).new_line(GUEST)
    line.put_picture(picture(100))
    assert rooms.line_of(7, GUEST) is line


def test_rooms_do_not_hear_each_other():
    rooms = Rooms()
    lines = [rooms.room(number).new_line(seat) for number in (1, 2) for seat in (ADVISOR, GUEST)]
    for line in lines:
        line.put_picture(picture(100))
    for number in (1, 2):
        rooms.room(number).let_in(lambda: frozenset({ADVISOR, GUEST}))
    lines[0].put_picture(picture(200))
    lines[0].put_sound(sound(600))
    assert [sees(line) for line in lines] == [GREY, 200, GREY, GREY]
    assert [loudness(hears(line)) > 0 for line in lines] == [False, True, False, False]


def test_the_newest_connection_speaks_and_an_older_one_takes_over_when_it_falls_silent(talk):
    talk.let_in(ADVISOR, GUEST)
    newer = talk.room.new_line(GUEST)
    talk.guest.put_picture(picture(100))
    assert talk.room.line_of(GUEST) is talk.guest  # a line without media is no connection yet
    newer.put_picture(picture(120))
    talk.guest.put_picture(picture(100))
    assert talk.room.line_of(GUEST) is newer
    assert sees(talk.advisor) == 120
    talk.advisor.put_picture(picture(200))
    assert [sees(newer), sees(talk.guest)] == [200, GREY]
    until(lambda: newer.silent)
    assert talk.room.line_of(GUEST) is None
    talk.guest.put_picture(picture(100))
    assert talk.room.line_of(GUEST) is talk.guest
    assert sees(talk.advisor) == 100
    newer.put_picture(picture(120))
    assert talk.room.line_of(GUEST) is newer


def test_a_second_tab_takes_along_what_the_first_one_would_still_have_played(talk):
    talk.let_in(ADVISOR, GUEST)
    talk.send()
    newer = talk.room.new_line(GUEST)
    newer.put_picture(picture(120))
    assert [sees(talk.guest), loudness(hears(talk.guest))] == [GREY, 0]


def test_a_line_that_lost_its_seat_a_moment_ago_has_no_audience(talk):
    talk.let_in(ADVISOR, GUEST)
    talk.room.new_line(GUEST).put_picture(picture(120))
    for part in Part:
        with talk.room.audience(talk.guest, part) as audience:
            assert audience == []


def test_a_slow_answer_of_the_office_never_undoes_a_later_one():
    room, asked, answer = Room(), threading.Event(), threading.Event()
    office = {"admitted": frozenset({ADVISOR, GUEST})}

    def slow() -> frozenset[str]:
        read = office["admitted"]
        asked.set()
        answer.wait()
        return read

    early = threading.Thread(target=room.let_in, args=[slow])
    early.start()
    asked.wait()
    office["admitted"] = frozenset()
    late = threading.Thread(target=room.let_in, args=[lambda: office["admitted"]])
    late.start()
    # Meanwhile media goes on: nobody's picture waits for the office.
    line = room.new_line(GUEST)
    line.put_picture(picture(100))
    assert sees(line) == 100
    answer.set()
    early.join()
    late.join()
    assert room._inside == frozenset()


def test_nothing_slips_through_while_the_door_closes(talk):
    talk.let_in(ADVISOR, GUEST)
    talk.send()
    closing = threading.Thread(target=talk.let_in)
    with talk.room.audience(talk.guest, Part.SOUND) as audience:
        closing.start()
        closing.join(0.2)  # as far as it gets: it has to wait for who is being served
        for hearer in audience:
            hearer._pictures[GUEST] = (picture(100), math.inf)
    closing.join()
    assert sees(talk.advisor) == GREY


def test_there_is_one_set_of_rooms_in_a_process():
    assert isinstance(ROOMS, Rooms)
    assert isinstance(ROOMS.room(-1).new_line(GUEST), Line)
