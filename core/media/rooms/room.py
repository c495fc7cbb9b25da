"""
The live room of one appointment: who speaks for each seat, and who is inside.

A seat is outside (device test, Warteraum) or inside (the talk). `let_in` is the only door; one
at a time asks the office and applies the answer, so that a late reader can never reopen what
somebody else has just closed. What follows for those who would hear and see is the rule of
`audience.py`.

An answer of the office is trusted for a while only. `recheck` asks again (`core.watch` says
when); when nobody can be asked any more, nobody can change anything either, and running talks
go on until everybody is outside in the end.
"""

import itertools
import threading
import time
from collections.abc import Callable
from weakref import WeakSet

from core.media.packets.parts import Part
from core.media.rooms.audience import audience
from core.media.rooms.line import Line

TRUST = 90.0  # seconds
_began = itertools.count(1)
Presence = frozenset[tuple[str, int, bool, bool, bool]]


def _always() -> bool:
    return True


class Room:
    """The live room of one appointment. Thread-safe: pages and the media loop both call it."""

    def __init__(self) -> None:
        self._door = threading.Lock()  # held while the office is asked; media never waits for it
        self.lock = threading.Lock()  # nothing changes here while it is held
        self._admitted: Callable[[], frozenset[str]] = frozenset
        self._inside: frozenset[str] = frozenset()
        self._trusted_until = 0.0
        self.lines: dict[str, Line] = {}  # who speaks for each seat
        self._all: WeakSet[Line] = WeakSet()
        # To whom each part of a line goes, until a seat is taken or left, or the door moves.
        self._audiences: dict[tuple[Line, Part], list[Line]] = {}

    def new_line(
        self, seat: str, stays: Callable[[], bool] = _always, screen_of: str | None = None
    ) -> Line:
        """
        A line for one more connection of `seat`. It speaks for the seat once media arrives.

        `stays` asks the office whether this browser may still sit here; a screen is that of
        another seat.
        """
        line = Line(seat, self, stays, screen_of)
        with self.lock:
            self._all.add(line)
        return line

    def let_in(self, admitted: Callable[[], frozenset[str]]) -> None:
        """Put exactly the `admitted` seats inside; asked and applied as one step."""
        with self._door:
            self._admitted = admitted
            self._apply(admitted())

    def recheck(self) -> None:
        """Ask the office again: whose browser has to go, and who is inside. Forget silent lines."""
        with self._door:
            inside = self._admitted()
            self._put_inside(inside)  # first: it is what people wait for
            for line in self._sitting():
                if not line.stays():
                    line.close()
                    # This waits for the media loop; nobody here should wait for it, too.
                    threading.Thread(target=line.release, daemon=True).start()
            self._apply(inside)  # trusted for longer only once every line could be asked about
        self._sweep()

    def _sitting(self) -> list[Line]:
        with self.lock:
            return [line for line in self._all if not line.closed]

    def _apply(self, inside: frozenset[str]) -> None:
        self._put_inside(inside)
        self._trusted_until = time.monotonic() + TRUST

    def _put_inside(self, inside: frozenset[str]) -> None:
        with self.lock:
            begin = list(self.lines.values()) if inside != self._inside else []
            for line in begin:
                line.forget()
            self._inside = inside
            self._audiences.clear()
        for line in begin:
            line.show_whole_picture()

    def take_seat(self, line: Line) -> bool:
        """True if `line` speaks for its seat; the newest living connection does."""
        with self.lock:
            if line.closed:
                return False
            if line.began is None:
                line.began = next(_began)
            current = self.lines.get(line.seat)
            if current is None or current.silent or line.began > (current.began or 0):
                if current is not None and current is not line:
                    current.forget()
                self.lines[line.seat] = line
                self._audiences.clear()
            return self.lines[line.seat] is line

    def leave_seat(self, line: Line) -> None:
        """`line` is over: it neither speaks for its seat nor ever will again."""
        with self.lock:
            line.closed = True
            if self.lines.get(line.seat) is line:
                del self.lines[line.seat]
                self._audiences.clear()
                for other in self.lines.values():
                    other.forget_from(line.seat)

    def audience(self, line: Line, part: Part, now: float) -> list[Line]:
        """
        To whom this line's picture or sound goes right now.

        Ask and serve with `lock` held: somebody could still be given a picture after the door
        has closed.
        """
        if now >= self._trusted_until:
            return audience(line, part, self.lines, frozenset())
        known = self._audiences.get((line, part))
        if known is None:
            known = self._audiences[line, part] = audience(line, part, self.lines, self._inside)
        return known

    def _sweep(self) -> None:
        """Forget silent lines. One that lives again comes back."""
        with self.lock:
            for seat, line in list(self.lines.items()):
                if line.silent:
                    line.forget()
                    del self.lines[seat]
                    self._audiences.clear()

    def presence(self) -> Presence:
        """Who is there: seats, by which line, with a picture, with a sound, ever heard or not."""
        self._sweep()
        with self.lock:
            return frozenset(
                (seat, line.began or 0, line.camera_on, line.microphone_on, line.was_heard)
                for seat, line in self.lines.items()
            )

    def line_of(self, seat: str) -> Line | None:
        """The connection that speaks for a seat now, if any is alive."""
        with self.lock:
            line = self.lines.get(seat)
        return None if line is None or line.silent else line
