"""Whatever people do in whatever order: nothing arrives where the tables do not admit it."""

import logging
import os

import pytest
from hypothesis import Phase
from sqlalchemy import event

from core.engine import engine
from core.media.rooms.room import Room
from tests.core.media.building import sign_in
from tests.core.media.machine import Anything, run

log = logging.getLogger(__name__)
# `make soak-room` runs 10,000 of them.
EXAMPLES = int(os.environ.get("ROOM_EXAMPLES", "300"))


@pytest.fixture
def machine(house):
    """The machine on the house; its SQLite is real but need not outlive a power cut."""
    event.listen(
        engine(), "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF")
    )

    class Here(Anything):
        pass

    Here.house, Here.session_id = house, sign_in(house)
    return Here


def test_nobody_who_is_not_admitted_gets_anything_of_anybody(machine):
    run(machine, EXAMPLES)
    log.info("%s examples, %s steps, %s delivered", EXAMPLES, machine.steps, machine.delivered)
    assert machine.delivered > EXAMPLES  # and those who are admitted did


class NobodyLeaves(Room):
    """Lets in, and never out again."""

    def _put_inside(self, inside):
        super()._put_inside(inside | self._inside)


class NobodyIsClosed(Room):
    """Asks who is inside, and never whose browser may stay."""

    def _sitting(self):
        return []


class NothingIsForgotten(Room):
    """Closes the door, and still plays what was underway."""

    def _put_inside(self, inside):
        with self.lock:
            self._inside = inside


class EverybodyHears(Room):
    """Takes the Warteraum for the room."""

    def _put_inside(self, inside):
        super()._put_inside(frozenset({*self.lines, *inside}) if inside else inside)


class TheAdvisorListens(Room):
    """Takes a private minute for a talk like any other."""

    def _put_inside(self, inside):
        desk = {line.seat for line in self._all if line.seat.startswith("staff:")}
        super()._put_inside(inside | desk if inside else inside)


class AScreenIsAPerson(Room):
    """Shows the screen to who shows it, and people to the screen."""

    def new_line(self, seat, stays, screen_of=None):
        return super().new_line(seat, stays)


FAULTS = [NobodyLeaves, NobodyIsClosed, NothingIsForgotten, EverybodyHears, AScreenIsAPerson]
FAULTS += [TheAdvisorListens]


@pytest.mark.parametrize("room", FAULTS)
def test_a_room_with_a_fault_is_caught(machine, room):
    machine.room = room
    with pytest.raises(AssertionError, match=r"not admitted|may not sit|same person"):
        run(machine, 300, Phase.generate)  # to be caught is enough
