"""The rooms ask the office again and again; who may not stay is out, whatever they send."""

import threading

import pytest

from core.media.rooms.live_rooms import Rooms
from core.media.rooms.room import TRUST
from tests.core.media.ends import GREY, End

ADVISOR, GUEST = "staff:1", "guest:1"
BOTH = frozenset({ADVISOR, GUEST})


class Office:
    """What the office would say of one appointment."""

    def __init__(self) -> None:
        self.admitted = BOTH
        self.staying = {ADVISOR, GUEST}
        self.closed = False

    def inside(self) -> frozenset[str]:
        if self.closed:
            raise ConnectionError
        return self.admitted

    def stays(self, seat: str) -> bool:
        if self.closed:
            raise ConnectionError
        return seat in self.staying


class Talk:
    """Two people inside a room of `rooms`, each with a picture and a sound of the other."""

    def __init__(self, rooms: Rooms, number: int = 7) -> None:
        self.office = Office()
        self.room = rooms.room(number)
        self.advisor, self.guest = map(self.end, (ADVISOR, GUEST))
        self.send()
        self.room.let_in(self.office.inside)
        self.send()

    def end(self, seat: str) -> End:
        return End(self.room.new_line(seat, lambda: self.office.stays(seat)), seat)

    def send(self) -> None:
        for end in (self.advisor, self.guest):
            end.show()
            end.speak()

    def arrives(self) -> list[tuple[str | None, list[str]]]:
        """Who is on the screen of each, and who was heard since the last look."""
        return [(end.sees(), end.hears()) for end in (self.advisor, self.guest)]


TALKING = [(GUEST, [GUEST]), (ADVISOR, [ADVISOR])]
NOTHING = [(GREY, []), (GREY, [])]
ONLY_THEMSELVES = [(ADVISOR, []), (GUEST, [])]


@pytest.fixture
def rooms():
    return Rooms()


def test_while_nothing_has_changed_a_check_changes_nothing(rooms):
    talk = Talk(rooms)
    rooms.recheck_all()
    assert talk.arrives() == TALKING
    talk.send()
    assert talk.arrives() == TALKING


def test_who_is_withdrawn_is_outside_after_a_check_and_nothing_from_before_comes_out(rooms):
    talk = Talk(rooms)
    talk.arrives()
    talk.office.admitted = frozenset()
    rooms.recheck_all()
    assert talk.arrives() == NOTHING
    talk.send()
    assert talk.arrives() == ONLY_THEMSELVES


@pytest.mark.parametrize(
    "ask", [Rooms.recheck_all, lambda rooms: rooms.recheck(7)], ids=["all", "one"]
)
def test_whose_browser_may_not_stay_is_closed_and_its_connection_released(rooms, ask):
    talk = Talk(rooms)
    released = threading.Event()
    talk.guest.line.release = released.set
    talk.office.staying = {ADVISOR}
    talk.office.admitted = frozenset({ADVISOR})
    talk.arrives()
    ask(rooms)
    assert released.wait(5)
    talk.send()
    assert (talk.guest.line.closed, talk.advisor.line.closed) == (True, False)
    assert talk.arrives() == NOTHING  # not even their own picture comes back to who is gone
    assert talk.room.line_of(GUEST) is None


def test_a_line_that_has_not_spoken_yet_is_closed_too(rooms):
    talk = Talk(rooms)
    talk.office.staying = set()
    silent = talk.end(GUEST)
    rooms.recheck_all()
    silent.show()
    assert (silent.line.closed, talk.room.line_of(GUEST)) == (True, None)


def test_one_seat_is_never_held_by_two_browsers(rooms, seconds_pass):
    talk = Talk(rooms)
    holder = {"device": "old"}
    seat = "guest:2"
    old, new = (
        End(talk.room.new_line(seat, lambda device=device: holder["device"] == device), device)
        for device in ("old", "new")
    )
    talk.office.staying |= {seat}
    talk.office.admitted |= {seat}
    talk.room.let_in(talk.office.inside)
    for end in (old, new, old):
        end.show()
    talk.send()
    assert [old.sees(), new.sees()] == [GREY, ADVISOR]
    holder["device"] = "new"
    rooms.recheck_all()
    assert [old.line.closed, new.line.closed] == [True, False]
    holder["device"] = "old"  # taken back
    rooms.recheck_all()
    talk.send()
    assert [old.line.closed, new.line.closed] == [True, True]
    assert [new.sees(), old.sees()] == [GREY, GREY]


def test_a_slow_release_holds_up_nobody(rooms):
    talk = Talk(rooms)
    go_on = threading.Event()
    talk.guest.line.release = go_on.wait
    talk.office.staying = set()
    rooms.recheck_all()
    assert talk.guest.line.closed
    go_on.set()


def test_a_talk_goes_on_for_some_seconds_when_the_office_cannot_be_asked(rooms, seconds_pass):
    talk = Talk(rooms)
    talk.office.closed = True
    seconds_pass(TRUST - 0.1)
    with pytest.raises(ConnectionError):
        rooms.recheck_all()
    talk.send()
    assert talk.arrives() == TALKING
    seconds_pass(1.1)  # an outlet is held for who spoke there for a second
    talk.send()
    assert talk.arrives() == ONLY_THEMSELVES
    talk.office.closed = False
    rooms.recheck_all()
    seconds_pass(1.1)
    talk.send()
    assert talk.arrives() == TALKING


def test_nobody_new_is_let_in_when_the_office_cannot_be_asked(rooms):
    room, office = rooms.room(7), Office()
    ends = [End(room.new_line(seat), seat) for seat in (ADVISOR, GUEST)]
    office.closed = True
    with pytest.raises(ConnectionError):
        room.let_in(office.inside)
    for end in ends:
        end.show()
    assert [end.sees() for end in ends] == [ADVISOR, GUEST]


def test_a_room_that_cannot_be_asked_about_is_no_other_rooms_problem(rooms):
    talks = [Talk(rooms, number) for number in range(3)]
    talks[1].office.closed = True
    for talk in (talks[0], talks[2]):
        talk.arrives()
        talk.office.admitted = frozenset()
    with pytest.raises(ConnectionError):
        rooms.recheck_all()
    assert [talk.arrives() for talk in talks] == [NOTHING, TALKING, NOTHING]


def test_a_line_whose_question_fails_is_not_trusted_for_longer(rooms, seconds_pass):
    talk = Talk(rooms)

    def broken() -> bool:
        return 1 / 0 > 0

    talk.guest.line.stays = broken
    for _ in range(12):
        seconds_pass(TRUST / 10)
        with pytest.raises(ZeroDivisionError):
            rooms.recheck_all()
    talk.arrives()
    talk.send()
    assert talk.arrives() == ONLY_THEMSELVES


def test_asking_about_a_room_that_is_not_there_does_nothing(rooms):
    rooms.recheck(8)
    assert dict(rooms._rooms) == {}
