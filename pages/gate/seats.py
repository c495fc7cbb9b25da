"""
All WebSockets that are open at the gate, by seat: whether one more may be opened.

Knows a person only by the name of a seat ("guest:17"), and nothing of what is said.
"""

import asyncio
from collections.abc import Collection, Coroutine, Iterable

from starlette.types import Receive, Send

from pages.gate.socket_limits import LATER, STREAMLIT, Speech
from pages.gate.sockets import Seat, Socket

SEATS_KEPT = 10_000


class Seats:
    """All that is open at this gate, of one kind."""

    def __init__(self, speech: Speech = STREAMLIT) -> None:
        self._speech = speech
        self._seats: dict[str, Seat] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def open(self, names: Iterable[str], receive: Receive, send: Send) -> Socket | None:
        """
        One more socket, for the first of somebody's seats that has room for it; None if that
        is too many or too often.
        """
        for seat in self._in_turn(names):
            if seat.has_room and seat.opened.take_now():
                return self._opened(seat, receive, send)
        return None

    def _opened(self, seat: Seat, receive: Receive, send: Send) -> Socket:
        silent = seat.silent()
        if len(seat.sockets) >= self._speech.sockets and silent is not None:
            seat.sockets.remove(silent)
            # Beside: a dead connection may take a minute to close, the new one must not wait.
            self._beside(silent.close(LATER))
        socket = Socket(seat, receive, send)
        seat.sockets.append(socket)
        return socket

    def full(self, names: Collection[str]) -> bool:
        """Whether one more would be too many; nothing is opened."""
        return bool(names) and not any(seat.has_room for seat in self._in_turn(names))

    def leave(self, socket: Socket) -> None:
        if socket in socket.seat.sockets:
            socket.seat.sockets.remove(socket)

    def _beside(self, closing: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(closing)
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _in_turn(self, names: Iterable[str]) -> list[Seat]:
        """
        The emptiest first; last those that somebody else may use up, too: an advisor who has once
        opened a client's link shares its seat with everybody else who has it.
        """
        seats = {name: self._seat(name) for name in names}
        turn = sorted(seats, key=lambda name: (" " in name, len(seats[name].sockets), name))
        return [seats[name] for name in turn]

    def _seat(self, name: str) -> Seat:
        if len(self._seats) >= SEATS_KEPT:
            self._seats = {name: seat for name, seat in self._seats.items() if seat.sockets}
        return self._seats.setdefault(name, Seat(self._speech))
