"""The gate before Streamlit's WebSocket: only pages of our own origin pass."""

import asyncio
import socket
import threading

import pytest
import uvicorn
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from core.settings import settings
from pages.gate import POLICY_VIOLATION, OwnPagesOnly
from tests.core.media.frames import until

FOREIGN = [
    "https://evil.example",
    "null",
    "",
    "x",
    "testserver",
    "http://",
    "http://[",
    "http://testserver:81",
    "http://testserver.evil.example",
    "http://evil.example/testserver",
    "http://testserver@evil.example",
    "http://beratung.example.de.evil.example",
]


class Behind:
    """In place of Streamlit: takes every WebSocket, and keeps what has come through."""

    def __init__(self):
        self.seen = []

    async def __call__(self, scope, receive, send):
        self.seen.append(scope["type"])
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": 1000})
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def behind(house, monkeypatch):
    monkeypatch.setenv("BERATUNGSRAUM_BASE_URL", "https://beratung.example.de/termine")
    settings.cache_clear()
    return Behind()


@pytest.fixture
def knock(behind):
    """Asks for a WebSocket with these headers: True, or why not."""
    client = TestClient(OwnPagesOnly(behind))

    def knock(headers):
        try:
            with client.websocket_connect("/_stcore/stream", headers=headers):
                return True
        except WebSocketDisconnect as refused:
            return refused.code

    return knock


@pytest.mark.parametrize("origin", ["http://testserver", "https://testserver"])
def test_a_page_of_the_host_it_asks_passes(behind, knock, origin):
    assert (knock({"origin": origin}), behind.seen) == (True, ["websocket"])


def test_a_page_of_our_own_address_passes_whatever_the_host_behind_a_proxy(behind, knock):
    headers = {"origin": "https://beratung.example.de", "host": "127.0.0.1:8501"}
    assert (knock(headers), behind.seen) == (True, ["websocket"])


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_page_is_refused_before_streamlit_sees_it(behind, knock, origin):
    assert (knock({"origin": origin}), behind.seen) == (POLICY_VIOLATION, [])


def test_without_an_origin_nobody_passes(behind, knock):
    assert (knock({}), behind.seen) == (POLICY_VIOLATION, [])


def test_an_empty_host_is_nobodys_own(behind, knock):
    assert (knock({"origin": "null", "host": ""}), behind.seen) == (POLICY_VIOLATION, [])


def test_what_is_no_websocket_passes_from_anywhere(behind):
    client = TestClient(OwnPagesOnly(behind))
    answers = [client.get("/", headers={"origin": origin}).status_code for origin in FOREIGN]
    assert (answers, behind.seen[-1]) == ([200] * len(FOREIGN), "http")


@pytest.fixture
def port(behind):
    """The gate behind a real server."""
    config = uvicorn.Config(OwnPagesOnly(behind), port=0, lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    until(lambda: server.started)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def answer(port, *lines):
    """The first line a server answers to a WebSocket's handshake."""
    asked = [
        "GET /_stcore/stream HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        *lines,
    ]
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall("".join(f"{each}\r\n" for each in [*asked, ""]).encode())
        return line.makefile("rb").readline().split()[1]


def test_a_browser_gets_403_for_a_foreign_page_and_a_websocket_for_our_own(behind, port):
    strange = [["Origin: https://evil.example"], ["Origin: null"], ["Origin: http://["], []]
    assert [answer(port, *lines) for lines in strange] == [b"403"] * len(strange)
    assert behind.seen == []
    assert answer(port, f"Origin: http://127.0.0.1:{port}") == b"101"
    assert behind.seen == ["websocket"]
