"""
One person's line: RTP packets in from the browser, RTP packets out to it.

What arrives is passed on at once to those the room names, mapped to their leg, and is
kept only until it cannot be asked for again, in memory, a few seconds at most. Nothing is
decoded. Runs on the media loop; pages ask whether somebody is seen or heard, and close it.
"""

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol

from core.media.packets.feedback import (
    HIGHEST,
    HIGHEST_SCREEN,
    LITTLE,
    LOWEST,
    LOWEST_SCREEN,
    Feedback,
)
from core.media.packets.inlet import Inlet
from core.media.packets.outlet import STILL, Outlet
from core.media.packets.parts import Part
from core.media.packets.rtp import Packet
from core.media.packets.source import SenderReport
from core.media.rooms.places import Place, add_outlet, place_for

log = logging.getLogger(__name__)

PICTURE_AGE = SOUND_AGE = 1.0  # seconds after which a picture or a sound counts as gone
SILENT_AGE = 2.0  # seconds without anything after which a connection counts as gone
# RFC 6464: -dBov, 127 is silence.
HEARD_ABOVE = 60


class Plug(Protocol):
    """What a line needs of its connection."""

    def send(self, data: bytes) -> None: ...

    def tell(self, now: float) -> None: ...


class Door(Protocol):
    """What a line needs of its room."""

    lock: threading.Lock
    lines: dict[str, "Line"]

    def new_line(
        self, seat: str, stays: Callable[[], bool], screen_of: str | None = None
    ) -> "Line": ...

    def take_seat(self, line: "Line") -> bool: ...

    def leave_seat(self, line: "Line") -> None: ...

    def audience(self, line: "Line", part: Part, now: float) -> list["Line"]: ...


