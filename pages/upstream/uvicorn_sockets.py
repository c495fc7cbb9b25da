"""
What uvicorn does with a WebSocket before and beside our code.

It answers pings, pongs and pieces of messages by itself; browsers send none, and a connection may
bring a few. It takes apart all that has come at once, and reads on for ten seconds after a close;
here both are counted. Who answers no ping is gone at once. It keeps the headers of a handshake
that is done; here they are forgotten. It stops once everybody has read what was sent to them; here
it waits a few seconds for that, or one phone without a network would keep an operator from
restarting. The only module that touches uvicorn's insides; `prepare` says at start whether they
have moved. Knows no seat and no message. Source: RFC 6455, 5.4 (fragments), 5.5 (control frames).
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
# Our code sees these until the server has said that it closes.
_SEEN = ("handle_text", "handle_bytes")
_ACCEPTED, _SILENT, _READ = "start_keepalive", "keepalive_timeout", "data_received"
_WAITS = "timeout_graceful_shutdown"
STOP_SECONDS = 5  # for those who are just reading
PIECE = 4096  # bytes that are taken apart at once
# As much as may wait, or be on its way after the close, from somebody who is cut off for a flood.
MOST_WAITING = MOST_LATE = 2000  # messages
_NAMES = {*_HANDLERS, *_SEEN, _ACCEPTED, _SILENT, "request", "response", "scope"}
_NAMES |= {"close_sent", "queue", "events_received"}
_asked: WeakKeyDictionary[WebSocketsSansIOProtocol, MayGoOn] = WeakKeyDictionary()
_came_late: WeakKeyDictionary[WebSocketsSansIOProtocol, int] = WeakKeyDictionary()


def prepare(begin: Callable[[], MayGoOn]) -> None:
    """Once at start: from now on every connection is counted, by a count that `begin` begins."""
    chosen = WS_PROTOCOLS[starlette_server._get_websocket_protocol()]
    server = WebSocketsSansIOProtocol
    asking = (server.handle_events, server.handle_connect, server.send, server.send_keepalive_ping)
    missing = _NAMES.difference(*(each.__code__.co_names for each in asking))
    stop = inspect.unwrap(Server.shutdown)
    missing |= {_WAITS}.difference(stop.__code__.co_names)
    if missing or chosen is None or import_from_string(chosen) is not WebSocketsSansIOProtocol:
        raise UpstreamChanged(f"uvicorn has changed: {chosen}, {', '.join(sorted(missing))}")
    counted = partial(_counted, begin)
    changes: dict[str, Callable[[Callable[..., None]], Callable[..., None]]] = {
        **dict.fromkeys(_HANDLERS, counted),
        **dict.fromkeys(_SEEN, _counted_at_the_end),
        _ACCEPTED: _forgetful,
        _SILENT: _gone,
        _READ: _in_pieces,
    }
    for name, wrap in changes.items():
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
            # At once: who does not listen would keep the answers in our memory.
            self.transport.abort()

    return count


def _counted_at_the_end(handle: Callable[..., None]) -> Callable[..., None]:
    """The same, but of what comes after the server has closed there is an end."""

    @wraps(handle)
    def take(self: WebSocketsSansIOProtocol, *event: Any) -> None:
        if self.close_sent:
            _came_late[self] = _came_late.get(self, 0) + 1
        if _came_late.get(self, 0) > MOST_LATE:
            self.transport.abort()
        else:
            handle(self, *event)

    return take


def _in_pieces(receive: Callable[..., None]) -> Callable[..., None]:
    """
    The same, a piece at a time: what brings too much ends in the middle of it.

    A quarter of a megabyte of the shortest frames would be taken apart before anything is counted.
    """

    @wraps(receive)
    def data_received(self: WebSocketsSansIOProtocol, data: bytes) -> None:
        for begin in range(0, len(data), PIECE):
            receive(self, data[begin : begin + PIECE])
            if self.transport.is_closing():
                return
            if self.queue.qsize() > MOST_WAITING:
                self.transport.abort()

    return data_received


def _gone(silent: Callable[..., None]) -> Callable[..., None]:
    """The same, and the connection ends: who answers no ping will not read to the end either."""

    @wraps(silent)
    def keepalive_timeout(self: WebSocketsSansIOProtocol) -> None:
        silent(self)
        self.transport.abort()

    return keepalive_timeout


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
