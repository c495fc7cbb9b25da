"""
Visitors whose pages are open and who do nothing: no browser, but what one would say.

A page is drawn once; then parts of it ask to be redrawn as often as Streamlit told them
to, and the live socket gives signs of life. Knows no media: nobody has turned a camera on.
"""

import asyncio
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from tests.browser.raw import LIVE

SIGN_OF_LIFE = 5.0  # seconds; as pages/ui/live/socket.js
DRAWN_SECONDS = 60.0
HEADING = "Warteraum</h1>"


@dataclass(frozen=True)
class Visitor:
    """Whose page it is, and the address that the reverse proxy says they come from."""

    base_url: str
    cookies: dict[str, str]
    query: str
    address: str

    def opening(self, path: str, protocols: list[str] | None = None) -> connect:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return connect(
            self.base_url.replace("http://", "ws://") + path,
            origin=Origin(self.base_url),
            subprotocols=[Subprotocol(each) for each in protocols] if protocols else None,
            additional_headers={"Cookie": cookie, "X-Forwarded-For": self.address},
            max_queue=None,  # who stops reading answers no ping either, and is cut off
        )


class Page:
    """One open page."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self._waiting = False
        self._page = ""  # what Streamlit calls it
        self._asking: dict[str, asyncio.Task[None]] = {}  # by the part that is redrawn
        self._living: asyncio.Task[None] | None = None
        self.drawn = asyncio.Event()
        self.runs = 0

    @property
    def lost(self) -> bool:
        """Whether it has come to its end before anybody wanted that."""
        return self._living is None or self._living.done()

    def leave(self) -> None:
        for task in filter(None, (self._living, *self._asking.values())):
            task.cancel()

    async def keep(self) -> None:
        """Open it, and keep it open."""
        async with self._visitor.opening("/_stcore/stream", ["streamlit"]) as socket:
            await self._ask(socket)
            async for message in socket:
                assert isinstance(message, bytes)
                self._hear(socket, ForwardMsg.FromString(message))

    async def _ask(self, socket: ClientConnection, fragment: str = "") -> None:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self._visitor.query
        if self._page:
            asked.page_script_hash = self._page
        else:
            asked.page_name = "termin"
        asked.fragment_id = fragment
        asked.is_auto_rerun = bool(fragment)
        await socket.send(message.SerializeToString())

    async def _keep_asking(self, socket: ClientConnection, fragment: str, every: float) -> None:
        with suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(every)
                await self._ask(socket, fragment)

    def _hear(self, socket: ClientConnection, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self._page = message.navigation.page_script_hash
        elif kind == "auto_rerun":
            again = message.auto_rerun
            self._stop_asking([again.fragment_id])
            asking = self._keep_asking(socket, again.fragment_id, again.interval)
            self._asking[again.fragment_id] = asyncio.create_task(asking)
        elif kind == "stop_auto_rerun":
            self._stop_asking(message.stop_auto_rerun.fragment_ids)
        elif kind == "delta":
            self._follow(message)
        elif kind == "script_finished":
            self.runs += 1
            if self._waiting and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                self.drawn.set()

    def _stop_asking(self, fragments: Iterable[str]) -> None:
        for each in fragments:
            if task := self._asking.pop(each, None):
                task.cancel()

    def _follow(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        self._waiting |= HEADING in element.html.body
        if element.WhichOneof("type") != "bidi_component":
            return
        if element.bidi_component.component_name == LIVE and self._living is None:
            tab = json.loads(element.bidi_component.json)["tab"]
            self._living = asyncio.create_task(self._live(tab))

    async def _live(self, tab: str) -> None:
        async with self._visitor.opening("/live") as socket:
            await socket.send(json.dumps({"tab": tab}))
            while True:
                await asyncio.sleep(SIGN_OF_LIFE)
                await socket.send("{}")


async def _wait(visitors: list[Visitor], told: Connection) -> None:
    """
    Have as many pages open as somebody asks for; then tell how often anything was drawn.

    One after the other: how fast people can come is no question here.
    """
    pages: list[Page] = []
    async with asyncio.TaskGroup() as group:
        open_ = []
        while (wanted := await asyncio.to_thread(told.recv)) is not None:
            while len(pages) < wanted:
                pages.append(Page(visitors[len(pages)]))
                open_.append(group.create_task(pages[-1].keep()))
                async with asyncio.timeout(DRAWN_SECONDS):
                    await pages[-1].drawn.wait()
            if any(page.lost for page in pages):
                raise AssertionError("somebody's live socket is closed")
            told.send(sum(page.runs for page in pages))
        for page, task in zip(pages, open_, strict=True):
            page.leave()
            task.cancel()
    told.send(0)


def run(visitors: list[Visitor], told: Connection) -> None:
    """The process of the visitors."""
    asyncio.run(_wait(visitors, told))
