"""
A running call: both ends in one process, speaking as our pages do.

No browser: two of them would take more of the machine than the server itself. Each end
sends a real picture (640x480, encoded once beforehand) and a tone that says which part
of the talk it is; what arrives is decoded and noted with its time.
"""

import asyncio
import gc
import logging
import sys
import time
from dataclasses import dataclass
from fractions import Fraction
from multiprocessing.connection import Connection
from typing import Any

import av
import httpx
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av.frame import Frame
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import WebSocketException

from bench.flood.tone import PTIME, RATE, SAMPLES, Heard, spoken
from tests.browser.raw import RawPage, cookie_header, raw_page

WIDTH, HEIGHT, PICTURES = 640, 480, 20
PAGE_EVERY = 1.0  # seconds; the page of a call looks after its partner about this often
NOBODY = RTCConfiguration(iceServers=[])


@dataclass(frozen=True)
class Seat:
    """Whose page this end of the call is."""

    base_url: str
    cookies: dict[str, str]
    page: str
    query: str


class Track(MediaStreamTrack):
    """Frames or packets in the rhythm of their own time stamps."""

    def __init__(self, kind: str, made: list["av.Packet[Any]"] | None = None) -> None:
        super().__init__()
        self.kind = kind
        self._made = made
        self._number = 0
        self._began: float | None = None

    async def recv(self) -> "av.AudioFrame | av.Packet[Any]":
        if self.readyState != "live":
            raise MediaStreamError
        seconds = 1 / PICTURES if self._made else PTIME
        self._began = self._began or time.monotonic()
        due = self._began + self._number * seconds
        await asyncio.sleep(max(0, due - time.monotonic()))
        number, self._number = self._number, self._number + 1
        return self._packet(number) if self._made else _sound(number)

    def _packet(self, number: int) -> "av.Packet[Any]":
        assert self._made
        packet = av.Packet(bytes(self._made[number % len(self._made)]))
        packet.pts, packet.time_base = number, Fraction(1, PICTURES)
        return packet


def _sound(number: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(spoken(number), format="s16", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = RATE, number * SAMPLES, Fraction(1, RATE)
    return frame


def film() -> list["av.Packet[Any]"]:
    """Two seconds of a moving picture in VP8, about half a megabit a second."""
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.time_base, encoder.bit_rate = Fraction(1, PICTURES), 500_000
    encoder.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
    grain = np.random.default_rng(0).integers(0, 40, (HEIGHT * 3 // 2, WIDTH * 2), np.uint8)
    packets: list[av.Packet[Any]] = []
    for number in range(2 * PICTURES):
        shown = 80 + np.ascontiguousarray(grain[:, number * 4 : number * 4 + WIDTH])
        frame = av.VideoFrame.from_ndarray(shown, "yuv420p")
        frame.pts, frame.time_base = number, Fraction(1, PICTURES)
        packets += encoder.encode(frame)
    return packets + encoder.encode(None)


class End:
    """One person's end: the page that keeps the call, and the connection."""

    def __init__(self, page: RawPage, seat: Seat, shown: list["av.Packet[Any]"]) -> None:
        self.page = page
        self.seat = seat
        self.heard: list[Heard] = []
        self.pictures = 0
        self.tasks: list[asyncio.Task[None]] = []
        self.connection = RTCPeerConnection(NOBODY)
        self.connection.addTrack(Track("audio"))
        self.connection.addTrack(Track("video", shown))
        self.connection.on("track", self.receive)

    def receive(self, track: MediaStreamTrack) -> None:
        take = self.hear if track.kind == "audio" else self.see
        self.tasks.append(asyncio.create_task(take(track)))

    async def hear(self, track: MediaStreamTrack) -> None:
        while frame := await _next(track):
            assert isinstance(frame, av.AudioFrame)
            samples = frame.to_ndarray()[0, ::2].astype(np.int16)
            self.heard.append(Heard(time.monotonic(), samples))

    async def see(self, track: MediaStreamTrack) -> None:
        while await _next(track):
            self.pictures += 1

    async def call(self) -> None:
        """Offer and wait for the answer: what the browser's end does."""
        await self._run([])
        await self.connection.setLocalDescription(await self.connection.createOffer())
        answer = await asyncio.to_thread(self._answer, self.connection.localDescription.sdp)
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        self.tasks.append(asyncio.create_task(self.keep_page()))

    def _answer(self, offer: str) -> str:
        asked = {"tab": self.page.call["tab"], "offer": offer}
        given = {"Origin": self.seat.base_url, "Cookie": cookie_header(self.seat.cookies)}
        answer = httpx.post(f"{self.seat.base_url}/signal", json=asked, headers=given)
        return str(answer.raise_for_status().json()["answer"])

    async def _run(self, values: list[WidgetState]) -> None:
        await asyncio.to_thread(self.page.run, self.seat.page, self.seat.query, values)

    async def keep_page(self) -> None:
        """The open page asks the server for news, as long as the server answers."""
        try:
            while True:
                await asyncio.sleep(PAGE_EVERY)
                await self._run([])
        except (OSError, WebSocketException):
            return


async def _next(track: MediaStreamTrack) -> "Frame | av.Packet[Any] | None":
    try:
        return await track.recv()
    except MediaStreamError:
        return None


async def talk(seats: list[Seat], told: Connection) -> None:
    """Connect both, say so, go on until somebody says stop; then tell what was heard."""
    shown = film()
    with (
        raw_page(seats[0].base_url, seats[0].cookies) as first,
        raw_page(seats[1].base_url, seats[1].cookies) as second,
    ):
        ends = [End(page, seat, shown) for page, seat in zip((first, second), seats, strict=True)]
        for end in ends:
            await end.call()
        await _until_both_hear(ends)
        told.send("running")
        await asyncio.to_thread(told.recv)
        told.send([end.heard for end in ends])
        await asyncio.to_thread(told.recv)


async def _until_both_hear(ends: list[End]) -> None:
    async with asyncio.timeout(30):
        while not all(end.pictures and any(each.audible for each in end.heard) for end in ends):
            await asyncio.sleep(0.1)


def run(seats: list[Seat], told: Connection) -> None:
    """The process of the call."""
    logging.disable(logging.WARNING)
    gc.disable()  # it would pause what measures the pauses
    sys.setswitchinterval(0.0005)  # and so would the threads that keep the pages
    asyncio.run(talk(seats, told))
