"""
What may be said in a WebSocket, and how much: in Streamlit's, and as a form for others.

Knows frames and numbers, and nobody who sends them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import Message

from pages.gate.bucket import Bucket
from pages.upstream import frames

# Measured in a whole journey (docs/decisions/0009): a tab sends 3.3 frames a second, up to
# 4 at once, and none is longer than 8 KB. The longest chat message while a call is being set
# up makes 20 KB.
FRAMES_A_SECOND, FRAMES_AT_ONCE = 10, 20
# The answer to the server's own ping comes every 20 seconds or so.
CONTROL_A_SECOND, CONTROL_AT_ONCE = 5, 20
# What a tab sends by itself has a part redrawn. Redrawing the whole page is several times
# the work (make flood), so it counts for as many frames; when it is drawn, because what is asked
# for as a part may need the whole page.
WHOLE_PAGE = 4
MAX_BYTES = 24 * 1024
PRESSED_SECONDS = 10
SOCKETS = 4
# A living page says something at least every minute (`SLOWER` in pages/parts/updates.py); a phone
# that has changed its network does not, and mostly the server's pings notice that earlier
# (.streamlit/config.toml).
SILENT_SECONDS = 65
OPENED_A_SECOND, OPENED_AT_ONCE = 0.5, 10
HONEST = ("rerun_script", "stop_script")

NO_TEXT, NOT_READABLE, POLICY, TOO_LARGE, LATER = 1003, 1007, 1008, 1009, 1013


def _unfit(message: Message) -> int | None:
    frame = message.get("bytes")
    if frame is None:
        return NO_TEXT
    if len(frame) > MAX_BYTES:
        return TOO_LARGE
    return NOT_READABLE if frames.asks_for(frame) is None else None


@dataclass(frozen=True)
class Speech:
    """What may be said in one kind of WebSocket, and how much; as it is here, in Streamlit's."""

    sockets: int = SOCKETS  # of one seat
    a_second: float = FRAMES_A_SECOND
    at_once: float = FRAMES_AT_ONCE
    opened_a_second: float = OPENED_A_SECOND
    opened_at_once: float = OPENED_AT_ONCE
    silent_seconds: float = SILENT_SECONDS
    # The code to close with after a message that no page of ours sends.
    unfit: Callable[[Message], int | None] = _unfit
    # Whether it is passed on.
    heard: Callable[[Message], bool] = lambda message: frames.asks_for(message["bytes"]) in HONEST


STREAMLIT = Speech()


def control_frames() -> Callable[[], bool]:
    """For one connection: whether it may bring one more ping, pong or piece of a message."""
    return Bucket(CONTROL_A_SECOND, CONTROL_AT_ONCE).take_now
