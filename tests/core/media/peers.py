"""Real peers for the tests: aiortc as the browser, over loopback, encrypted and encoded."""

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable
from fractions import Fraction

import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
    VideoStreamTrack,
)
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame

from core.media.packets.placeholders import RATE, SAMPLES
from core.media.rooms.line import Line
from core.media.transport import addresses
from core.media.transport.offer import read
from core.media.transport.peer import Peer
from core.media.transport.port import Port
from tests.core.media.frames import colour, loudness, main_hertz, picture, sound

PATIENCE = 30
NOWHERE = RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)


class Pictures(VideoStreamTrack):
    """Pictures of one colour, 30 a second."""

    def __init__(self, shown: tuple[int, int, int]) -> None:
        super().__init__()
        self.frame = picture(shown)

    async def recv(self) -> VideoFrame:
        self.frame.pts, self.frame.time_base = await self.next_timestamp()
        return self.frame


class Sounds(MediaStreamTrack):
    """20 ms of one tone, fifty times a second."""

    kind = "audio"

    def __init__(self, hertz: int) -> None:
        super().__init__()
        self.hertz, self.pts = hertz, 0
        self.next_at: float | None = None

    async def recv(self) -> AudioFrame:
        loop = asyncio.get_running_loop()
        self.next_at = (self.next_at or loop.time()) + SAMPLES / RATE
        await asyncio.sleep(self.next_at - loop.time())
        frame = sound(self.hertz, self.pts)
        frame.pts, frame.time_base = self.pts, Fraction(1, RATE)
        self.pts += SAMPLES
        return frame


[HERE, *_] = addresses.own()  # browsers do not reach loopback from another address


class Browser:
    """A person's end: sends one colour and one tone, keeps what arrives."""

    def __init__(
        self,
        line: Line,
        shown: tuple[int, int, int],
        hertz: int,
        codec: str = "VP8",
        numbers: dict[str, dict[int, int]] | None = None,
    ) -> None:
        self.line, self.numbers = line, numbers or {}
        self.near = RTCPeerConnection(NOWHERE)
        self.far: Peer | None = None
        self.seen: list[tuple[int, int, int]] = []
        self.seen_at: list[float] = []
        self.heard: list[np.ndarray] = []
        self.heard_at: list[float] = []
        self.pumps: list[asyncio.Task[None]] = []
        self.near.addTrack(Pictures(shown))
        self.near.addTrack(Sounds(hertz))
        self.near.on("track", self.pump)
        able = RTCRtpSender.getCapabilities("video").codecs
        wanted = [each for each in able if each.mimeType in (f"video/{codec}", "video/rtx")]
        self.near.getTransceivers()[0].setCodecPreferences(wanted)

    def pump(self, track: MediaStreamTrack) -> None:
        async def run() -> None:
            while True:
                try:
                    frame = await track.recv()
                except MediaStreamError:
                    return
                if track.kind == "video":
                    self.seen.append(colour(frame))
                    self.seen_at.append(time.monotonic())
                else:
                    self.heard.append(frame.to_ndarray()[0, ::2])
                    self.heard_at.append(time.monotonic())

        self.pumps.append(asyncio.create_task(run()))

    async def call(self, port: Port) -> None:
        await self.near.setLocalDescription(await self.near.createOffer())
        offer = renumbered(self.near.localDescription.sdp, self.numbers)
        self.far = Peer(self.line, read(offer), port)
        self.far.open()
        await self.near.setRemoteDescription(RTCSessionDescription(self.far.answer, "answer"))

    async def hang_up(self) -> None:
        await self.near.close()
        self.far.shut()
        await asyncio.gather(*self.pumps)

    @property
    def transport(self):
        """The near end's own transport, to send what no browser sends."""
        return self.near.getSenders()[0].transport

    def lose(self, share: float, chance: random.Random) -> None:
        """From now on so much of all media gets lost, both ways."""
        protocol = self.transport.transport._connection._nominated[1].protocol
        receive, send = protocol.datagram_received, protocol.send_data

        def arrives(data: bytes) -> bool:
            return not 128 <= data[0] < 192 or chance.random() >= share

        async def sends(data: bytes, addr: tuple[str, int]) -> None:
            if arrives(data):
                await send(data, addr)

        def receives(data: bytes, addr: tuple[str, int]) -> None:
            if arrives(data):
                receive(data, addr)

        protocol.datagram_received, protocol.send_data = receives, sends

    def sees(self, shown: tuple[int, int, int]) -> bool:
        return bool(self.seen) and alike(self.seen[-1], shown)

    def last_seen(self, shown: tuple[int, int, int]) -> float:
        """When a picture of this colour arrived last; 0 for never."""
        seen = zip(self.seen, self.seen_at, strict=True)
        return max((at for each, at in seen if alike(each, shown)), default=0)

    def last_heard(self) -> float:
        """When a loud 20 ms arrived last; 0 for never."""
        heard = zip(self.heard, self.heard_at, strict=True)
        return max((at for samples, at in heard if loudness(samples) > 0.05), default=0)

    def hears(self, hertz: int) -> bool:
        """The last fifth of a second is loud and has this pitch."""
        last = np.concatenate(self.heard[-10:]) if len(self.heard) >= 10 else np.zeros(1)
        return loudness(last) > 0.05 and abs(main_hertz(last) - hertz) < 20


def alike(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return all(abs(ours - theirs) <= 5 for ours, theirs in zip(one, other, strict=True))


def renumbered(sdp: str, numbers: dict[str, dict[int, int]]) -> str:
    """An offer with other numbers for payload types and header extensions."""
    for old, new in numbers.get("payload types", {}).items():
        sdp = re.sub(rf"(a=(?:rtpmap|fmtp|rtcp-fb):){old}\b", rf"\g<1>{new}", sdp)
        sdp = re.sub(rf"apt={old}\b", f"apt={new}", sdp)
        sdp = re.sub(rf"^(m=.*) {old}\b", rf"\g<1> {new}", sdp, flags=re.MULTILINE)
    for old, new in numbers.get("extensions", {}).items():
        sdp = re.sub(rf"a=extmap:{old}\b", f"a=extmap:{new}", sdp)
    return sdp


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)


def run(scene: Callable[..., Awaitable[None]], *people: Callable[[], Browser]) -> None:
    async def play() -> None:
        port = Port([HERE], 0)
        port.open(asyncio.get_running_loop())
        browsers = [make() for make in people]
        await asyncio.gather(*(browser.call(port) for browser in browsers))
        try:
            await scene(*browsers)
        finally:
            await asyncio.gather(*(browser.hang_up() for browser in browsers))
            port.close()

    asyncio.run(play())
