"""A screen is one more seat: seen by everybody else inside, heard by nobody."""

import time

import pytest

from core.media.packets import placeholders
from core.media.packets.feedback import HIGHEST, HIGHEST_SCREEN
from core.media.packets.outlet import STILL
from core.media.packets.parts import Part
from core.media.rooms import line
from core.media.rooms.room import Room
from core.media.transport.port import Port
from tests.core.media.ends import End
from tests.core.media.peers import Browser, alike, run, until
from tests.core.media.rooms.test_places import Viewer

ADVISOR, CLIENT, WAITING = "staff:1", "guest:1", "guest:2"
SCREEN = f"screen:{ADVISOR}"
Seen = tuple[set[str], set[str]]  # at one place: whose pictures, whose sounds
NOTHING: Seen = (set(), set())


class Sharing:
    """An advisor with a screen and two guests, one of whom waits outside."""

    def __init__(self) -> None:
        self.room = Room()
        self.people = [
            End(self.room.new_line(seat), seat, others=2) for seat in (ADVISOR, CLIENT, WAITING)
        ]
        self.screen = End(self.room.new_line(SCREEN, screen_of=ADVISOR), SCREEN)
        self.send()
        self.let_in(ADVISOR, CLIENT, SCREEN)
        self.send()
        self.places()

    def let_in(self, *seats: str) -> None:
        self.room.let_in(lambda: frozenset(seats))

    def send(self) -> None:
        for end in (*self.people, self.screen):
            end.show()
            end.speak()

    def places(self) -> list[list[Seen]]:
        return [end.places() for end in self.people]


@pytest.fixture
def sharing() -> Sharing:
    return Sharing()


def test_everybody_inside_sees_it_beside_the_people_but_whoever_shows_it(sharing):
    sharing.send()
    assert sharing.places() == [
        [({CLIENT}, {CLIENT}), NOTHING],
        [({ADVISOR}, {ADVISOR}), ({SCREEN}, set())],
        [({WAITING}, set()), NOTHING],  # one's own picture, outside
    ]


def test_nobody_is_heard_from_it(sharing):
    for part, audience in ((Part.SOUND, []), (Part.PICTURE, [sharing.people[1].line])):
        assert sharing.room.audience(sharing.screen.line, part, time.monotonic()) == audience


def test_nothing_goes_to_it_not_even_what_it_sends_itself(sharing):
    sharing.send()
    assert sharing.screen.gets() == 0
    sharing.let_in()
    sharing.send()
    assert sharing.screen.gets() == 0


def test_it_is_seen_by_nobody_before_and_after_the_office_says_so(sharing):
    sharing.let_in(ADVISOR, CLIENT)
    sharing.places()
    sharing.send()
    assert sharing.places()[1] == [({ADVISOR}, {ADVISOR}), NOTHING]
    assert sharing.room.audience(sharing.screen.line, Part.PICTURE, time.monotonic()) == []
    sharing.let_in(ADVISOR, CLIENT, SCREEN)
    sharing.send()
    assert [seen for seen, _ in sharing.places()[1]] == [{ADVISOR}, {SCREEN}]


def test_the_moment_it_is_over_nothing_of_it_comes_out_any_more(sharing):
    client = sharing.people[1]
    [outlet] = [each for part, each in client.line.outlets if each.carries(SCREEN)]
    sharing.let_in(ADVISOR, CLIENT)
    assert (outlet.speaker, [outlet.again(number, 1e9) for number in range(50)]) == (
        None,
        [None] * 50,
    )


def test_when_it_is_over_its_place_turns_grey_and_the_advisors_stays(sharing):
    client = sharing.people[1]
    sharing.screen.line.close()
    client.line.beat(line.time.monotonic())
    [(_, first), (_, second)] = [
        (part, outlet) for part, outlet in client.line.outlets if part is Part.PICTURE
    ]
    assert [first.carries(ADVISOR), second.speaker] == [True, None]
    assert {(each.ssrc, each.payload) for each in client.got} == {
        (second.leg.ssrc, payload) for payload in placeholders.grey("VP8")
    }


def test_who_comes_later_sees_it_too(sharing):
    sharing.let_in(ADVISOR, CLIENT, WAITING, SCREEN)
    late = End(sharing.room.new_line(WAITING), WAITING, others=3)
    late.show()
    sharing.send()
    assert [seen for seen, _ in late.places()] == [{ADVISOR}, {CLIENT}, {SCREEN}]


def test_it_takes_the_place_that_makes_no_sound_and_leaves_the_others_to_people():
    room = Room()
    client = End(room.new_line(CLIENT), CLIENT, others=3)
    del client.line.places[1][Part.SOUND]
    screen = End(room.new_line(SCREEN, screen_of=ADVISOR), SCREEN)
    people = [End(room.new_line(seat), seat) for seat in (ADVISOR, WAITING)]
    for end in (screen, client, *people):
        end.show()
    room.let_in(lambda: frozenset({ADVISOR, CLIENT, WAITING, SCREEN}))
    client.gets()
    for end in (screen, *people):
        end.show()
    assert [seen for seen, _ in client.places()] == [{ADVISOR}, {SCREEN}, {WAITING}]


def test_a_screen_on_which_nothing_moves_stays(seconds_pass):
    sharing = Sharing()
    client = sharing.people[1]
    seconds_pass(STILL - 0.1)
    for person in sharing.people:
        person.show()
    sharing.room.recheck()
    client.line.beat(line.time.monotonic())
    assert client.places() == [({ADVISOR}, set()), NOTHING]  # and nothing grey
    assert sharing.room.line_of(SCREEN) is sharing.screen.line
    seconds_pass(0.2)
    client.line.beat(line.time.monotonic())
    assert client.gets() == len(placeholders.grey("VP8"))  # at one place
    assert sharing.room.line_of(SCREEN) is None


def test_a_screen_may_take_more_bits_than_a_camera(sharing):
    limits = [end.line.hearers_limit(0.0) for end in (sharing.people[0], sharing.screen)]
    assert limits == [HIGHEST, HIGHEST_SCREEN]


class Screen(Browser):
    """A browser that sends one picture and wants nothing."""

    async def call(self, port: Port) -> None:
        for each in self.near.getTransceivers():
            each.direction = "sendonly"
        await super().call(port)


def test_a_real_browsers_screen_reaches_who_comes_later_over_the_network():
    room, colours = Room(), [(80, 90, 220), (60, 210, 110), (200, 120, 40)]

    async def scene(advisor: Viewer, client: Viewer, screen: Screen) -> None:
        room.let_in(lambda: frozenset({ADVISOR, SCREEN}))
        await until(lambda: room.line_of(SCREEN) is screen.line)
        await until(lambda: screen.line.camera_on)  # its first whole picture is over
        room.let_in(lambda: frozenset({ADVISOR, CLIENT, SCREEN}))
        await until(lambda: all(near(client.seen[-12:], each) for each in (colours[0], colours[2])))
        await until(lambda: near(advisor.seen[-12:], colours[1]))
        assert not near(advisor.seen, colours[2])
        assert (screen.seen, screen.heard) == ([], [])
        assert screen.line.places == []

    run(
        scene,
        lambda: Viewer(room.new_line(ADVISOR), colours[0], 600),
        lambda: Viewer(room.new_line(CLIENT), colours[1], 800),
        lambda: Screen(room.new_line(SCREEN, screen_of=ADVISOR), colours[2], 400),
    )


def near(seen: list[tuple[int, int, int]], shown: tuple[int, int, int]) -> bool:
    return any(alike(each, shown) for each in seen)
