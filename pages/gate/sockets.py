"""
Who may open a WebSocket, how many, and what may be sent through it.

Knows a person only by the name of a seat ("guest:17"). One person has a few sockets, one
for each tab; what all of them send together is slowed down, never dropped.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Coroutine, Iterable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field

from starlette.types import Message, Receive, Send

from pages.gate.bucket import Bucket
from pages.tabs import payers
from pages.upstream import frontend

# Measured in a whole journey (docs/decisions/0009): a tab sends 3.3 frames a second, up to
# 4 at once, and none is longer than 8 KB. The longest chat message while a call is being set
# up makes 20 KB.
FRAMES_A_SECOND, FRAMES_AT_ONCE = 10, 20
# The answer to the server's own ping comes every 20 seconds or so.
CONTROL_A_SECOND, CONTROL_AT_ONCE = 5, 20
# What a tab sends by itself has a part redrawn. Redrawing the whole page is several times
# the work (make flood), so it counts for as many frames; when it is drawn, because what is asked
# for as a part may need the whole page.
WHOLE_PAGE = 4
MAX_BYTES = 24 * 1024
PRESSED_SECONDS = 10
SOCKETS = 4
# A living page says something at least every minute (`SLOWER` in pages/parts/updates.py); a phone
# that has changed its network does not, and mostly the server's pings notice that earlier
# (.streamlit/config.toml).
SILENT_SECONDS = 65
OPENED_A_SECOND, OPENED_AT_ONCE = 0.5, 10
SEATS_KEPT = 10_000
HONEST = ("rerun_script", "stop_script")

ACCEPT = "websocket.accept"
NO_TEXT, NOT_READABLE, POLICY, TOO_LARGE, LATER = 1003, 1007, 1008, 1009, 1013


def _unfit(message: Message) -> int | None:
    frame = message.get("bytes")
    if frame is None:
        return NO_TEXT
    if len(frame) > MAX_BYTES:
        return TOO_LARGE
    return NOT_READABLE if frontend.asks_for(frame) is None else None


@dataclass(frozen=True)
class Speech:
    """What may be said in one kind of WebSocket, and how much; as it is here, in Streamlit's."""

    sockets: int = SOCKETS  # of one seat
    a_second: float = FRAMES_A_SECOND
    at_once: float = FRAMES_AT_ONCE
    opened_a_second: float = OPENED_A_SECOND
    opened_at_once: float = OPENED_AT_ONCE
    silent_seconds: float = SILENT_SECONDS
    # The code to close with after a message that no page of ours sends.
    unfit: Callable[[Message], int | None] = _unfit
    # Whether it is passed on.
    heard: Callable[[Message], bool] = lambda message: frontend.asks_for(message["bytes"]) in HONEST


STREAMLIT = Speech()


def control_frames() -> Callable[[], bool]:
    """For one connection: whether it may bring one more ping, pong or piece of a message."""
    return Bucket(CONTROL_A_SECOND, CONTROL_AT_ONCE).take_now


@dataclass(eq=False)
class Socket:
    """One open WebSocket: `receive` and `send` stand between the server and the app."""

    seat: "Seat"
    _receive: Receive
    _send: Send
    heard: float = 0.0
    closed: int | None = None

    def __post_init__(self) -> None:
        self.heard = time.monotonic()

    async def receive(self) -> Message:
        """The next message that the app may see, not before its time."""
        while True:
            message = await self._receive()
            self.heard = time.monotonic()
            if self.closed is not None:
                return self._gone()
            if message["type"] != "websocket.receive":
                return message
            if (code := self.seat.speech.unfit(message) or await self._turn()) is not None:
                await self.close(code)
                return self._gone()
            if self.seat.speech.heard(message):
                return message

    async def send(self, message: Message) -> None:
        """
        Pass it on. That somebody has gone is noticed when receiving only: Streamlit takes
        a connection that ended while it was sending for one that was sent text, and logs that.
        """
        if self.closed is None:
            with nullcontext() if message["type"] == ACCEPT else suppress(OSError):
                await self._send(message)

    async def close(self, code: int) -> None:
        if self.closed is None:
            self.closed = code
            with suppress(OSError):  # it has gone by itself
                await self._send({"type": "websocket.close", "code": code})

    async def _turn(self) -> int | None:
        """Wait for it; the code to close with if somebody has been too fast for too long."""
        await asyncio.sleep(self.seat.frames.take())
        return POLICY if self.seat.frames.pressed_for() > PRESSED_SECONDS else None

    def _gone(self) -> Message:
        return {"type": "websocket.disconnect", "code": self.closed}


@dataclass
class Seat:
    """What one person has open, in all tabs and devices together."""

    speech: Speech
    sockets: list[Socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.frames = Bucket(self.speech.a_second, self.speech.at_once)
        self.opened = Bucket(self.speech.opened_a_second, self.speech.opened_at_once)
        self.mark = payers.enter(self)

    def pay(self) -> None:
        """For a whole page; its frame has counted as one already."""
        self.frames.owe(WHOLE_PAGE - 1)

    @property
    def has_room(self) -> bool:
        """Whether one more may be open, in place of a silent one perhaps."""
        return len(self.sockets) < self.speech.sockets or self.silent() is not None

    def silent(self) -> Socket | None:
        """The socket to give up for another: the one that has been silent longest."""
        if not self.sockets:
            return None
        longest = min(self.sockets, key=lambda socket: socket.heard)
        return longest if time.monotonic() - longest.heard > self.speech.silent_seconds else None


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
