"""
What uvicorn does with a WebSocket before and beside our code.

It answers pings, pongs and pieces of messages by itself; browsers send none, and a connection
may bring a few. It keeps the headers of a handshake that is done; here they are forgotten. It
stops once everybody has read what was sent to them; here it waits a few seconds for that, or one
phone without a network would keep an operator from restarting. The only module that touches
uvicorn's insides; `prepare` says at start whether they have moved. Knows no seat and no message.
Source: RFC 6455, 5.4 (fragments) and 5.5 (control frames).
"""

import inspect
from collections.abc import Callable, Coroutine
from functools import partial, wraps
from typing import Any
from weakref import WeakKeyDictionary

from streamlit.web.server.starlette import starlette_server
from uvicorn.config import WS_PROTOCOLS
from uvicorn.importer import import_from_string
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import Server

from pages.upstream.changed import UpstreamChanged

MayGoOn = Callable[[], bool]  # asked with each frame that our code does not see
_HANDLERS = ("handle_ping", "handle_pong", "handle_cont")
_ACCEPTED = "start_keepalive"
_WAITS = "timeout_graceful_shutdown"
STOP_SECONDS = 5  # for anyone who is just reading
_NAMES = {*_HANDLERS, _ACCEPTED, "request", "response", "scope"}
_asked: WeakKeyDictionary[WebSocketsSansIOProtocol, MayGoOn] = WeakKeyDictionary()


def prepare(begin: Callable[[], MayGoOn]) -> None:
    """Once at start: from now on every connection is counted, by a count that `begin` begins."""
    chosen = WS_PROTOCOLS[starlette_server._get_websocket_protocol()]
    server = WebSocketsSansIOProtocol
    asking = (server.handle_events, server.handle_connect, server.send)
    missing = _NAMES.difference(*(each.__code__.co_names for each in asking))
    stop = inspect.unwrap(Server.shutdown)
    missing |= {_WAITS}.difference(stop.__code__.co_names)
    if missing or chosen is None or import_from_string(chosen) is not WebSocketsSansIOProtocol:
        raise UpstreamChanged(f"uvicorn has changed: {chosen}, {', '.join(sorted(missing))}")
    counted = partial(_counted, begin)
    for name in (*_HANDLERS, _ACCEPTED):
        wrap = _forgetful if name == _ACCEPTED else counted
        handler = getattr(WebSocketsSansIOProtocol, name)
        if not hasattr(handler, "__wrapped__"):
            setattr(WebSocketsSansIOProtocol, name, wrap(handler))
    Server.shutdown = _in_time(stop)  # type: ignore[method-assign]  # Streamlit hands no setting on


def _counted(begin: Callable[[], MayGoOn], handle: Callable[..., None]) -> Callable[..., None]:
    """The same, as long as the connection has not sent too many; then it ends."""

    @wraps(handle)
    def count(self: WebSocketsSansIOProtocol, *event: Any) -> None:
        if self.transport.is_closing():
            return
        may_go_on = _asked.get(self) or _asked.setdefault(self, begin())
        if may_go_on():
            handle(self, *event)
        else:
            # At once: anyone who does not listen would keep the answers in our memory.
            self.transport.abort()

    return count


def _forgetful(start: Callable[..., None]) -> Callable[..., None]:
    """The same, once the headers are forgotten: cookies, and 5 KB for as long as it is open."""

    @wraps(start)
    def forget(self: WebSocketsSansIOProtocol) -> None:
        for headers in (self.request.headers, self.response.headers, self.scope["headers"]):
            # A list, though ASGI asks for less.
            headers.clear()  # type: ignore[union-attr]
        start(self)

    return forget


def _in_time(stop: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., Any]:
    """The same, but it does not wait for ever."""

    @wraps(stop)
    async def shutdown(self: Server, *sockets: Any, **more: Any) -> None:
        setattr(self.config, _WAITS, STOP_SECONDS)
        await stop(self, *sockets, **more)

    return shutdown
