"""
The lines behind real peer connections: encrypted, encoded, decoded at the far end.

The tracks are built from a line's callbacks the way streamlit-webrtc does it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from fractions import Fraction

import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    VideoStreamTrack,
)
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame

from core.media.relay import RATE, SAMPLES, TONE_HERTZ, Line
from core.media.room import Room
from tests.core.media.frames import GREY, brightness, loudness, main_hertz, picture, sound

PATIENCE = 60


class Pictures(VideoStreamTrack):
    """Pictures from a callback, 30 a second."""

    def __init__(self, make: Callable[[int, Fraction], VideoFrame]) -> None:
        super().__init__()
        self.make = make

    async def recv(self) -> VideoFrame:
        pts, time_base = await self.next_timestamp()
        frame = self.make(pts, time_base)
        frame.pts, frame.time_base = pts, time_base
        return frame


class Sounds(MediaStreamTrack):
    """20 ms of sound from a callback, fifty times a second."""

    kind = "audio"

    def __init__(self, make: Callable[[int, Fraction], AudioFrame]) -> None:
        super().__init__()
        self.make = make
        self.pts = 0
        self.next_at: float | None = None

    async def recv(self) -> AudioFrame:
        loop = asyncio.get_running_loop()
        self.next_at = (self.next_at or loop.time()) + SAMPLES / RATE
        await asyncio.sleep(self.next_at - loop.time())
        frame = self.make(self.pts, Fraction(1, RATE))
        frame.pts, frame.time_base = self.pts, Fraction(1, RATE)
        self.pts += SAMPLES
        return frame


class Browser:
    """A person's end: sends one brightness and one tone, keeps what arrives."""

    def __init__(self, line: Line, bright: int, hertz: int) -> None:
        self.near, self.far = (RTCPeerConnection(RTCConfiguration(iceServers=[])) for _ in range(2))
        self.seen: list[int] = []
        self.seen_at: list[float] = []
        self.heard: list[np.ndarray] = []
        self.heard_at: list[float] = []
        self.pumps: list[asyncio.Task[None]] = []
        self.near.addTrack(Pictures(lambda *_: picture(bright, 320, 240)))
        self.near.addTrack(Sounds(lambda pts, _: sound(hertz, start=pts)))
        self.far.addTrack(Pictures(line.next_picture))
        self.far.addTrack(Sounds(line.next_sound))
        self.far.on("track", lambda track: self.pump(track, line.put_picture, line.put_sound))
        self.near.on("track", lambda track: self.pump(track, self.see, self.hear))

    def see(self, frame: VideoFrame) -> None:
        self.seen.append(brightness(frame))
        self.seen_at.append(time.monotonic())

    def hear(self, frame: AudioFrame) -> None:
        self.heard.append(frame.to_ndarray()[0, ::2])
        self.heard_at.append(time.monotonic())

    def pump(self, track: MediaStreamTrack, see: Callable, hear: Callable) -> None:
        async def run() -> None:
            while True:
                try:
                    frame = await track.recv()
                except MediaStreamError:
                    return
                (see if track.kind == "video" else hear)(frame)

        self.pumps.append(asyncio.create_task(run()))

    async def call(self) -> None:
        await self.near.setLocalDescription(await self.near.createOffer())
        await self.far.setRemoteDescription(self.near.localDescription)
        await self.far.setLocalDescription(await self.far.createAnswer())
        await self.near.setRemoteDescription(self.far.localDescription)

    async def hang_up(self) -> None:
        await asyncio.gather(self.near.close(), self.far.close())
        await asyncio.gather(*self.pumps)

    def last_seen(self, bright: int) -> float:
        """When a picture of this brightness arrived last; 0 for never."""
        seen = zip(self.seen, self.seen_at, strict=True)
        return max((at for value, at in seen if abs(value - bright) <= 4), default=0)

    def last_heard(self) -> float:
        """When a loud 20 ms arrived last; 0 for never."""
        heard = zip(self.heard, self.heard_at, strict=True)
        return max((at for samples, at in heard if loudness(samples) > 0.05), default=0)

    def sees(self, bright: int) -> bool:
        return bool(self.seen) and abs(self.seen[-1] - bright) <= 4

    def hears(self, hertz: int) -> bool:
        """The last fifth of a second is loud and has this pitch."""
        last = np.concatenate(self.heard[-10:]) if len(self.heard) >= 10 else np.zeros(1)
        return loudness(last) > 0.05 and abs(main_hertz(last) - hertz) < 20

    def hears_nothing(self) -> bool:
        return len(self.heard) >= 10 and loudness(np.concatenate(self.heard[-10:])) < 0.003


