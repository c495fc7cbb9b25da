"""What an offer may be: one picture, one sound, some addresses."""

import asyncio
import re

import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.sdp import candidate_from_sdp

from core.media.connection import Connection, connecting
from core.media.offer import (
    MOST_CANDIDATES,
    UnusualOffer,
    is_usable,
    refuse_unusual,
    without_names,
)
from core.media.room import Room
from tests.core.media.peers import NOWHERE

AUDIO = "m=audio 9 UDP/TLS/RTP/SAVPF 111"
VIDEO = "m=video 9 UDP/TLS/RTP/SAVPF 96"
DATA = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel"
ADDRESS = "a=candidate:1 1 udp 2122260223 192.0.2.1 54321 typ host"


def sdp(*lines: str) -> str:
    return "".join(f"{line}\r\n" for line in ("v=0", *lines))


@pytest.mark.parametrize(
    "lines",
    [
        [AUDIO, VIDEO],
        [VIDEO, AUDIO],
        [AUDIO],
        [AUDIO, *[ADDRESS] * MOST_CANDIDATES],
        [AUDIO, VIDEO, *[AUDIO, "a=recvonly"] * 3, *[VIDEO, "a=recvonly"] * 3],
        [AUDIO, "a=recvonly"],
    ],
)
def test_what_our_page_sends_is_taken(lines):
    refuse_unusual(sdp(*lines))


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [AUDIO, VIDEO, VIDEO],
        [AUDIO, VIDEO, VIDEO, "a=sendonly"],
        [AUDIO, VIDEO, *[VIDEO, "a=recvonly"] * 4],
        [AUDIO, AUDIO],
        [AUDIO, VIDEO, DATA],
        [VIDEO] * 150,
        [AUDIO, "m=text 9 RTP/AVP 98"],
        [AUDIO, *[ADDRESS] * (MOST_CANDIDATES + 1)],
    ],
    ids=[
        "nothing",
        "two",
        "two cameras",
        "four others",
        "two sounds",
        "data",
        "bomb",
        "text",
        "addresses",
    ],
)
def test_anything_else_is_refused(lines):
    with pytest.raises(UnusualOffer):
        refuse_unusual(sdp(*lines))


@pytest.mark.parametrize(
    ("address", "usable"),
    [("192.0.2.1", True), ("2001:db8::1", True), ("0f-1e.local", False), ("X.LOCAL", False)],
)
def test_a_name_of_the_browsers_own_network_is_not_asked(address, usable):
    assert is_usable(address) == usable


def test_an_offer_loses_its_names_and_does_not_say_that_there_is_nothing_more():
    name = ADDRESS.replace("192.0.2.1", "0f-1e.local")
    offered = sdp(AUDIO, name, ADDRESS, "a=candidate:1", "a=end-of-candidates", "a=mid:0")
    assert without_names(offered) == sdp(AUDIO, ADDRESS, "a=candidate:1", "a=mid:0")


def test_no_name_of_a_browser_is_looked_up_wherever_it_stands(monkeypatch):
    """Neither from the offer nor from what comes after it: looking up takes a second."""
    name = ADDRESS.replace("192.0.2.1", "0f-1e.local")
    asked = []

    async def ask(_self, candidate):
        asked.append(candidate and candidate.host)

    async def scene() -> None:
        near = RTCPeerConnection(NOWHERE)
        near.addTransceiver("audio")
        await near.setLocalDescription(await near.createOffer())
        offer = re.sub("a=candidate:.*", f"{name}\r\n{ADDRESS}", near.localDescription.sdp, count=1)
        with connecting(Room().new_line("guest:1")):
            far = Connection(NOWHERE)
        monkeypatch.setattr("aioice.Connection.add_remote_candidate", ask)
        await far.setRemoteDescription(RTCSessionDescription(without_own(offer), "offer"))
        for each in (name, ADDRESS.replace("192.0.2.1", "192.0.2.9")):
            candidate = candidate_from_sdp(each[12:])
            candidate.sdpMid = "0"
            await far.addIceCandidate(candidate)
        await asyncio.gather(near.close(), far.close())

    asyncio.run(scene())
    assert asked == ["192.0.2.1", "192.0.2.9"]


def without_own(offer: str) -> str:
    """Without the addresses of this machine."""
    lines = offer.splitlines(keepends=True)
    return "".join(each for each in lines if "a=candidate:" not in each or " 54321 " in each)


def test_a_connection_takes_only_so_many_addresses(monkeypatch):
    async def scene() -> tuple[int, int]:
        with connecting(Room().new_line("guest:1")):
            connection = Connection(NOWHERE)
        taken = []

        async def take(_self, candidate):
            taken.append(candidate)

        monkeypatch.setattr("aiortc.RTCPeerConnection.addIceCandidate", take)
        for _ in range(MOST_CANDIDATES + 5):
            await connection.addIceCandidate(candidate_from_sdp(ADDRESS[12:]))
        await connection.close()
        return len(taken), connection.dropped["too many addresses"]

    assert asyncio.run(scene()) == (MOST_CANDIDATES, 5)


CODEC = "a=rtpmap:{} x/90000"


@pytest.mark.parametrize(
    "lines",
    [
        [CODEC.format(number) for number in range(65)],
        [CODEC.format(9), CODEC.format(9)],
        ["a=rtcp-fb:96 nack"] * 201,
        ["a=fmtp:96 a=b"] * 65,
        ["a=extmap:1 x"] * 33,
        ["a=ssrc:1 cname:a"] * 33,
    ],
)
def test_what_would_take_long_to_read_is_refused_in_whatever_m_line(lines):
    refuse_unusual(sdp(AUDIO, VIDEO, CODEC.format(96)))
    for told in ([AUDIO, *lines, VIDEO], [AUDIO, VIDEO, *lines]):
        with pytest.raises(UnusualOffer):
            refuse_unusual(sdp(*told))
