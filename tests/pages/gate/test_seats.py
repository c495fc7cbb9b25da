"""One person's sockets at the gate: who makes room, whose session may be named, what waits."""

import asyncio
import json
import threading
import time
from typing import Any

import pytest
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg
from uvicorn.protocols.utils import ClientDisconnected

from core import access
from core.columns import MESSAGE_LENGTH
from pages.gate import admission, sockets
from pages.gate import socket_limits as limits
from pages.gate.seats import Seats
from pages.gate.sockets import Socket
from pages.tabs import credentials, payers, sessions
from tests.jars import link_jar

FRAME = BackMsg(rerun_script={"fragment_id": "part"}).SerializeToString()
SECRET, OTHER = "S" * 43, "O" * 43


@pytest.fixture
def hands(monkeypatch):
    """The process's clock; [0] is the time."""
    hands = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: hands[0])
    return hands


class Wire:
    """In place of the server: gives these frames, keeps what is sent."""

    def __init__(self, *frames: bytes) -> None:
        self._frames = list(frames)
        self.sent: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        if self._frames:
            return {"type": "websocket.receive", "bytes": self._frames.pop(0)}
        return {"type": "websocket.disconnect", "code": 1001}

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)


def opened(seats: Seats, *names: str, wire: Wire | None = None) -> Socket | None:
    wire = wire or Wire()
    return seats.open(names, wire.receive, wire.send)


def full(seats: Seats, hands: list[float]) -> list[tuple[Socket, Wire]]:
    """As many as a seat may have, a second after each other."""
    found = []
    for _ in range(limits.SOCKETS):
        hands[0] += 1
        wire = Wire()
        socket = opened(seats, "guest:1", wire=wire)
        assert socket is not None
        found.append((socket, wire))
    return found


def test_the_socket_that_is_silent_longest_makes_room(hands):
    async def scene():
        seats = Seats()
        tabs = full(seats, hands)
        hands[0] += limits.SILENT_SECONDS
        tabs[0][0].heard = hands[0]  # a page that is alive
        assert opened(seats, "guest:1") is not None
        await asyncio.sleep(0)
        return [wire.sent for _socket, wire in tabs]

    nothing, closed, *others = asyncio.run(scene())
    assert closed == [{"type": "websocket.close", "code": limits.LATER}]
    assert [nothing, *others] == [[]] * (limits.SOCKETS - 1)


class Torn(Wire):
    """A connection that is lost after it was accepted; only what receives is told how."""

    async def receive(self) -> dict[str, Any]:
        if not self.sent:
            return {"type": "websocket.connect"}
        return await super().receive()

    async def send(self, message: dict[str, Any]) -> None:
        if self.sent:
            raise ClientDisconnected
        await super().send(message)


@pytest.mark.parametrize("more", [0, 1, 3])
def test_whoever_goes_while_something_is_sent_has_gone_and_has_sent_no_text(more):
    """Starlette says RuntimeError after a failed send; to Streamlit that means text."""

    async def scene() -> int:
        wire = Torn(*[FRAME] * more)
        socket = opened(Seats(), "guest:1", wire=wire)
        assert socket is not None
        page = WebSocket({"type": "websocket"}, socket.receive, socket.send)
        await page.accept()
        await page.send_bytes(b"a part")
        for _ in range(more):
            assert await page.receive_bytes() == FRAME
        with pytest.raises(WebSocketDisconnect) as gone:
            await page.receive_bytes()
        return gone.value.code

    assert asyncio.run(scene()) == 1001


def test_whoever_has_gone_before_being_let_in_is_given_up_at_once():
    async def scene() -> None:
        wire = Torn()
        await wire.send({"type": "before"})
        socket = opened(Seats(), "guest:1", wire=wire)
        assert socket is not None
        with pytest.raises(ClientDisconnected):
            await socket.send({"type": sockets.ACCEPT})

    asyncio.run(scene())


def test_nobody_makes_room_who_has_just_spoken(hands):
    seats = Seats()
    tabs = full(seats, hands)
    hands[0] += limits.SILENT_SECONDS
    for socket, _wire in tabs:
        socket.heard = hands[0]
    assert opened(seats, "guest:1") is None
    seats.leave(tabs[0][0])
    assert opened(seats, "guest:1") is not None


def test_whoever_was_closed_hears_and_says_nothing_more():
    async def scene():
        wire = Wire(FRAME, FRAME)
        socket = opened(Seats(), "guest:1", wire=wire)
        await socket.close(limits.LATER)
        await socket.send({"type": "websocket.send", "bytes": b"x"})
        await socket.close(limits.POLICY)
        return await socket.receive(), wire.sent

    received, sent = asyncio.run(scene())
    assert received == {"type": "websocket.disconnect", "code": limits.LATER}
    assert sent == [{"type": "websocket.close", "code": limits.LATER}]


