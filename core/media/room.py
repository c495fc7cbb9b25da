"""
Who may hear and see whom.

A room has seats; a seat is outside (device test, Warteraum) or inside (the talk).
Outside, a person's picture goes to nobody but back to them, and their sound to
nobody at all. `let_in` is the only door; one at a time asks the office and applies the
answer, so that a late reader can never reopen what somebody else has just closed.
"""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary

from core.media.relay import Line, Part

_started = itertools.count(1)


class Room:
    """The live room of one appointment. Thread-safe: pages and the media loop both call it."""

    def __init__(self) -> None:
        self._door = threading.Lock()  # held while the office is asked; media never waits for it
        self._lock = threading.Lock()
        self._inside: frozenset[str] = frozenset()
        self._lines: dict[str, Line] = {}

    def new_line(self, seat: str) -> Line:
        """A line for one more connection of `seat`. It speaks for the seat once media arrives."""
        return Line(seat, self)

    def let_in(self, admitted: Callable[[], frozenset[str]]) -> None:
        """Put exactly the `admitted` seats inside; asked and applied as one step."""
        with self._door:
            self._apply(admitted())

    def _apply(self, inside: frozenset[str]) -> None:
        with self._lock:
            for seat in inside ^ self._inside:
                if seat in self._lines:
                    self._lines[seat].forget()
            for line in self._lines.values():
                line.forget_all_but(inside)
            self._inside = inside

    def take_seat(self, line: Line) -> bool:
        """True if `line` speaks for its seat; the newest living connection does."""
        with self._lock:
            if line.started < 0:
                return False
            if line.started == 0:
                line.started = next(_started)
            current = self._lines.get(line.seat)
            if current is None or current.silent or line.started > current.started:
                if current is not None and current is not line:
                    current.forget()
                self._lines[line.seat] = line
            return self._lines[line.seat] is line

    def leave_seat(self, line: Line) -> None:
        """`line` is over: it neither speaks for its seat nor ever will again."""
        with self._lock:
            line.started = -1
            if self._lines.get(line.seat) is line:
                del self._lines[line.seat]

    @contextmanager
    def audience(self, line: Line, part: Part) -> Iterator[list[Line]]:
        """
        To whom this line's picture or sound goes right now; nothing changes while they get it.

        Without that, somebody could still be given a picture after the door has closed.
        """
        with self._lock:
            if self._lines.get(line.seat) is not line:
                yield []
            elif line.seat not in self._inside:
                yield [line] if part is Part.PICTURE else []
            else:
                yield [
                    other
                    for seat, other in self._lines.items()
                    if seat in self._inside and seat != line.seat
                ]

    def sweep(self) -> None:
        """Forget silent lines. One that lives again comes back."""
        with self._lock:
            for seat, line in list(self._lines.items()):
                if line.silent:
                    line.forget()
                    del self._lines[seat]

    def line_of(self, seat: str) -> Line | None:
        """The connection that speaks for a seat now, if any is alive."""
        with self._lock:
            line = self._lines.get(seat)
        return None if line is None or line.silent else line


class Rooms:
    """All live rooms of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # A room lives as long as a page has a line into it.
        self._rooms: WeakValueDictionary[int, Room] = WeakValueDictionary()

    def room(self, appointment_id: int) -> Room:
        with self._lock:
            return self._rooms.setdefault(appointment_id, Room())

    def line_of(self, appointment_id: int, seat: str) -> Line | None:
        """The connection that speaks for a seat; makes no room where there is none."""
        with self._lock:
            room = self._rooms.get(appointment_id)
        return room.line_of(seat) if room else None

    def sweep(self) -> None:
        """Forget lines on which nothing arrives any more, and the last picture on them."""
        with self._lock:
            rooms = list(self._rooms.values())
        for room in rooms:
            room.sweep()

    def close(self, appointment_id: int) -> None:
        """Nobody hears anybody any more; the room is forgotten."""
        with self._lock:
            room = self._rooms.pop(appointment_id, None)
        if room is not None:
            room.let_in(frozenset)


ROOMS = Rooms()
