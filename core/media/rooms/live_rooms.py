"""
All live rooms of this process, each found by the number of its appointment.

Knows no seat and no door: who may hear and see whom is each room's own affair.
"""

import threading
from weakref import WeakValueDictionary

from core.all_of import all_of
from core.media.rooms.line import Line
from core.media.rooms.room import Presence, Room


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

    def presences(self) -> dict[int, Presence]:
        """Who is there, in every room; asks nobody."""
        with self._lock:
            rooms = dict(self._rooms)
        return {appointment_id: room.presence() for appointment_id, room in rooms.items()}

    def recheck(self, appointment_id: int) -> None:
        """Ask the office again about one room, at once."""
        with self._lock:
            room = self._rooms.get(appointment_id)
        if room is not None:
            room.recheck()

    def recheck_all(self) -> None:
        """Ask the office again about every room. What fails in one is raised after the last."""
        with self._lock:
            rooms = list(self._rooms.values())
        all_of(room.recheck for room in rooms)


ROOMS = Rooms()
