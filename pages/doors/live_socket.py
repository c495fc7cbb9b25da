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
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TypeGuard

from starlette.websockets import WebSocket

from core.all_of import all_of
from core.refused import Away, Refused
from pages.doors.live_sender import Sender
from pages.tabs import tab as tabs
from pages.tabs import typing
from pages.tabs.tab import Tab

HELLO_SECONDS = 5
LAST_MS = 4_102_444_800_000  # the year 2100
LAST_NUMBER = 2**53  # of a message; a browser counts no further
POLICY = 1008  # RFC 6455, 7.4.1
LATER = 1013  # IANA's list of close codes: "try again later"
# Of our own (4000 to 4999): another socket of this tab has come; the tab is not known (yet).
# And: it may not be told anything any more.
REPLACED, REFUSED, UNKNOWN = 4001, 4003, 4004


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
        await socket.close(REFUSED)


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
    sender = Sender(tab, socket)
    if (before := tab.listener.attach(sender)) is not None:
        before.close(REPLACED)
    try:
        while (said := await _said(socket)) is not None:
            if not said:
                sender.answer()
            elif _is_a_number(number := said.get("read")):
                sender.read(number)
            elif isinstance(text := said.get("typing", 0), str | None):
                with suppress(Away):  # nobody knows who may read it
                    await asyncio.to_thread(typing.typed, tab, text)
    finally:
        tab.listener.detach(sender)
        typing.left(tab)


def _is_a_number(number: object) -> TypeGuard[int]:
    return type(number) is int and 0 <= number <= LAST_NUMBER


async def _said(socket: WebSocket) -> dict[str, object] | None:
    """The next message, which the gate has found to be an object; None after the last."""
    message = await socket.receive()
    return json.loads(message["text"]) if message["type"] == "websocket.receive" else None


def check_listeners(everybody: bool) -> None:
    """
    Who may not be told anything any more loses the socket; whom news concern, or everybody.

    The rest are told who is seen where, afterwards. What fails with one is raised after the last.
    """
    rechecks = [partial(tab.recheck, REFUSED, everybody) for tab in tabs.every()]
    all_of([*rechecks, tabs.tell_places])
