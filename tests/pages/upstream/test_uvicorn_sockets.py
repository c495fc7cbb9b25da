"""What the gate relies on inside of uvicorn, which counts pings, and how the server stops."""

import asyncio
import inspect
import socket
from types import SimpleNamespace

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from streamlit.web.server.starlette import starlette_server
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from pages.gate.socket_limits import control_frames
from pages.upstream import uvicorn_sockets
from pages.upstream.changed import UpstreamChanged

NAMES = (
    *("handle_ping", "handle_pong", "handle_cont", "handle_text", "handle_bytes"),
    *("start_keepalive", "keepalive_timeout", "data_received"),
)


@pytest.fixture(autouse=True)
def _as_installed(monkeypatch):
    """As if nobody had prepared anything yet; what a test prepares is gone afterwards."""
    for name in NAMES:
        handler = inspect.unwrap(getattr(WebSocketsSansIOProtocol, name))
        monkeypatch.setattr(WebSocketsSansIOProtocol, name, handler)
    monkeypatch.setattr(uvicorn.Server, "shutdown", inspect.unwrap(uvicorn.Server.shutdown))


def test_prepared_twice_a_connection_is_counted_once():
    before = [getattr(WebSocketsSansIOProtocol, name) for name in NAMES]
    for _ in range(2):
        uvicorn_sockets.prepare(control_frames)
        wrapped = [getattr(WebSocketsSansIOProtocol, name).__wrapped__ for name in NAMES]
        assert wrapped == before


def test_who_answers_no_ping_is_gone_and_need_not_read_to_the_end():
    uvicorn_sockets.prepare(control_frames)
    done = []
    server = SimpleNamespace(
        close_sent=False,
        client=None,
        logger=SimpleNamespace(level=20),
        conn=SimpleNamespace(fail=lambda *_: done.append("fail"), data_to_send=lambda: []),
        transport=SimpleNamespace(
            is_closing=lambda: False,
            write=lambda _data: None,
            close=lambda: done.append("close"),
            abort=lambda: done.append("abort"),
        ),
    )
    WebSocketsSansIOProtocol.keepalive_timeout(server)
    assert done == ["fail", "close", "abort"]


def test_of_a_handshake_that_is_done_no_header_is_kept():
    uvicorn_sockets.prepare(control_frames)
    kept = [{"cookie": "x"}, {"date": "x"}, [(b"cookie", b"x")]]
    request, response = (SimpleNamespace(headers=each) for each in kept[:2])
    server = SimpleNamespace(
        request=request, response=response, scope={"headers": kept[2]}, ping_interval=None
    )
    WebSocketsSansIOProtocol.start_keepalive(server)
    assert kept == [{}, {}, []]


async def stops_while_somebody_does_not_read(listening: socket.socket) -> None:
    """Somebody asks for more than fits into any buffer on the way, and the server is to stop."""
    large = PlainTextResponse("x" * 20_000_000)
    server = uvicorn.Server(uvicorn.Config(large, lifespan="off", log_level="critical"))
    serving = asyncio.create_task(server.serve([listening]))
    reader, writer = await asyncio.open_connection(*listening.getsockname(), limit=1024)
    writer.write(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
    await reader.readexactly(15)
    server.should_exit = True
    try:
        await asyncio.wait_for(serving, 3)
    finally:
        writer.transport.abort()


def test_somebody_who_does_not_read_does_not_keep_the_server_from_stopping(monkeypatch):
    monkeypatch.setattr(uvicorn_sockets, "STOP_SECONDS", 0.2)
    uvicorn_sockets.prepare(control_frames)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        asyncio.run(stops_while_somebody_does_not_read(listening))


def test_uvicorn_by_itself_would_wait_for_them():
    with socket.create_server(("127.0.0.1", 0)) as listening, pytest.raises(TimeoutError):
        asyncio.run(stops_while_somebody_does_not_read(listening))


def test_a_server_that_waits_elsewhere_for_its_end_is_refused_at_start(monkeypatch):
    async def shutdown(self, sockets=None):
        await self.lifespan.shutdown()

    monkeypatch.setattr(uvicorn.Server, "shutdown", shutdown)
    with pytest.raises(UpstreamChanged, match="timeout_graceful_shutdown"):
        uvicorn_sockets.prepare(control_frames)


@pytest.mark.parametrize(
    ("gone", "where", "left"),
    [
        ("handle_ping", "handle_events", lambda self: (self.handle_pong, self.handle_cont)),
        ("handle_pong", "handle_events", lambda self: (self.handle_ping, self.handle_cont)),
        ("handle_cont", "handle_events", lambda self: (self.handle_ping, self.handle_pong)),
        ("start_keepalive", "send", lambda self, _message: self.conn),
        ("handle_text", "handle_events", lambda self: (self.handle_ping, self.handle_bytes)),
        ("keepalive_timeout", "send_keepalive_ping", lambda self: self.close_sent),
        ("request", "handle_connect", lambda self, _event: (self.response, self.scope)),
    ],
)
def test_a_server_that_does_one_of_them_elsewhere_is_refused_at_start(
    monkeypatch, gone, where, left
):
    monkeypatch.setattr(WebSocketsSansIOProtocol, where, left)
    with pytest.raises(UpstreamChanged, match=gone):
        uvicorn_sockets.prepare(control_frames)


def test_another_server_than_the_one_that_is_counted_is_refused_at_start(monkeypatch):
    monkeypatch.setattr(starlette_server, "_get_websocket_protocol", lambda: "none")
    with pytest.raises(UpstreamChanged):
        uvicorn_sockets.prepare(control_frames)
