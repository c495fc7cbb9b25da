"""
WebSocket /live: what a tab is told at once, and what it says while somebody writes.

Its first message names the tab, {"tab": id}; then {"changed": n} comes back, and again with
every change: the page asks Streamlit to draw anew, and the database is the truth. Everything
else is a message of one kind, by its name. An empty object is answered with one: a sign of life.
The gate has asked whether somebody with a live seat opens it, and limits what is said.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import ExitStack, suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

from pages.parts import ears, tabs, written

HELLO_SECONDS = 5
POLICY = 1008  # RFC 6455, 7.4.1
# Of our own (4000 to 4999): another socket of this tab has come; the tab is not known (yet).
REPLACED, UNKNOWN = 4001, 4004


class Mouth:
    """Says what an ear is to be told, in the order of the event loop; has no task of its own."""

    def __init__(self, ear: ears.Ear, socket: WebSocket) -> None:
        self._ear, self._socket = ear, socket
        self._loop = asyncio.get_running_loop()
        self._saying: asyncio.Task[None] | None = None
        self._code: int | None = None
        self._asked = False

    def wake(self) -> None:
        self._later(self._say)

    def close(self, code: int) -> None:
        self._code = code
        self._later(self._say)

    def answer(self) -> None:
        """A sign of life, called on the loop."""
        self._asked = True
        self._say()

    def _later(self, what: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the server is going down
            self._loop.call_soon_threadsafe(what)

    def _say(self) -> None:
        if self._saying is None:
            self._saying = asyncio.create_task(self._everything())

    async def _everything(self) -> None:
        """Until nothing is left. Who has gone is noticed by whoever listens to the browser."""
        try:
            with suppress(WebSocketDisconnect, RuntimeError):
                while self._code is None and (events := self._take()):
                    for event in events:
                        await self._socket.send_text(json.dumps(event))
                if self._code is not None:
                    await self._socket.close(self._code)
        finally:
            self._saying = None

    def _take(self) -> list[dict[str, object]]:
        events = self._ear.take(self)
        if self._asked:
            events.append({})
            self._asked = False
        return events


async def listen(socket: WebSocket) -> None:
    await socket.accept()
    said = await _first(socket)
    if said is None:
        return
    ear = ears.found(said.get("tab"), socket.cookies)
    if ear is None:
        await socket.close(UNKNOWN)
    elif not await asyncio.to_thread(ear.stays):
        await socket.close(POLICY)
    else:
        await _talk(socket, ear)


async def _first(socket: WebSocket) -> dict[str, object] | None:
    """The first message; None for somebody who has gone, or who says nothing and has to."""
    try:
        async with asyncio.timeout(HELLO_SECONDS):
            return await _said(socket)
    except TimeoutError:
        await socket.close(POLICY)
        return None


async def _talk(socket: WebSocket, ear: ears.Ear) -> None:
    """Until the browser goes, or has to."""
    mouth = Mouth(ear, socket)
    if (before := ear.attach(mouth)) is not None:
        before.close(REPLACED)
    try:
        while (said := await _said(socket)) is not None:
            if not said:
                mouth.answer()
            elif isinstance(text := said.get("typing", 0), str | None):
                await asyncio.to_thread(written.typed, ear, text)
    finally:
        ear.detach(mouth)
        written.gone(ear)


async def _said(socket: WebSocket) -> dict[str, object] | None:
    """The next message, which the gate has found to be an object; None after the last."""
    message = await socket.receive()
    return json.loads(message["text"]) if message["type"] == "websocket.receive" else None


def check_listeners(everybody: bool) -> None:
    """
    Who may not be told anything any more loses the socket; whom news concern, or everybody.

    The rest are told who is seen where, afterwards. What fails with one is raised after the last.
    """
    with ExitStack() as turns:  # the last one comes first
        turns.callback(tabs.tell_places)
        for ear in ears.every():
            turns.callback(ear.check, POLICY, everybody)
