"""
What somebody writes, from one tab to the others of the same talk, while they write it. Kept
nowhere here.

Who writes and who reads is asked of the office each time. Knows no WebSocket.
"""

from collections.abc import Iterator
from weakref import WeakKeyDictionary, WeakSet

from core.office import writing
from pages.tabs import tab as tabs
from pages.tabs.tab import Tab

TYPING = "typing"
# Who is being read just now, and on whose pages: what must not stay there when they go.
_read: WeakKeyDictionary[Tab, tuple[writing.Writer, WeakSet[Tab]]] = WeakKeyDictionary()
# In whose browsers a guest's text may be read: everybody's (None) if it was begun in an empty
# field, and nothing of it in a private minute; else theirs who were inside all the time. That
# holds for as long as it stands there.
_may_read: WeakKeyDictionary[Tab, frozenset[str] | None] = WeakKeyDictionary()
NOBODY: frozenset[str] = frozenset()
Inside = list[tuple[Tab, writing.Writer]]


def typed(tab: Tab, text: str | None) -> None:
    """
    Show what stands in somebody's field to everybody else inside.

    None: something does, and is not to be read.
    """
    appointment_id, writer = tab.appointment_id, tab.writer()
    if text == "":
        _may_read[tab] = None
    if text == "" or appointment_id is None or writer is None:
        gone(tab)
        return
    # In a private minute somebody who is just reconnecting is there, too.
    inside = list(_inside(tab, appointment_id, writer, connected=not writer.private))
    if writer.private:
        _keep_among(tab, inside)
    if text is None:
        gone(tab)
    else:
        _show_to(inside, tab, writer, writing.shown(text))


def _keep_among(tab: Tab, inside: Inside) -> None:
    """Later, too, it is for the guests who are there now, and were from its beginning."""
    now = frozenset(other.holder for other, reader in inside if reader.is_guest)
    before = _may_read.get(tab, NOBODY)
    _may_read[tab] = now if before is None else now & before


def _show_to(inside: Inside, tab: Tab, writer: writing.Writer, text: str) -> None:
    may_read = _may_read.get(tab, NOBODY) if writer.is_guest else None
    _before, readers = _read.get(tab, (None, WeakSet()))
    _read[tab] = writer, readers
    for other, _reader in inside:
        if may_read is None or other.holder in may_read:
            readers.add(other)
            _show(other, writer, text)


def gone(tab: Tab) -> None:
    """The writer there has stopped: nothing of it stays where it was shown."""
    writer, readers = _read.pop(tab, (None, ()))
    for other in list(readers):
        if writer is not None:
            _show(other, writer, "")


def left(tab: Tab) -> None:
    """
    The browser there is gone. Nobody knows what is written meanwhile, in a private minute perhaps:
    when it is back, nothing of it is shown before its field was empty once.
    """
    _may_read.pop(tab, None)
    gone(tab)


def _inside(
    tab: Tab, appointment_id: int, writer: writing.Writer, *, connected: bool = True
) -> Iterator[tuple[Tab, writing.Writer]]:
    """Everybody else inside whose page is there to show it."""
    for other in _others(tab, appointment_id):
        reader = other.writer() if other.listener.attached or not connected else None
        if reader is not None and reader.seat != writer.seat:
            yield other, reader


def _others(tab: Tab, appointment_id: int) -> list[Tab]:
    """The pages of others; the advisor's has no seat of its own."""
    every = [each for each in tabs.every() if each.appointment_id == appointment_id]
    return [each for each in every if _is_other(each, tab)]


def _is_other(each: Tab, tab: Tab) -> bool:
    return each is not tab and not (each.seat and each.seat == tab.seat)


def _show(other: Tab, writer: writing.Writer, text: str) -> None:
    other.listener.say(
        TYPING, {"seat": writer.seat, "name": writer.name, "text": text}, writer.seat
    )