class Lag:
    """How late this test itself was at most; the machine may have other things to do."""

    def __init__(self) -> None:
        self.worst = 0.0

    async def watch(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (before := time.monotonic()) < end:
            await asyncio.sleep(0.01)
            self.worst = max(self.worst, time.monotonic() - before - 0.01)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)


def run(scene: Callable[..., Awaitable[None]], *people: Browser) -> None:
    async def play() -> None:
        browsers = [make() for make in people]
        await asyncio.gather(*(browser.call() for browser in browsers))
        try:
            await scene(*browsers)
        finally:
            await asyncio.gather(*(browser.hang_up() for browser in browsers))

    asyncio.run(play())


def test_the_device_test_returns_ones_own_picture_and_the_tone_but_no_sound():
    line = Room().new_line("guest:1")

    async def scene(browser: Browser) -> None:
        await until(lambda: browser.sees(150) and browser.hears_nothing())
        assert line.heard  # the microphone did arrive
        line.play_tone()
        await until(lambda: browser.hears(TONE_HERTZ))

    run(scene, lambda: Browser(line, 150, 1000))


def test_two_people_see_and_hear_each_other_only_while_the_door_is_open():
    room = Room()
    one, two = room.new_line("staff:1"), room.new_line("guest:1")

    async def scene(advisor: Browser, guest: Browser) -> None:
        await until(lambda: advisor.sees(200) and guest.sees(100))
        await until(lambda: advisor.hears_nothing() and guest.hears_nothing())
        room.let_in(lambda: frozenset({"staff:1", "guest:1"}))
        await until(lambda: advisor.sees(100) and guest.sees(200))
        await until(lambda: advisor.hears(600) and guest.hears(1000))
        room.let_in(lambda: frozenset({"staff:1"}))
        await until(lambda: advisor.sees(GREY) and guest.sees(100))
        await until(lambda: advisor.hears_nothing() and guest.hears_nothing())

    run(scene, lambda: Browser(one, 200, 1000), lambda: Browser(two, 100, 600))


def test_after_the_end_nothing_of_the_other_arrives_later_than_half_a_second():
    room = Room()
    one, two = room.new_line("staff:1"), room.new_line("guest:1")

    async def scene(advisor: Browser, guest: Browser) -> None:
        room.let_in(lambda: frozenset({"staff:1", "guest:1"}))
        await until(lambda: advisor.sees(100) and guest.sees(200))
        await until(lambda: advisor.hears(600) and guest.hears(1000))
        room.let_in(frozenset)
        over, lag = time.monotonic(), Lag()
        await lag.watch(2)
        for last in (advisor.last_seen(100), guest.last_seen(200)):
            assert 0 < last < over + 0.5 + lag.worst
        for last in (advisor.last_heard(), guest.last_heard()):
            assert 0 < last < over + 0.5 + lag.worst

    run(scene, lambda: Browser(one, 200, 1000), lambda: Browser(two, 100, 600))


def test_who_is_not_admitted_gets_no_picture_and_no_sound_of_anybody():
    room = Room()
    lines = [room.new_line(seat) for seat in ("staff:1", "guest:1", "guest:2")]

    async def scene(advisor: Browser, guest: Browser, waiting: Browser) -> None:
        room.let_in(lambda: frozenset({"staff:1", "guest:1"}))
        await until(lambda: advisor.sees(100) and guest.sees(200))
        await until(lambda: len(waiting.seen) > 60 and len(waiting.heard) > 100)
        others = [waiting.last_seen(100), waiting.last_seen(200), waiting.last_heard()]
        assert others == [0, 0, 0]
        assert [person.last_seen(150) for person in (advisor, guest)] == [0, 0]
        assert waiting.sees(150)

    run(
        scene,
        lambda: Browser(lines[0], 200, 1000),
        lambda: Browser(lines[1], 100, 600),
        lambda: Browser(lines[2], 150, 800),
    )


def test_whose_browser_may_not_stay_gets_no_packet_at_all_any_more():
    room, may_stay = Room(), [True]
    line = room.new_line("guest:1", lambda: may_stay[0])

    async def scene(guest: Browser) -> None:
        await until(lambda: guest.sees(100))
        loop = asyncio.get_running_loop()
        line.release = lambda: asyncio.run_coroutine_threadsafe(guest.far.close(), loop)
        may_stay[0] = False
        await asyncio.to_thread(room.check)
        over, lag = time.monotonic(), Lag()
        await lag.watch(1.5)
        assert max(*guest.seen_at, *guest.heard_at) < over + 0.5 + lag.worst
        assert guest.far.connectionState == "closed"

    run(scene, lambda: Browser(line, 100, 600))
