"""
The test tone, played to one person over the real line: 20 ms of sound at a time.

Knows no page, and not who may ask for it. Asked for in any thread, played on the media loop.
"""

import time
from collections.abc import Iterator

from core.media.packets import placeholders
from core.media.packets.parts import Part
from core.media.rooms.line import Line


def play(line: Line) -> None:
    """Play the test tone to this person; a second time begins it anew."""
    if line.loop is not None:
        line.tone = iter(placeholders.tone())
        line.loop.call_soon_threadsafe(_play, line, line.tone)


def _play(line: Line, tone: Iterator[bytes]) -> None:
    plug, payload = line.connection, next(tone, None)
    outlet = line.places[0].get(Part.SOUND) if line.places else None
    if outlet is None or plug is None or payload is None or line.loop is None:
        return
    if tone is not line.tone:  # it was started again
        return
    for data in outlet.say(payload, time.monotonic()):
        plug.send(data)
    line.loop.call_later(0.02, _play, line, tone)