def test_coming_and_going_is_borne_for_a_while(hands):
    seats, times = Seats(), limits.OPENED_AT_ONCE
    came = [opened(seats, "guest:1") for _ in range(limits.SOCKETS)]
    for _ in range(times - limits.SOCKETS):
        seats.leave(came.pop(0))
        came.append(opened(seats, "guest:1"))
    seats.leave(came[0])
    assert opened(seats, "guest:1") is None
    assert opened(seats, "guest:2") is not None
    hands[0] += 1 / limits.OPENED_A_SECOND
    assert opened(seats, "guest:1") is not None


def test_frames_wait_for_their_turn_and_all_of_them_come(hands, monkeypatch):
    waits = []

    async def pass_time(seconds):
        waits.append(seconds)
        hands[0] += seconds

    monkeypatch.setattr(asyncio, "sleep", pass_time)
    more = 15

    async def scene():
        seats = Seats()
        tabs = [
            opened(seats, "guest:1", wire=Wire(*[FRAME] * (limits.FRAMES_AT_ONCE + more)))
            for _ in range(2)
        ]
        return [
            (await tab.receive())["type"]
            for _ in range(limits.FRAMES_AT_ONCE + more)
            for tab in tabs
        ]

    heard = asyncio.run(scene())
    assert heard == ["websocket.receive"] * 2 * (limits.FRAMES_AT_ONCE + more)
    assert waits[: limits.FRAMES_AT_ONCE] == pytest.approx([0] * limits.FRAMES_AT_ONCE)
    both = limits.FRAMES_AT_ONCE + 2 * more
    assert sum(waits) == pytest.approx(both / limits.FRAMES_A_SECOND)


def test_who_has_a_whole_page_drawn_waits_as_long_as_for_several_parts_in_every_tab(
    hands, monkeypatch
):
    """Whatever was asked for: drawn is drawn."""
    waits = []

    async def note(seconds):
        waits.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", note)
    pages = limits.FRAMES_AT_ONCE // limits.WHOLE_PAGE

    async def scene():
        seats = Seats()
        tab, other = (opened(seats, "guest:1", wire=Wire(*[FRAME] * pages)) for _ in range(2))
        neighbour = opened(seats, "guest:2", wire=Wire(FRAME))
        for _ in range(pages):
            await tab.receive()
            payers.charge(tab.seat.mark)
        for each in (other, neighbour):
            await each.receive()

    asyncio.run(scene())
    assert waits == pytest.approx([0] * pages + [1 / limits.FRAMES_A_SECOND, 0])


@pytest.mark.parametrize("mark", [None, "", "x", "gone"])
def test_for_whom_nobody_knows_nobody_pays(mark):
    other = sockets.Seat(limits.STREAMLIT)
    payers.enter(other)
    before = other.frames._next
    payers.charge(payers.enter(sockets.Seat(limits.STREAMLIT)) if mark == "gone" else mark)
    assert other.frames._next == before


def test_many_threads_can_charge_one_seat(hands):
    seat = sockets.Seat(limits.STREAMLIT)
    turns = [threading.Thread(target=lambda: [seat.pay() for _ in range(500)]) for _ in range(4)]
    for each in turns:
        each.start()
    for each in turns:
        each.join()
    owed = 2000 * (limits.WHOLE_PAGE - 1) + 1 - limits.FRAMES_AT_ONCE
    assert seat.frames.take() == pytest.approx(owed / limits.FRAMES_A_SECOND)


def test_the_longest_message_said_while_a_call_is_set_up_is_heard():
    address = "candidate:1234567890 1 udp 2122260223 2001:db8:85a3::8a2e:370:7334 54321 typ host"
    candidate = {"candidate": address, "sdpMid": "0", "sdpMLineIndex": 0, "usernameFragment": "x"}
    call = {
        "sdpOffer": {"type": "offer", "sdp": "x" * 7600},  # as measured
        "iceCandidates": {f"{number:010}": candidate for number in range(20)},
    }
    widgets = [
        {"id": "call", "json_value": json.dumps(call)},
        {"id": "chat", "string_trigger_value": {"data": "\N{GRINNING FACE}" * MESSAGE_LENGTH}},
    ]
    frame = BackMsg(rerun_script={"widget_states": {"widgets": widgets}}).SerializeToString()

    async def scene():
        return await opened(Seats(), "guest:1", wire=Wire(frame)).receive()

    assert asyncio.run(scene()) == {"type": "websocket.receive", "bytes": frame}


def handshake(jar: dict[str, str], offered: str) -> list[bytes]:
    """What Streamlit sees of the offered protocols."""
    cookie = "; ".join(f"{name}={value}" for name, value in jar.items())
    sent = [(b"cookie", cookie.encode()), (b"Sec-WebSocket-Protocol", offered.encode())]
    seen = admission.behind({"type": "websocket", "headers": sent}, "x")["headers"]
    assert seen[0] == sent[0]
    return [value for _name, value in seen[1:-1]]


