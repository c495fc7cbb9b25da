"""
How soon a deed holds, measured at the packets that reach a browser, encrypted and all.

Each packet is told by its payload, which the relay passes on as it came: whose it is is known
from who has sent it.
"""

import asyncio
import time
from typing import Any

import pytest

from core.media.packets import rtp
from core.media.rooms.room import Room
from tests.core.media.peers import Browser, run, until

ADVISOR, GUEST = "staff:1", "guest:1"
BOTH = frozenset({ADVISOR, GUEST})
RED, BLUE = (80, 90, 220), (60, 210, 110)
AT_ONCE = 0.3  # seconds


class Counted(Browser):
    """A person's end that knows each packet it has sent and got."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.sent: dict[bytes, bool] = {}  # payload: whether of a picture
        self.got: list[tuple[float, bytes]] = []
        transport, camera = self.transport, self.near.getSenders()[0]
        send, take = transport._send_rtp, transport._handle_rtp_data

        async def sends(data: bytes) -> None:
            if (packet := media(data)) is not None:
                self.sent[packet.payload] = packet.ssrc == camera._ssrc
            await send(data)

        async def takes(data: bytes, arrival_time_ms: int) -> None:
            if (packet := media(data)) is not None:
                self.got.append((time.monotonic(), packet.payload))
            await take(data, arrival_time_ms=arrival_time_ms)

        transport._send_rtp, transport._handle_rtp_data = sends, takes

    def of(self, other: "Counted", picture: bool) -> list[float]:
        """When packets of this person came, oldest first."""
        return [at for at, payload in self.got if other.sent.get(payload) is picture]


def media(data: bytes) -> rtp.Packet | None:
    return None if 192 <= data[1] <= 223 else rtp.parse(data)


class Moment:
    """The moment of a deed, and how late this test itself has been since; the machine is shared."""

    def __init__(self) -> None:
        self.at, self.late = time.monotonic(), 0.0

    async def passes(self, seconds: float) -> None:
        while (before := time.monotonic()) < self.at + seconds:
            await asyncio.sleep(0.01)
            self.late = max(self.late, time.monotonic() - before - 0.01)

    @property
    def latest(self) -> float:
        return self.at + AT_ONCE + self.late


def people(room: Room) -> tuple[Any, Any]:
    one, two = room.new_line(ADVISOR), room.new_line(GUEST)
    return lambda: Counted(one, RED, 1000), lambda: Counted(two, BLUE, 600)


async def talk(room: Room, advisor: Counted, guest: Counted) -> None:
    """Until both get packets of both kinds from each other."""
    room.let_in(lambda: BOTH)
    for here, there in ((advisor, guest), (guest, advisor)):
        for picture in (True, False):
            await until(lambda h=here, t=there, p=picture: len(h.of(t, p)) > 10)


def test_in_the_device_test_ones_own_picture_comes_back_at_once():
    line = Room().new_line(GUEST)

    async def scene(guest: Counted) -> None:
        await until(lambda: True in guest.sent.values())
        moment = Moment()
        await moment.passes(1)
        assert guest.of(guest, True)[0] < moment.latest
        assert guest.of(guest, False) == []

    run(scene, lambda: Counted(line, BLUE, 600))


def test_who_is_admitted_sees_and_hears_at_once():
    room = Room()

    async def scene(advisor: Counted, guest: Counted) -> None:
        await until(lambda: min(len(each.of(each, True)) for each in (advisor, guest)) > 10)
        room.let_in(lambda: BOTH)
        moment = Moment()
        await moment.passes(1)
        for here, there in ((advisor, guest), (guest, advisor)):
            for picture in (True, False):
                assert here.of(there, picture)[0] < moment.latest

    run(scene, *people(room))


def test_who_is_sent_back_to_wait_hears_nobody_and_sees_themselves_at_once():
    room = Room()

    async def scene(advisor: Counted, guest: Counted) -> None:
        await talk(room, advisor, guest)
        room.let_in(frozenset)
        moment = Moment()
        await moment.passes(1)
        for here, there in ((advisor, guest), (guest, advisor)):
            for picture in (True, False):
                assert here.of(there, picture)[-1] < moment.latest
            assert min(at for at in here.of(here, True) if at > moment.at) < moment.latest
            assert here.of(here, False) == []

    run(scene, *people(room))


@pytest.mark.parametrize("gone", ["advisor", "guest"])
def test_who_is_out_sends_and_gets_nothing_at_once(gone):
    room = Room()

    async def scene(advisor: Counted, guest: Counted) -> None:
        await talk(room, advisor, guest)
        out = {"advisor": advisor, "guest": guest}[gone]
        out.line.close()
        moment = Moment()
        await moment.passes(1)
        for here, there in ((advisor, guest), (guest, advisor)):
            for picture in (True, False):
                assert here.of(there, picture)[-1] < moment.latest

    run(scene, *people(room))
