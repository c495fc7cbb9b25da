"""Who hears and sees whom: nobody before the door opens, nobody after it closes."""

import threading
import time

import pytest

from core.media.packets.parts import Part
from core.media.rooms.line import Line
from core.media.rooms.live_rooms import ROOMS, Rooms
from core.media.rooms.room import Room
from tests.core.media.ends import GREY, End, until

ADVISOR, GUEST, OTHER = "staff:1", "guest:1", "guest:2"


class Talk:
    """A room with one advisor, one guest and one more guest; all of them send."""

    def __init__(self) -> None:
        self.room = Room()
        self.ends = [End(self.room.new_line(seat), seat) for seat in (ADVISOR, GUEST, OTHER)]
        self.advisor, self.guest, self.other = self.ends
        self.send()

    def let_in(self, *seats: str) -> None:
        self.room.let_in(lambda: frozenset(seats))

    def send(self) -> None:
        for end in self.ends:
            end.show()
            end.speak()

    def seen(self) -> list[str | None]:
        return [end.sees() for end in self.ends]

    def heard(self) -> list[list[str]]:
        return [end.hears() for end in self.ends]


NOBODY = [[], [], []]


@pytest.fixture
def talk() -> Talk:
    return Talk()


def test_outside_everybody_sees_themselves_and_hears_nobody(talk):
    assert talk.seen() == [ADVISOR, GUEST, OTHER]
    assert talk.heard() == NOBODY


def test_inside_each_sees_and_hears_the_other_and_not_themselves(talk):
    talk.let_in(ADVISOR, GUEST)
    talk.send()
    assert talk.seen() == [GUEST, ADVISOR, OTHER]
    assert talk.heard() == [[GUEST], [ADVISOR], []]


def test_whole_pictures_are_asked_for_the_moment_the_door_opens_or_closes(talk):
    def asked():
        return [end.hurried for end in talk.ends], [
            end.line.feedback._keyframe_wanted for end in talk.ends
        ]

    assert asked() == ([0, 0, 0], [False] * 3)
    talk.let_in(ADVISOR, GUEST)
    assert asked() == ([1, 1, 1], [True] * 3)
    talk.let_in(ADVISOR, GUEST)
    assert asked()[0] == [1, 1, 1]
    talk.let_in()
    assert asked()[0] == [2, 2, 2]


def test_who_is_not_admitted_gets_nothing_of_the_talk_and_gives_nothing_to_it(talk):
    talk.let_in(ADVISOR)
    talk.send()
    assert talk.seen() == [GREY, GUEST, OTHER]
    assert talk.heard() == NOBODY


def test_nothing_from_before_the_door_opened_is_shown_behind_it(talk):
    talk.let_in(ADVISOR, GUEST)
    assert talk.seen() == [GREY, GREY, GREY]  # the other's own picture comes back with the next
    assert talk.heard() == NOBODY
    talk.send()
    assert talk.seen() == [GUEST, ADVISOR, OTHER]


def test_when_the_door_closes_nothing_that_was_sent_before_comes_out_any_more(talk):
    talk.let_in(ADVISOR, GUEST)
    for _ in range(5):
        talk.send()
    talk.seen(), talk.heard()
    talk.let_in()
    sent = [
        outlet.again(number, 1e9)
        for end in talk.ends
        for _part, outlet in end.line.outlets
        for number in range(50)
    ]
    assert set(sent) == {None}  # not even for who asks for it
    assert talk.seen() == [GREY, GREY, GREY]
    assert talk.heard() == NOBODY
    talk.send()
    assert talk.seen() == [ADVISOR, GUEST, OTHER]
    assert talk.heard() == NOBODY


def test_who_is_sent_back_is_outside_at_once_for_both_sides(talk):
    talk.let_in(ADVISOR, GUEST, OTHER)
    talk.send()
    talk.seen(), talk.heard()
    talk.let_in(ADVISOR, GUEST)
    assert talk.other.sees() == GREY
    talk.send()
    assert [talk.advisor.sees(), talk.other.sees()] == [GUEST, OTHER]
    assert talk.heard() == [[GUEST], [ADVISOR], []]