def test_behind_the_gate_only_the_headers_are_known_that_are_asked_for():
    asked = [
        (b"Host", b"testserver"),
        (b"Origin", b"http://testserver"),
        (b"Cookie", b"a=b"),
        (b"Sec-WebSocket-Protocol", b"streamlit"),
        (b"Accept-Language", b"ar-SY,ar;q=0.9"),
    ]
    forged = [(name, b"x") for name in (b"User-Agent", b"Authorization", b"X-Beratungsraum-Payer")]
    behind = admission.behind({"type": "websocket", "headers": [*asked, *forged]}, "the payer")
    assert behind["headers"] == [*asked, (b"x-beratungsraum-payer", b"the payer")]


def test_of_what_somebody_would_like_to_read_only_a_little_is_kept_for_as_long_as_the_page_is():
    asked = [(b"accept-language", b"ar," * 10_000)]
    [(_name, kept), _payer] = admission.behind({"type": "websocket", "headers": asked}, "x")[
        "headers"
    ]
    assert kept == (b"ar," * 100)[:200]


def knock(address: str) -> dict[str, Any]:
    """A handshake from there, with a link in it."""
    [(name, link)] = link_jar(SECRET).items()
    sent = {"host": "testserver", "origin": "http://testserver", "cookie": f"{name}={link}"}
    headers = [(key.encode(), value.encode()) for key, value in sent.items()]
    return {"type": "websocket", "client": (address, 1), "headers": headers}


def test_an_address_that_floods_is_looked_up_one_after_the_other_and_keeps_nobody_else_waiting(
    house, monkeypatch
):
    looked, done = [], asyncio.Event()

    async def look(scope):
        looked.append(scope["client"][0])
        await done.wait()
        return frozenset({"guest:1"})

    monkeypatch.setattr(admission.live_seats, "admitted", look)

    async def scene():
        gate = admission.Admission()
        came = ["203.0.113.7"] * 50 + ["203.0.113.8", "203.0.113.9"]
        asked = [asyncio.create_task(gate.seats(knock(address))) for address in came]
        while len(looked) < 3:
            await asyncio.sleep(0)
        for _ in range(100):  # as long as anybody else might still come
            await asyncio.sleep(0)
        first = list(looked)
        done.set()
        return first, set(await asyncio.gather(*asked)), dict(gate._turns)

    first, answers, kept = asyncio.run(scene())
    assert first == ["203.0.113.7", "203.0.113.8", "203.0.113.9"]
    assert answers == {frozenset({"guest:1"})}
    assert (len(looked), kept) == (52, {})


@pytest.fixture
def begun(house):
    """A session that was begun with a link, and one that was begun by staff."""
    [(_name, link)] = link_jar(SECRET).items()
    assert sessions.bind("session of a guest", access.digest(link))
    assert sessions.bind("session of staff", access.digest(SECRET))


def test_a_session_may_be_named_by_whoever_began_it(begun):
    guest, staff = "streamlit, x, session of a guest", "streamlit, x, session of staff"
    assert handshake(link_jar(SECRET), guest) == [guest.encode()]
    assert handshake({credentials.staff_cookie(): SECRET}, staff) == [staff.encode()]


@pytest.mark.parametrize(
    "jar",
    [
        {},
        link_jar(OTHER),
        link_jar(SECRET, device="E" * 43),
        {"beratung": OTHER},
        {"termin_x": SECRET},
    ],
)
@pytest.mark.parametrize("stolen", ["session of a guest", "session of staff", "unknown"])
def test_nobody_else_gets_it_whatever_else_they_offer(begun, jar, stolen):
    assert handshake(jar, f"streamlit, x, {stolen}") == [b"streamlit, x"]
    assert handshake(jar, f"streamlit,,{stolen},more") == [b"streamlit, "]
    assert handshake(jar, "streamlit") == [b"streamlit"]


def test_a_seat_that_others_may_use_up_too_comes_last_and_locks_nobody_out():
    """An advisor who has once opened a client's link, and somebody who floods with that link."""
    seats, shared, own = Seats(), "guest:17 elsewhere", "staff:3"
    while opened(seats, shared) is not None:
        pass
    for _ in range(limits.SOCKETS):
        found = opened(seats, shared, own)
        assert found is not None
        assert found.seat is seats._seat(own)
    assert opened(seats, shared, own) is None
    assert seats.full([shared, own])


@pytest.mark.parametrize(
    "names", [("guest:1",), ("guest:1", "guest:2"), ("guest:1 own", "staff:1")]
)
def test_whose_seat_has_opened_too_many_too_fast_takes_another_one(names):
    seats = Seats()
    seats._seat(names[0]).opened.owe(limits.OPENED_AT_ONCE)
    assert (opened(seats, *names) is not None) == (len(names) > 1)
