"""
What somebody writes, from one tab to the others of the same talk: while they write it, and what
they have just sent, until the others' chats are drawn with it. Kept nowhere here.

Who writes and who reads is asked of the office each time. Knows no WebSocket.
"""

from collections.abc import Iterator
from weakref import WeakKeyDictionary, WeakSet

from core.office import writing
from core.office.chat import Said
from core.words import clock_time
from pages.parts import ears

TYPING, MESSAGE = "typing", "message"
# Who is being read just now, and where: what must not stay when they go.
_read: WeakKeyDictionary[ears.Ear, tuple[int, writing.Writer]] = WeakKeyDictionary()
# Whose text the advisor may read, too: it was begun in an empty field, and nothing of it in a
# private minute. What was is for the guests, for as long as it stands there.
_for_all: WeakSet[ears.Ear] = WeakSet()


def typed(ear: ears.Ear, text: str | None) -> None:
    """
    Show what stands in somebody's field to everybody else inside.

    None: something does, and is not to be read.
    """
    appointment_id, writer = ear.appointment_id, ear.writer()
    _remember(ear, text, writer)
    if not text or appointment_id is None or writer is None:
        gone(ear)
        return
    _read[ear] = appointment_id, writer
    for other in _readers(ear, appointment_id, writer, private=ear not in _for_all):
        _show(other, writer, writing.shown(text))


def sent(ear: ears.Ear, message: Said) -> None:
    """Show a message at once: until the others' chats are drawn anew takes twice as long."""
    writer = ear.writer()
    if ear.appointment_id != message.appointment_id or writer is None:
        return
    what = {"number": message.number, "seat": writer.seat, "name": writer.name}
    what |= {"at": clock_time(message.at), "text": message.text}
    for other in _readers(ear, message.appointment_id, writer, message.private):
        other.say(MESSAGE, what, str(message.number))


def _remember(ear: ears.Ear, text: str | None, writer: writing.Writer | None) -> None:
    if text == "":
        _for_all.add(ear)
    elif writer is not None and writer.private:
        _for_all.discard(ear)


def gone(ear: ears.Ear) -> None:
    """Whoever wrote there does so no longer: nothing of it stays on the others' pages."""
    found = _read.pop(ear, None)
    for other in _others(ear, found[0]) if found else ():
        _show(other, found[1], "")


def _readers(
    ear: ears.Ear, appointment_id: int, writer: writing.Writer, private: bool
) -> Iterator[ears.Ear]:
    """Whoever else is inside; of what is private the guests alone."""
    for other in _others(ear, appointment_id):
        reader = other.writer()
        if reader is None or reader.seat == writer.seat:
            continue
        if reader.is_guest or not private:
            yield other


def _others(ear: ears.Ear, appointment_id: int) -> list[ears.Ear]:
    """Whose page is there to show it; the advisor's has no seat of its own."""
    return [
        each
        for each in ears.every()
        if each.appointment_id == appointment_id and each.listens and _is_other(each, ear)
    ]


def _is_other(each: ears.Ear, ear: ears.Ear) -> bool:
    return each is not ear and not (each.seat and each.seat == ear.seat)


def _show(other: ears.Ear, writer: writing.Writer, text: str) -> None:
    other.say(TYPING, {"seat": writer.seat, "name": writer.name, "text": text}, writer.seat)
