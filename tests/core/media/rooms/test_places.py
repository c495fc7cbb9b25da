"""More than two people: each sees and hears every other one, never a mix."""

import pytest

from core.media.packets.outlet import HELD
from core.media.packets.parts import Part
from core.media.rooms.room import Room
from core.media.transport.port import Port
from tests.core.media.ends import End
from tests.core.media.peers import Browser, run, until

ADVISOR, CLIENT, INTERPRETER = "staff:1", "guest:1", "guest:2"
ALL = (ADVISOR, CLIENT, INTERPRETER)


class Three:
    """Three people in a talk, each with two places for the other two."""

    def __init__(self) -> None:
        self.room = Room()
        self.ends = [End(self.room.new_line(seat), seat, others=2) for seat in ALL]
        self.send(*ALL)  # everybody is there
        self.let_in(*ALL)
        self.places()

    def let_in(self, *seats: str) -> None:
        self.room.let_in(lambda: frozenset(seats))

    def send(self, *seats: str) -> None:
        for end in self.ends:
            if end.name in seats:
                end.show()
                end.speak()

    def places(self) -> list[list[tuple[set[str], set[str]]]]:
        return [end.places() for end in self.ends]


@pytest.fixture
def three() -> Three:
    return Three()


def alone(seat: str) -> tuple[set[str], set[str]]:
    """A place where only this seat is seen and heard."""
    return {seat}, {seat}


NOBODY: tuple[set[str], set[str]] = (set(), set())


def test_each_of_three_sees_and_hears_the_other_two_each_at_a_place_of_their_own(three):
    three.send(*ALL)
    assert three.places() == [
        [alone(CLIENT), alone(INTERPRETER)],
        [alone(ADVISOR), alone(INTERPRETER)],
        [alone(ADVISOR), alone(CLIENT)],
    ]


def test_picture_and_sound_of_a_person_come_at_the_same_place_whichever_is_first(three):
    _advisor, client, interpreter = three.ends
    client.show()
    interpreter.speak()
    interpreter.show()
    client.speak()
    assert three.ends[0].places() == [alone(CLIENT), alone(INTERPRETER)]


def test_who_goes_leaves_a_place_for_who_comes(three):
    three.send(*ALL)
    three.places()
    three.ends[1].line.close()
    late = End(three.room.new_line("guest:3"), "guest:3", others=2)
    three.let_in(*ALL, "guest:3")
    late.show()
    three.send(INTERPRETER)
    assert three.ends[0].places()[0][0] == {"guest:3"}


def test_a_place_is_kept_for_who_is_silent_for_a_moment(three, seconds_pass):
    three.send(*ALL)
    three.places()
    seconds_pass(HELD / 2)
    three.send(INTERPRETER)
    assert three.ends[0].places() == [NOBODY, alone(INTERPRETER)]


def test_who_has_one_place_only_goes_on_seeing_the_one_who_was_first():
    room = Room()
    ends = [End(room.new_line(seat), seat) for seat in ALL]
    for end in ends:
        end.show()
    room.let_in(lambda: frozenset(ALL))
    for end in ends:
        end.gets()
    for end in ends:
        end.show()
    assert [end.places()[0][0] for end in ends] == [{CLIENT}, {ADVISOR}, {ADVISOR}]


def test_who_is_sent_out_is_seen_and_heard_at_no_place_any_more(three):
    three.send(*ALL)
    three.places()
    three.let_in(ADVISOR, CLIENT)
    three.send(*ALL)
    assert three.places() == [
        [alone(CLIENT), NOBODY],
        [alone(ADVISOR), NOBODY],
        [({INTERPRETER}, set()), NOBODY],  # their own picture
    ]


class Viewer(Browser):
    """A browser that asks for one person more than it sends."""

    async def call(self, port: Port) -> None:
        for kind in ("video", "audio"):
            self.near.addTransceiver(kind, direction="recvonly")
        await super().call(port)


def test_three_real_browsers_see_and_hear_each_other_over_the_network():
    room, colours = Room(), [(80, 90, 220), (60, 210, 110), (200, 120, 40)]
    people = [
        (lambda seat=seat, shown=shown: Viewer(room.new_line(seat), shown, 600))
        for seat, shown in zip(ALL, colours, strict=True)
    ]

    async def scene(*browsers: Viewer) -> None:
        room.let_in(lambda: frozenset(ALL))
        for browser, own in zip(browsers, colours, strict=True):
            others = [each for each in colours if each != own]
            await until(lambda: all(near(browser.seen[-12:], each) for each in others))  # noqa: B023

            assert [set(place) for place in browser.line.places] == [set(Part), set(Part)]

    run(scene, *people)


def near(seen: list[tuple[int, int, int]], shown: tuple[int, int, int]) -> bool:
    return any(all(abs(a - b) <= 5 for a, b in zip(each, shown, strict=True)) for each in seen)
