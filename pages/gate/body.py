"""
How much somebody may send: 64 KiB, of a form less, read here so that no door reads more.

Knows no form and no field.
"""

from starlette.datastructures import Headers
from starlette.types import Message, Receive

MAX_BYTES = 64 * 1024


def announced(headers: Headers) -> int:
    """How long the body says it is."""
    length = headers.get("content-length", "")
    return int(length) if length.isdecimal() and length.isascii() else 0


async def read(receive: Receive, longest: int) -> bytes | None:
    """The body; None as soon as it is longer than that, or when nobody is there any more."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += bytes(message.get("body", b""))
        if len(body) > longest:
            return None
        if not message.get("more_body", False):
            return body


def again(body: bytes, receive: Receive) -> Receive:
    """`receive` for a door: the body that was read, then whatever comes after it."""
    unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return unread.pop() if unread else await receive()

    return replay
