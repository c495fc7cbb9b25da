"""
What a page is sent of a chat, ready to be drawn (pages/ui/chat/log.js), from a script run and
through the live socket alike. Kept nowhere here; who may read is asked of the office each time.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple

from core import words
from core.office import chat
from core.pieces import pieces
from pages.tabs.tab import Tab

# Far below what Streamlit shows an English error for.
MOST_BYTES = 200_000


class Line(NamedTuple):
    """One message: numbers grow, and each piece of it is its text, and where a link leads."""

    number: int
    seat: str
    author: str
    at: str
    mine: bool
    pieces: Sequence[Sequence[str]]


class Lines(NamedTuple):
    """Oldest first; whether others before them are left out."""

    lines: list[Line]
    more: bool

    @property
    def newest(self) -> int:
        return self.lines[-1].number if self.lines else 0

    def as_data(self) -> dict[str, object]:
        """For JSON."""
        return {"lines": [line._asdict() for line in self.lines], "more": self.more}


def drawn(entries: Sequence[chat.Entry]) -> Lines:
    """The newest `chat.NEWEST` of them that fit."""
    lines: list[Line] = []
    room = MOST_BYTES
    for entry in reversed(entries[-chat.NEWEST :]):
        line = _line(entry)
        room -= len(json.dumps(line._asdict()))
        if room < 0:
            break
        lines.insert(0, line)
    return Lines(lines, more=len(lines) < len(entries))


def _line(entry: chat.Entry) -> Line:
    at = words.clock_time(entry.at)
    return Line(entry.number, entry.seat, entry.author, at, entry.mine, pieces(entry.text))


def after(tab: Tab, number: int) -> Lines:
    """What has been said since this message, as far as the person at this tab may read it."""
    reader, appointment_id = tab.writer(), tab.appointment_id
    if reader is None or appointment_id is None:
        return Lines([], more=False)
    return drawn(chat.read(reader.actor, appointment_id, chat.NEWEST + 1, number))
