"""A browser's end of a line without a network: what it sends, what it gets and what that shows."""

import itertools
import struct
import threading
import time
from collections.abc import Callable

from core.media.packets import placeholders, rtp
from core.media.packets.leg import Leg
from core.media.packets.outlet import Outlet
from core.media.packets.parts import Part
from core.media.packets.rtp import OSN, Packet
from core.media.rooms import line as lines
from core.media.rooms.line import Line

VP8, RTX, OPUS = 97, 98, 96
KEY, DELTA = b"\x10\x00\x00\x00", b"\x10\x01\x00\x00"  # first packet of a VP8 picture
GREY = "grey"
LOUD, SILENT = b"\x1e", b"\x7f"  # RFC 6464
PATIENCE = 20.0
_ssrcs = itertools.count(1000, 10)


def leg(ssrc: int = 10, kind: Part = Part.PICTURE, **differs: object) -> Leg:
    """What a browser could have agreed to."""
    video = kind is Part.PICTURE
    agreed = {
        "ssrc": ssrc,
        "rtx_ssrc": ssrc + 1,
        "payload_types": {"VP8": VP8, "H264": 99} if video else {"opus": OPUS},
        "rtx_payload_types": {VP8: RTX, 99: 100} if video else {},
        "clock_rate": 90_000 if video else 48_000,
        "mid": b"0",
        "mid_id": 1,
        "send_time_id": 3 if video else None,
        "level_id": None if video else 2,
    }
    return Leg(**agreed | differs)


def packet(number: int = 0, payload: bytes = KEY, **differs: object) -> Packet:
    """A packet of picture as a browser could send it; every fifth begins a new picture."""
    told = {
        "payload_type": VP8,
        "marker": False,
        "sequence_number": number & 0xFFFF,
        "timestamp": number * 600 & 0xFFFFFFFF,
        "ssrc": 7,
        "profile": 0,
        "extension": b"",
        "payload": payload,
    }
    return Packet(**told | differs)


def written(packet: Packet, extension: bytes = b"") -> bytes:
    """The packet as bytes; `extension` is a whole `extensions.block`, or nothing."""
    second = packet.payload_type | packet.marker << 7
    numbers = second, packet.sequence_number, packet.timestamp, packet.ssrc
    head = struct.pack("!BBHII", 0x90 if extension else 0x80, *numbers)
    return head + extension + packet.payload


class AtOnce:
    """Stands for the media loop: does at once what is asked of it, and later nothing."""

    def call_soon_threadsafe(self, deed: Callable[..., None], *args: object) -> None:
        deed(*args)

    def call_later(self, delay: float, deed: Callable[..., None], *args: object) -> None:
        pass


class End:
    """One person's browser. Their name is what it sends, instead of pictures and sounds."""

    def __init__(self, line: Line, name: str = "somebody", others: int = 1) -> None:
        self.line, self.name = line, name
        self.got: list[Packet] = []
        self.screen: str | None = None
        self.hurried = 0  # how often it was told something out of turn
        self._ssrc = next(_ssrcs)
        self._more = [next(_ssrcs) for _ in range(others - 1)]  # of the other m-lines
        self._numbers_got: list[int] = []
        self._numbers = itertools.count(100)
        line.plug(self, AtOnce())
        for ssrc in (self._ssrc, *self._more):
            line.put_outlet(Part.PICTURE, Outlet(leg(ssrc), True))
            line.put_outlet(Part.SOUND, Outlet(leg(ssrc + 2, Part.SOUND), False))

    def send(self, data: bytes) -> None:
        self.got.append(rtp.parse(data))

    def tell(self, now: float) -> None:
        self.hurried += 1

    def show(self, name: str | None = None) -> None:
        """One picture."""
        self._put(Part.PICTURE, KEY + (name or self.name).encode())

    def speak(self, level: bytes = LOUD) -> None:
        """20 ms of sound."""
        self._put(Part.SOUND, self.name.encode(), level)

    def film(self) -> None:
        """One picture of a camera."""
        self._put(Part.PICTURE, KEY + bytes(10_000))

    def pad(self) -> None:
        """A packet that has no picture in it."""
        self._put(Part.PICTURE, b"")

    def _put(self, part: Part, payload: bytes, level: bytes | None = None) -> None:
        sent = packet(next(self._numbers), payload, ssrc=self._ssrc)
        codec = "VP8" if part is Part.PICTURE else "opus"
        self.line.put(part, codec, sent, level, lines.time.monotonic())

    def sees(self) -> str | None:
        """Who is on the screen; None before anything was."""
        self.line.beat(lines.time.monotonic())
        for each in self._got(self._ssrc):
            if each.payload.startswith(KEY):
                self.screen = each.payload[len(KEY) :].decode()
            elif each.payload == placeholders.grey("VP8")[-1]:
                self.screen = GREY
        return self.screen

    def hears(self) -> list[str]:
        """Who was heard since the last look."""
        return sorted({each.payload.decode() for each in self._got(self._ssrc + 2)})

    def places(self) -> list[tuple[set[str], set[str]]]:
        """Of each place: whose pictures and whose sounds came since the last look."""
        names = [
            tuple({_name(each, 0).decode() for each in self._got(ssrc + way)} for way in (0, 2))
            for ssrc in (self._ssrc, *self._more)
        ]
        self.got.clear()
        return names

    def came_from(self) -> set[str]:
        """Whose packets came since the last look, and what comes of the ones before if asked."""
        outlet = self.line.places[0][Part.PICTURE]
        for number in self._numbers_got:
            if data := outlet.again(number, lines.time.monotonic() + 1):
                self.send(data)
        names = [_name(each, self._ssrc) for each in self.got]
        self._numbers_got += [each.sequence_number for each in self.got if each.ssrc == self._ssrc]
        self._numbers_got = self._numbers_got[-10:]
        self.got.clear()
        return {name.decode() for name in names if name.isdigit()}

    def gets(self) -> int:
        """How many packets came since the last look."""
        count = len(self.got)
        self.got.clear()
        return count

    def _got(self, ssrc: int) -> list[Packet]:
        found = [each for each in self.got if each.ssrc == ssrc]
        self.got = [each for each in self.got if each.ssrc != ssrc]
        return found


def _name(packet: Packet, pictures: int) -> bytes:
    """Who sent it; of what is sent once more, too (RFC 4588)."""
    again = packet.ssrc == pictures + 1
    return packet.payload[OSN.size if again else 0 :].removeprefix(KEY)


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; fails loudly when it never comes."""
    end = time.monotonic() + PATIENCE
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < end
        pause.wait(0.01)
