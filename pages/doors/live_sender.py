"""
What one tab is told over its live socket, in order: changes, new messages, signs of life.

Knows the tab and its listener, and nothing of what its browser says.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

from core.refused import Away, Refused
from pages.tabs import messages
from pages.tabs.listener import SAID
from pages.tabs.tab import Tab


class Sender:
    """Sends what a tab is told, in the order of the event loop; has no task of its own."""

    def __init__(self, tab: Tab, socket: WebSocket) -> None:
        self._tab, self._socket = tab, socket
        self._loop = asyncio.get_running_loop()
        self._read: int | None = None  # the newest message the tab's chat shows, if it shows one
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

    def read(self, number: int) -> None:
        """The tab shows a chat up to this message; what has been said since is sent."""
        self._read = number
        self._tab.listener.say(SAID, None)

    def _later(self, what: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the server is going down
            self._loop.call_soon_threadsafe(what)

    def _say(self) -> None:
        if self._saying is None:
            self._saying = asyncio.create_task(self._everything())

    async def _everything(self) -> None:
        """Until nothing is left. That the browser has gone is noticed in `live_socket`."""
        try:
            with suppress(WebSocketDisconnect, RuntimeError):
                while self._code is None and (events := self._take()):
                    for event in events:
                        said = await self._messages() if SAID in event else event
                        if said is not None:
                            await self._socket.send_text(json.dumps(said))
                if self._code is not None:
                    await self._socket.close(self._code)
        finally:
            self._saying = None

    def _take(self) -> list[dict[str, object]]:
        events = self._tab.listener.take(self)
        if self._asked:
            events.append({})
            self._asked = False
        return events

    async def _messages(self) -> dict[str, object] | None:
        """What the chat there does not show yet, and its reader may read."""
        if (number := self._read) is None:
            return None
        try:
            new = await asyncio.to_thread(messages.after, self._tab, number)
        except (Refused, Away):  # no more, or not now: the page is about to say so
            return None
        if not new.lines:
            return None
        if self._read == number:  # or a chat that was drawn meanwhile has said another
            self._read = new.newest
        return {"messages": new.as_data()}
