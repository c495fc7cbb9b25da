"""
Text while it is written, from one tab to the others of the same talk; kept nowhere.

Who writes and who reads is asked of the office each time. Knows no WebSocket.
"""

from weakref import WeakKeyDictionary

from core.office import writing
from pages.parts import ears

KIND = "typing"
# Who is being read just now, and where: what must not stay when they go.
_read: WeakKeyDictionary[ears.Ear, tuple[int, writing.Writer]] = WeakKeyDictionary()


def typed(ear: ears.Ear, text: str) -> None:
    """Show what stands in somebody's field to everybody else inside."""
    appointment_id, writer = ear.appointment_id, ear.writer()
    if appointment_id is None or writer is None:
        gone(ear)
        return
    _read[ear] = appointment_id, writer
    for other in _others(ear, appointment_id):
        reader = other.writer()
        if reader is not None and reader.seat != writer.seat:
            _show(other, writer, writing.shown(text))


def gone(ear: ears.Ear) -> None:
    """Whoever wrote there does so no longer: nothing of it stays on the others' pages."""
    found = _read.pop(ear, None)
    for other in _others(ear, found[0]) if found else ():
        _show(other, found[1], "")


def _others(ear: ears.Ear, appointment_id: int) -> list[ears.Ear]:
    return [
        each for each in ears.every() if each is not ear and each.appointment_id == appointment_id
    ]


def _show(other: ears.Ear, writer: writing.Writer, text: str) -> None:
    other.say(KIND, {"seat": writer.seat, "name": writer.name, "text": text}, writer.seat)
