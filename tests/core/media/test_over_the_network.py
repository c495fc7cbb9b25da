"""
The lines behind real peer connections: encrypted, encoded, decoded at the far end.

The tracks are built from a line's callbacks the way streamlit-webrtc does it.
"""

import asyncio
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
        self.heard: list[np.ndarray] = []
        self.pumps: list[asyncio.Task[None]] = []
        self.near.addTrack(Pictures(lambda *_: picture(bright, 320, 240)))
        self.near.addTrack(Sounds(lambda pts, _: sound(hertz, start=pts)))
        self.far.addTrack(Pictures(line.next_picture))
        self.far.addTrack(Sounds(line.next_sound))
        self.far.on("track", lambda track: self.pump(track, line.put_picture, line.put_sound))
        self.near.on("track", lambda track: self.pump(track, self.see, self.hear))

    def see(self, frame: VideoFrame) -> None:
        self.seen.append(brightness(frame))

    def hear(self, frame: AudioFrame) -> None:
        self.heard.append(frame.to_ndarray()[0, ::2])

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

    def sees(self, bright: int) -> bool:
        return bool(self.seen) and abs(self.seen[-1] - bright) <= 4

    def hears(self, hertz: int) -> bool:
        """The last fifth of a second is loud and has this pitch."""
        last = np.concatenate(self.heard[-10:]) if len(self.heard) >= 10 else np.zeros(1)
        return loudness(last) > 0.05 and abs(main_hertz(last) - hertz) < 20

    def hears_nothing(self) -> bool:
        return len(self.heard) >= 10 and loudness(np.concatenate(self.heard[-10:])) < 0.003


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
