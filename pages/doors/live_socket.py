"""
WebSocket /live: what a tab is told at once, and what it says while somebody writes.

Its first message names the tab and its time, {"tab": id, "at": ms}; then {"changed": n} comes
back, and again with every change: the page asks Streamlit to redraw, and the database is the
truth. Everything else is a message of one kind, by its name. An empty object is answered with
one: a sign of life.
The gate has asked whether somebody with a live seat opens it, and limits what is said.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

from starlette.websockets import WebSocket, WebSocketDisconnect

from core.all_of import all_of
from core.refused import Away, Refused
from pages.tabs import tab as tabs
from pages.tabs import typing
from pages.tabs.listener import Listener
from pages.tabs.tab import Tab

HELLO_SECONDS = 5
LAST_MS = 4_102_444_800_000  # the year 2100
POLICY = 1008  # RFC 6455, 7.4.1
LATER = 1013  # IANA's list of close codes: "try again later"
# Of our own (4000 to 4999): another socket of this tab has come; the tab is not known (yet).
REPLACED, UNKNOWN = 4001, 4004


class Sender:
    """Sends what a listener is told, in the order of the event loop; has no task of its own."""

    def __init__(self, listener: Listener, socket: WebSocket) -> None:
        self._listener, self._socket = listener, socket
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
        """Until nothing is left. That the browser has gone is noticed in `_talk`."""
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
        events = self._listener.take(self)
        if self._asked:
            events.append({})
            self._asked = False
        return events


async def listen(socket: WebSocket) -> None:
    await socket.accept()
    said = await _first(socket)
    if said is None:
        return
    tab = tabs.of(said.get("tab"), socket.cookies)
    if tab is None:
        await socket.close(UNKNOWN)
        return
    try:
        stays = await asyncio.to_thread(tab.stays)
    except Away:
        await socket.close(LATER)
        return
    if stays:
        await _compare(tab, said.get("at"))
        await _talk(socket, tab)
    else:
        await socket.close(POLICY)


async def _compare(tab: Tab, at: object) -> None:
    """A colleague's browser knows the time, too (`core.office.timekeeping`)."""
    if tab.clock is not None and isinstance(at, int) and 0 < at < LAST_MS:
        with suppress(Refused, Away):  # signed out meanwhile, or the next page will say it
            await asyncio.to_thread(tab.clock, datetime.fromtimestamp(at / 1000, UTC))


async def _first(socket: WebSocket) -> dict[str, object] | None:
    """The first message; None for somebody who has gone, or who says nothing and has to."""
    try:
        async with asyncio.timeout(HELLO_SECONDS):
            return await _said(socket)
    except TimeoutError:
        await socket.close(POLICY)
        return None


async def _talk(socket: WebSocket, tab: Tab) -> None:
    """Until the browser goes, or has to."""
    sender = Sender(tab.listener, socket)
    if (before := tab.listener.attach(sender)) is not None:
        before.close(REPLACED)
    try:
        while (said := await _said(socket)) is not None:
            if not said:
                sender.answer()
            elif isinstance(text := said.get("typing", 0), str | None):
                with suppress(Away):  # nobody knows who may read it
                    await asyncio.to_thread(typing.typed, tab, text)
    finally:
        tab.listener.detach(sender)
        typing.left(tab)


async def _said(socket: WebSocket) -> dict[str, object] | None:
    """The next message, which the gate has found to be an object; None after the last."""
    message = await socket.receive()
    return json.loads(message["text"]) if message["type"] == "websocket.receive" else None


def check_listeners(everybody: bool) -> None:
    """
    Who may not be told anything any more loses the socket; whom news concern, or everybody.

    The rest are told who is seen where, afterwards. What fails with one is raised after the last.
    """
    rechecks = [partial(tab.recheck, POLICY, everybody) for tab in tabs.every()]
    all_of([*rechecks, tabs.tell_places])
