"""What an offer may be: one picture, one sound, some addresses."""

import asyncio

import pytest
from aiortc.sdp import candidate_from_sdp

from core.media.connection import Connection, connecting
from core.media.offer import MOST_CANDIDATES, UnusualOffer, is_usable, refuse_unusual
from core.media.room import Room

AUDIO = "m=audio 9 UDP/TLS/RTP/SAVPF 111"
VIDEO = "m=video 9 UDP/TLS/RTP/SAVPF 96"
DATA = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel"
ADDRESS = "a=candidate:1 1 udp 2122260223 192.0.2.1 54321 typ host"


def sdp(*lines: str) -> str:
    return "".join(f"{line}\r\n" for line in ("v=0", *lines))


@pytest.mark.parametrize(
    "lines", [[AUDIO, VIDEO], [VIDEO, AUDIO], [AUDIO], [AUDIO, *[ADDRESS] * MOST_CANDIDATES]]
)
def test_what_our_page_sends_is_taken(lines):
    refuse_unusual(sdp(*lines))


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [AUDIO, VIDEO, VIDEO],
        [AUDIO, AUDIO],
        [AUDIO, VIDEO, DATA],
        [VIDEO] * 150,
        [AUDIO, "m=text 9 RTP/AVP 98"],
        [AUDIO, *[ADDRESS] * (MOST_CANDIDATES + 1)],
    ],
    ids=["nothing", "two pictures", "two sounds", "data", "a bomb", "text", "addresses"],
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


def test_a_connection_takes_only_so_many_addresses(monkeypatch):
    async def scene() -> tuple[int, int]:
        with connecting(Room().new_line("guest:1")):
            connection = Connection()
        taken = []

        async def take(_self, candidate):
            taken.append(candidate)

        monkeypatch.setattr("aiortc.RTCPeerConnection.addIceCandidate", take)
        for _ in range(MOST_CANDIDATES + 5):
            await connection.addIceCandidate(candidate_from_sdp(ADDRESS[12:]))
        await connection.close()
        return len(taken), connection.dropped["too many addresses"]

    assert asyncio.run(scene()) == (MOST_CANDIDATES, 5)
