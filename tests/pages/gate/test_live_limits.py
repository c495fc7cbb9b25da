"""What may be said in the live socket, and how much of it."""

import asyncio

import pytest

from pages.gate import live_limits, socket_limits
from pages.gate.seats import Seats
from tests.pages.gate.test_seats import hands

__all__ = ["hands"]


class Wire:
    """In place of the server: an endless flow of these messages, as fast as they are taken."""

    def __init__(self) -> None:
        self.sent: list[dict] = []

    async def receive(self) -> dict:
        return {"type": "websocket.receive", "text": "{}"}

    async def send(self, message: dict) -> None:
        self.sent.append(message)


def test_who_writes_as_fast_as_fingers_go_never_waits_and_a_flood_is_cut_off(hands, monkeypatch):
    waits = []

    async def pass_time(seconds):
        waits.append(seconds)
        hands[0] += seconds

    monkeypatch.setattr(asyncio, "sleep", pass_time)

    async def scene():
        wire = Wire()
        socket = Seats(live_limits.SPEECH).open(["guest:1"], wire.receive, wire.send)
        for _ in range(100):
            await socket.receive()
            hands[0] += 0.2
        calm = sum(waits)
        while (message := await socket.receive())["type"] != "websocket.disconnect":
            pass
        return calm, message["code"], wire.sent

    calm, code, sent = asyncio.run(scene())
    assert (calm, code) == (0, socket_limits.POLICY)
    assert sent == [{"type": "websocket.close", "code": socket_limits.POLICY}]
    assert sum(waits) > socket_limits.PRESSED_SECONDS


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"text": '{"typing": "ä"}'}, None),
        ({"text": '"ä"'}, socket_limits.NOT_READABLE),
        ({"text": "\ud800"}, socket_limits.NOT_READABLE),
        ({"text": ""}, socket_limits.NOT_READABLE),
        ({"text": '{"x": "' + "ä" * (live_limits.MAX_BYTES // 2) + '"}'}, socket_limits.TOO_LARGE),
        ({"bytes": b"{}"}, socket_limits.NO_TEXT),
        ({"bytes": b"{}", "text": None}, socket_limits.NO_TEXT),
    ],
)
def test_only_short_objects_are_fit(message, code):
    assert live_limits.unfit(message) == code
