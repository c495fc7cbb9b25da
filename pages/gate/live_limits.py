"""
What may be said in the live socket: short JSON objects, a few a second.

Knows no seat and nothing of what they mean; pages/doors/live_socket.py does.
"""

import json

from starlette.types import Message

from pages.gate.socket_limits import NO_TEXT, NOT_READABLE, TOO_LARGE, Speech

MAX_BYTES = 4096
# A tab says a sign of life every few seconds; somebody who writes says their line 5 times a second.
A_SECOND, AT_ONCE = 8, 20
# One for each tab that Streamlit's sockets allow, and some that are dead without knowing it.
SOCKETS = 6
# A page says every 5 seconds that it lives (pages/ui/live/socket.js).
SILENT_SECONDS = 15
# After an outage a tab tries it every two seconds, sooner in the beginning.
OPENED_A_SECOND, OPENED_AT_ONCE = 2, 20


def unfit(message: Message) -> int | None:
    """The code to close with after a message that no page of ours sends."""
    text = message.get("text")
    if text is None:
        return NO_TEXT
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return TOO_LARGE
    return None if _is_object(text) else NOT_READABLE


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


SPEECH = Speech(
    sockets=SOCKETS,
    a_second=A_SECOND,
    at_once=AT_ONCE,
    opened_a_second=OPENED_A_SECOND,
    opened_at_once=OPENED_AT_ONCE,
    silent_seconds=SILENT_SECONDS,
    unfit=unfit,
    heard=lambda _message: True,
)
