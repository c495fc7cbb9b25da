"""
Who may hear and see whom: the rule, asked for one line at a time.

Outside (device test, Warteraum), a person's picture goes to nobody but back to them, and their
sound to nobody at all. Inside (the talk), both go to everybody else inside. A screen is one more
seat: its picture goes to everybody else inside; it makes no sound, and nothing goes to it.

Knows neither who decides on who is inside, nor for how long that is trusted.
"""

from core.media.packets.parts import Part
from core.media.rooms.line import Line


def audience(line: Line, part: Part, lines: dict[str, Line], inside: frozenset[str]) -> list[Line]:
    """To whom this goes, of those who speak for their seats, with just these seats inside."""
    if lines.get(line.seat) is not line:
        return []
    if line.screen_of and (part is Part.SOUND or line.seat not in inside):
        return []
    if line.seat not in inside:
        return [line] if part is Part.PICTURE else []
    return [
        other
        for seat, other in lines.items()
        if other is not line and seat in inside and seat != line.screen_of and not other.screen_of
    ]
