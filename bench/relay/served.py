"""
The relay's process: ours as in the app, or streamlit-webrtc's default in its place.

The media loop in its thread, the rooms and the check are the app's own. Instead of pages
and streamlit-webrtc there is a pipe: an offer comes in, an answer goes out.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection as Pipe

from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.contrib.media import MediaRelay

from core.media import connection, ice, loop, wire
from core.media.room import ROOMS
from core.media.standins import Silence

CHECK_EVERY = 1.0  # seconds; the app asks after deeds and now and then (core/watch.py)
SEATS = ("visitor", "staff")
NOBODY = RTCConfiguration(iceServers=[])
Answer = Callable[[int, str], Awaitable[RTCPeerConnection]]


async def forwarding(number: int, offer: str) -> RTCPeerConnection:
    """Our way: nothing is decoded, each hears and sees the other of the call."""
    call, seat = divmod(number, len(SEATS))
    room = ROOMS.room(call)
    line = room.new_line(SEATS[seat])
    room.let_in(lambda: frozenset(SEATS))
    with connection.connecting(line):
        answering = connection.Connection(NOBODY)
    await answering.setRemoteDescription(RTCSessionDescription(offer, "offer"))
    answering.addTrack(Silence("audio"))
    answering.addTrack(Silence("video"))
    return answering


async def decoding(number: int, offer: str) -> RTCPeerConnection:
    """streamlit-webrtc's default: everything through a decoder, MediaRelay and an encoder."""
    answering, relay = RTCPeerConnection(NOBODY), MediaRelay()

    def pass_on(track: MediaStreamTrack) -> None:
        answering.addTrack(relay.subscribe(track))

    answering.on("track", pass_on)
    await answering.setRemoteDescription(RTCSessionDescription(offer, "offer"))
    return answering


def run(pipe: Pipe, answer: Answer) -> None:
    """The process: answer offers until the other end is gone."""
    logging.basicConfig(level=logging.ERROR)
    connection.check_private_names()
    wire.prepare()
    ice.prepare()
    kept = []
    with loop.running():
        pipe.send("ready")
        while True:
            if pipe.poll(CHECK_EVERY):
                try:
                    number, offer = pipe.recv()
                except EOFError:
                    return
                kept.append(_on_the_media_loop(answer(number, offer)))
                pipe.send(kept[-1].localDescription.sdp)
            ROOMS.check()


def _on_the_media_loop(answering: Awaitable[RTCPeerConnection]) -> RTCPeerConnection:
    async def answered() -> RTCPeerConnection:
        made = await answering
        await made.setLocalDescription(await made.createAnswer())
        return made

    return asyncio.run_coroutine_threadsafe(answered(), loop.current()).result()
