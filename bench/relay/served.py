"""
The relay's process: ours as in the app, or streamlit-webrtc's default in its place.

The media loop in its thread, the rooms and the check are the app's own. Instead of pages
and streamlit-webrtc there is a pipe: an offer comes in, an answer goes out.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection as Pipe

from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRelay

from bench.relay import network
from core.media.rooms.live_rooms import ROOMS
from core.media.transport import loop, offer, private_names
from core.media.transport.connection import Connection

CHECK_EVERY = 1.0  # seconds; the app asks after deeds and now and then (core/watch.py)
SEATS = ("visitor", "staff")
NOBODY = RTCConfiguration(iceServers=[])
Answer = Callable[[int, str], Awaitable[tuple[object, str]]]  # what has to be kept, SDP


async def forwarding(number: int, offered: str) -> tuple[object, str]:
    """Our way: nothing is decoded, each hears and sees the other of the call."""
    call, seat = divmod(number, len(SEATS))
    room = ROOMS.room(call)
    line = room.new_line(SEATS[seat])
    room.let_in(lambda: frozenset(SEATS))
    answering = Connection(line, offer.read(offered), loop.port())
    answering.open()
    return answering, answering.answer


async def decoding(number: int, offered: str) -> tuple[object, str]:
    """streamlit-webrtc's default: everything through a decoder, MediaRelay and an encoder."""
    answering, relay = RTCPeerConnection(NOBODY), MediaRelay()

    def pass_on(track: MediaStreamTrack) -> None:
        answering.addTrack(relay.subscribe(track))

    answering.on("track", pass_on)
    await answering.setRemoteDescription(RTCSessionDescription(offered, "offer"))
    await answering.setLocalDescription(await answering.createAnswer())
    return answering, answering.localDescription.sdp


def run(pipe: Pipe, answer: Answer) -> None:
    """The process: answer offers until the other end is gone."""
    logging.basicConfig(level=logging.ERROR)
    os.environ |= {"BERATUNGSRAUM_MEDIA_ADDRESSES": network.HERE, "BERATUNGSRAUM_MEDIA_PORT": "0"}
    private_names.check()
    kept = []
    with loop.running():
        pipe.send("ready")
        while True:
            if pipe.poll(CHECK_EVERY):
                try:
                    number, offered = pipe.recv()
                except EOFError:
                    return
                kept.append(_on_the_media_loop(answer(number, offered)))
                pipe.send(kept[-1][1])
            ROOMS.recheck_all()


def _on_the_media_loop(answering: Awaitable[tuple[object, str]]) -> tuple[object, str]:
    async def answered() -> tuple[object, str]:
        return await answering

    return asyncio.run_coroutine_threadsafe(answered(), loop.current()).result()