class Line:
    """One connection between one browser and the room."""

    def __init__(
        self, seat: str, room: Door, stays: Callable[[], bool], screen_of: str | None = None
    ) -> None:
        self.seat = seat
        self.room = room
        self.screen_of = screen_of  # the seat whose screen this is
        # Bits a second that may be asked of its picture: lowest, highest.
        self.asked = (LOWEST_SCREEN, HIGHEST_SCREEN) if screen_of else (LOWEST, HIGHEST)
        self.stays = stays  # asks the office whether this browser may still sit here
        self.release: Callable[[], None] = lambda: None  # ends the browser's connection
        self.began: int | None = None  # its number among all that began; None: nothing has come
        self.closed = False
        self.inlets: dict[Part, Inlet] = {}
        self.places: list[Place] = []  # one for each person this browser can see and hear at once
        self.feedback = Feedback(self)
        self.little = False  # whether this browser wants small pictures, to take little data
        self.failures = 0  # of ours, while serving this browser
        self.connection: Plug | None = None  # in use; a browser may have left another behind
        self.tone: Iterator[bytes] | None = None  # the test tone that is played here now
        self.loop: asyncio.AbstractEventLoop | None = None  # where its media comes and goes
        self._last_put = 0.0
        self._last_picture = self._last_sound = 0.0
        self.was_heard = False  # something other than silence has ever arrived

    @property
    def silent(self) -> bool:
        """Nothing has arrived for a while: the browser is gone."""
        return time.monotonic() - self._last_put > (STILL if self.screen_of else SILENT_AGE)

    @property
    def camera_on(self) -> bool:
        return time.monotonic() - self._last_picture < PICTURE_AGE

    @property
    def microphone_on(self) -> bool:
        return time.monotonic() - self._last_sound < SOUND_AGE

    def plug(self, into: Plug, loop: asyncio.AbstractEventLoop) -> None:
        """The browser's media comes and goes through this connection now, and no older one."""
        self.connection, self.loop = into, loop
        self.inlets, self.places = {}, []

    def put_outlet(self, part: Part, outlet: Outlet) -> None:
        """One more m-line that the browser receives."""
        add_outlet(self.places, part, outlet)

    @property
    def outlets(self) -> Iterator[tuple[Part, Outlet]]:
        places = list(self.places)  # pages look, too
        return (each for place in places for each in list(place.items()))

    def unplug(self, plug: Plug) -> None:
        if self.connection is plug:
            self.connection = None

    def put(self, part: Part, codec: str, packet: Packet, level: bytes | None, now: float) -> None:
        """Take a packet from this browser and give it to everybody who may have it."""
        self._last_put, room = now, self.room
        if room.lines.get(self.seat) is not self and not room.take_seat(self):
            return
        if part is Part.SOUND:
            self._last_sound = now
            if level and level[0] & 0x7F < HEARD_ABOVE:
                self.was_heard = True
        elif packet.payload:  # else it is padding, which is no picture
            self._last_picture = now
        wanted = False
        with room.lock:
            for hearer in room.audience(self, part, now):
                try:
                    wanted |= hearer.hear(self, part, codec, packet, level, now)
                except Exception:  # noqa: BLE001  # whatever it is, it stops nobody else
                    hearer.failed()
        if wanted:
            self.want_keyframe()

    def want_keyframe(self) -> None:
        self.feedback.want_keyframe()

    def clock_of(self, part: Part) -> SenderReport | None:
        """The newest report of the stream that comes now, its `ntp` by our clock."""
        return self.feedback.reports.clock_of(part)

    def alive(self, now: float) -> None:
        """This browser is there, though it may send neither picture nor sound."""
        self._last_put = now
        self.room.take_seat(self)

    def hear(
        self,
        speaker: "Line",
        part: Part,
        codec: str,
        packet: Packet,
        level: bytes | None,
        now: float,
    ) -> bool:
        """Send a packet of `speaker` to this browser; True if a keyframe is needed."""
        for place in self.places:
            outlet = place.get(part)
            if outlet is not None and outlet.speaker is speaker:  # as the packet before
                break
        else:
            found = place_for(self.places, speaker, now)
            outlet = found.get(part) if found else None
        if outlet is None or (plug := self.connection) is None:
            return False
        for data in outlet.give(speaker, codec, packet, level, now):
            plug.send(data)
        return outlet.waits_for_keyframe

    def failed(self) -> None:
        """Said once; the next packet would only say the same."""
        if self.failures == 0:
            log.exception("a line cannot be served")
        self.failures += 1

    def beat(self, now: float) -> None:
        """What is due without anybody having spoken: called several times a second."""
        if (plug := self.connection) is not None:
            for _part, outlet in self.outlets:
                outlet.age(now)
                for data in outlet.grey(now):
                    plug.send(data)

    def show_whole_picture(self) -> None:
        """Who sees this person may be others now: a whole picture is asked for at once."""
        if self.loop is not None:
            with contextlib.suppress(RuntimeError):  # the server is going down
                self.loop.call_soon_threadsafe(self._ask_for_keyframe)

    def _ask_for_keyframe(self) -> None:
        if (plug := self.connection) is not None:
            self.want_keyframe()
            plug.tell(time.monotonic())

    def hearers_limit(self, now: float) -> int:
        """Bits a second that everybody who sees this person can take."""
        with self.room.lock:
            audience = self.room.audience(self, Part.PICTURE, now)
        if not self.screen_of and any(hearer.little for hearer in audience):
            return LITTLE
        limits = [hearer.feedback.limit for hearer in audience]
        lowest, highest = self.asked
        limit = min((most for until, most in limits if now < until), default=highest)
        return max(lowest, limit)

    def forget(self) -> None:
        """Nothing that was sent here is sent again; what comes next starts over."""
        for _part, outlet in self.outlets:
            outlet.forget()

    def forget_from(self, seat: str) -> None:
        """The same, of what came from one person."""
        for _part, outlet in self.outlets:
            if outlet.carries(seat):
                outlet.forget()

    def close(self) -> None:
        """Give the seat up; whatever still arrives on this line goes nowhere."""
        self.room.leave_seat(self)
        self.forget()
