"""
One open WebSocket, and the seat of the person who has it.

One person has a few sockets, one for each tab; what all of them send together is slowed down,
never dropped. Knows neither the names of seats nor how many there are.
"""

import asyncio
import time
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field

from starlette.types import Message, Receive, Send

from pages.gate.bucket import Bucket
from pages.gate.socket_limits import POLICY, PRESSED_SECONDS, WHOLE_PAGE, Speech
from pages.tabs import payers

ACCEPT = "websocket.accept"


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
