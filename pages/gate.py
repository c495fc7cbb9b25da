"""
Who may open a WebSocket: only pages of our own origin.

Streamlit asks an outside host for its own address when a foreign page tries, and holds
up every call while it does. So such a try never gets that far. Knows no cookie and no
person; those are checked on every run of a page.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from core.settings import settings

POLICY_VIOLATION = 1008


def same_origin(headers: Headers) -> bool:
    """Whether the request comes from a page of the host it is sent to, or of our own address."""
    origin = headers.get("origin", "").partition("://")[2]
    return origin != "" and origin in (headers.get("host"), urlsplit(settings().address).netloc)


class OwnPagesOnly:
    """ASGI middleware; a refused WebSocket is answered with 403 before it is accepted."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and not same_origin(Headers(scope=scope)):
            await WebSocketClose(POLICY_VIOLATION)(scope, receive, send)
            return
        await self.app(scope, receive, send)