def test_a_hung_up_line_gives_and_gets_nothing(talk):
    talk.let_in(ADVISOR, GUEST)
    talk.send()
    talk.seen(), talk.heard()
    talk.guest.line.close()
    assert talk.guest.sees() == GREY
    talk.guest.show()
    talk.guest.speak()
    talk.advisor.show()
    talk.advisor.speak()
    assert talk.room.line_of(GUEST) is None
    assert [talk.guest.sees(), talk.guest.hears()] == [GREY, []]
    # Who has gone is gone: what they sent before is not shown any more.
    assert [talk.advisor.sees(), talk.advisor.hears()] == [GREY, []]


def test_asking_for_somebody_makes_no_room():
    rooms = Rooms()
    assert rooms.line_of(7, GUEST) is None
    assert rooms._rooms == {}
    end = End(rooms.room(7).new_line(GUEST))
    end.show()
    assert rooms.line_of(7, GUEST) is end.line


def test_rooms_do_not_hear_each_other():
    rooms = Rooms()
    ends = [
        End(rooms.room(number).new_line(seat), f"{seat} in {number}")
        for number in (1, 2)
        for seat in (ADVISOR, GUEST)
    ]
    for end in ends:
        end.show()
    for number in (1, 2):
        rooms.room(number).let_in(lambda: frozenset({ADVISOR, GUEST}))
    ends[0].show()
    ends[0].speak()
    assert [end.sees() for end in ends] == [GREY, "staff:1 in 1", GREY, GREY]
    assert [end.hears() for end in ends] == [[], ["staff:1 in 1"], [], []]


def test_the_newest_connection_speaks_and_an_older_one_takes_over_when_it_falls_silent(talk):
    talk.let_in(ADVISOR, GUEST)
    newer = End(talk.room.new_line(GUEST), "newer")
    talk.guest.show()
    assert talk.room.line_of(GUEST) is talk.guest.line  # without media it is no connection yet
    newer.show()
    talk.guest.show()
    assert talk.room.line_of(GUEST) is newer.line
    until(lambda: talk.room.line_of(GUEST) is None)
    talk.guest.show()
    assert talk.room.line_of(GUEST) is talk.guest.line
    assert talk.advisor.sees() == GUEST
    newer.show()
    assert talk.room.line_of(GUEST) is newer.line


def test_who_takes_a_seat_over_is_seen_and_sees_and_the_old_tab_gets_nothing_more(talk):
    talk.let_in(ADVISOR, GUEST)
    talk.send()
    assert talk.guest.sees() == ADVISOR
    newer = End(talk.room.new_line(GUEST), "newer")
    newer.show()
    assert talk.guest.sees() == GREY
    talk.advisor.show()
    assert [talk.advisor.sees(), newer.sees(), talk.guest.sees()] == ["newer", ADVISOR, GREY]


def test_a_line_that_lost_its_seat_a_moment_ago_has_no_audience(talk):
    talk.let_in(ADVISOR, GUEST)
    End(talk.room.new_line(GUEST)).show()
    for part in Part:
        assert talk.room.audience(talk.guest.line, part, time.monotonic()) == []


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
    end = End(room.new_line(GUEST), "me")
    end.show()
    assert end.sees() == "me"
    answer.set()
    early.join()
    late.join()
    assert room._inside == frozenset()


def test_nothing_slips_through_while_the_door_closes(talk):
    talk.let_in(ADVISOR, GUEST)
    talk.send()
    talk.seen()
    closing = threading.Thread(target=talk.let_in)
    with talk.room.lock:
        audience = talk.room.audience(talk.guest.line, Part.SOUND, time.monotonic())
        closing.start()
        closing.join(0.2)  # as far as it gets: it has to wait for who is being served
        assert (closing.is_alive(), audience) == (True, [talk.advisor.line])
    closing.join()
    talk.guest.speak()
    talk.guest.show()
    talk.advisor.hears()
    assert [talk.advisor.hears(), talk.advisor.sees()] == [[], GREY]


def test_what_fails_for_one_hearer_reaches_all_others(talk, caplog):
    talk.let_in(ADVISOR, GUEST, OTHER)

    def broken(data: bytes) -> None:
        raise RuntimeError

    talk.seen(), talk.heard()
    talk.guest.send = broken
    for _ in range(3):
        talk.advisor.speak()
    assert [talk.other.hears(), talk.guest.line.failures] == [[ADVISOR], 3]
    assert len(caplog.records) == 1


def test_there_is_one_set_of_rooms_in_a_process():
    assert isinstance(ROOMS, Rooms)
    assert isinstance(ROOMS.room(-1).new_line(GUEST), Line)
