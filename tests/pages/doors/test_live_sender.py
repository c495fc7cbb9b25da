"""What a tab is sent while it asks again: nothing that its chat does not show is left out."""

import asyncio
import json
import threading

import pytest

from pages.doors.live_sender import Sender
from pages.tabs import messages
from pages.tabs import tab as tabs
from pages.tabs.messages import Line, Lines

SAID = [Line(number, "staff:1", "Anna", "09:00", False, []) for number in range(1, 6)]


class Socket:
    """Keeps what it was sent."""

    def __init__(self) -> None:
        self.lines: list[list[int]] = []

    async def send_text(self, text: str) -> None:
        if "messages" in (event := json.loads(text)):
            self.lines.append([line["number"] for line in event["messages"]["lines"]])


def test_a_chat_that_is_drawn_while_messages_are_read_is_sent_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A page left for a moment: its chat is drawn again with less than the one before had read."""
    reads, goes_on = threading.Event(), threading.Event()

    def slow(_tab: tabs.Tab, number: int) -> Lines:
        reads.set()
        assert goes_on.wait(10)
        return Lines([line for line in SAID if line.number > number], more=False)

    monkeypatch.setattr(messages, "after", slow)
    socket = Socket()

    async def talk() -> None:
        tab = tabs.begin("somebody")
        sender = Sender(tab, socket)  # type: ignore[arg-type]  # nothing else is asked of it
        tab.listener.attach(sender)
        sender.read(3)
        assert await asyncio.to_thread(reads.wait, 10)
        sender.read(1)
        goes_on.set()
        async with asyncio.timeout(10):
            while len(socket.lines) < 2:
                await asyncio.sleep(0)

    asyncio.run(talk())
    assert socket.lines == [[4, 5], [2, 3, 4, 5]]
