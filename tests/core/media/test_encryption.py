"""
What protects picture and sound on the wire, shown on the pinned aiortc with both ends on
this machine. Knows no line and no room. Source: OWASP ASVS 5.0, V17.2 and V11.6.1.
"""

import asyncio
import re
import secrets
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
import uvloop
from aioice import Candidate, Connection, stun
from aiortc import (
    AudioStreamTrack,
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from core.media import wire
from tests.core.media.test_over_the_network import until


@pytest.fixture(autouse=True, scope="module")
def _guarded() -> None:
    wire.prepare()  # as at every start of the app


def peer() -> RTCPeerConnection:
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


@dataclass
class Call:
    """A near end that speaks to a far one, and the frames that have arrived there."""

    near: RTCPeerConnection = field(default_factory=peer)
    far: RTCPeerConnection = field(default_factory=peer)
    arrived: list[object] = field(default_factory=list)
    pumps: list[asyncio.Task[None]] = field(default_factory=list)

    async def begin(self, on_the_way: Callable[[str], str] = str) -> None:
        """Offer and answer; `on_the_way` may change what the far end reads."""
        self.near.addTrack(AudioStreamTrack())
        self.far.on("track", lambda track: self.pumps.append(asyncio.create_task(self.pump(track))))
        await self.near.setLocalDescription(await self.near.createOffer())
        offer = self.near.localDescription
        await self.far.setRemoteDescription(
            RTCSessionDescription(on_the_way(offer.sdp), offer.type)
        )
        await self.far.setLocalDescription(await self.far.createAnswer())
        await self.near.setRemoteDescription(self.far.localDescription)

    async def pump(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                self.arrived.append(await track.recv())
        except MediaStreamError:
            return

    async def more(self) -> None:
        """Until ten more frames have come through."""
        enough = len(self.arrived) + 10
        await until(lambda: len(self.arrived) >= enough)

    async def hang_up(self) -> None:
        await asyncio.gather(self.near.close(), self.far.close())
        for pump in self.pumps:
            pump.cancel()
        await asyncio.gather(*self.pumps, return_exceptions=True)


def run(scene: Callable[[Call], Awaitable[None]]) -> None:
    async def play() -> None:
        call = Call()
        try:
            await scene(call)
        finally:
            await call.hang_up()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as the app does
        runner.run(play())


def address(description: str) -> tuple[str, int]:
    """Where this end listens, on the first of its addresses."""
    found = re.search(r"a=candidate:\S+ 1 udp \d+ ([\d.]+) (\d+) typ host", description)
    assert found
    return found[1], int(found[2])


def test_who_has_another_certificate_than_announced_is_not_heard():
    def forged(description: str) -> str:
        return re.sub(r"(?<=a=fingerprint:sha-)(\d+) [0-9A-F]{2}", r"\1 00", description)

    async def scene(call: Call) -> None:
        await call.begin(forged)
        await until(lambda: call.far.connectionState in ("failed", "closed"))
        assert call.arrived == []

    run(scene)


def test_who_announces_the_right_certificate_is_heard_and_by_gcm():
    async def scene(call: Call) -> None:
        await call.begin()
        await call.more()
        dtls = call.far.getReceivers()[0].transport
        assert dtls._ssl.get_selected_srtp_profile() == b"SRTP_AEAD_AES_256_GCM"
        assert dtls._ssl.get_cipher_name() == "ECDHE-ECDSA-AES128-GCM-SHA256"
        assert dtls._ssl.get_protocol_version_name() == "DTLSv1.2"

    run(scene)


def test_every_connection_has_a_fresh_key_on_p_256():
    async def scene(call: Call) -> None:
        await call.begin()
        await call.more()
        seen: list[x509.Certificate] = [
            end.transport._ssl.get_peer_certificate(as_cryptography=True)
            for end in (call.near.getSenders()[0], call.far.getReceivers()[0])
        ]
        keys = [certificate.public_key() for certificate in seen]
        assert [type(key.curve) for key in keys] == [ec.SECP256R1, ec.SECP256R1]
        assert keys[0].public_numbers() != keys[1].public_numbers()

    run(scene)


FORGED = {
    "sound of somebody else": lambda: b"\x80\x60" + secrets.token_bytes(170),
    "half a header": lambda: b"\x80\x60\x01",
    "one byte": lambda: b"\x80",
    "a report": lambda: b"\x80\xc8" + secrets.token_bytes(26),
    "half a report": lambda: b"\x80\xc8\xff\xff",
    "a greeting of DTLS": lambda: b"\x16\xfe\xfd" + secrets.token_bytes(60),
    "half a STUN message": lambda: b"\x00\x01\x00\x00",
    "a STUN message with a broken attribute": lambda: (
        b"\x00\x01\x00\x04\x21\x12\xa4\x42" + secrets.token_bytes(12) + b"\x00\x24\x00\x00"
    ),
    "anything": lambda: secrets.token_bytes(1 + secrets.randbelow(1200)),
    "nothing": lambda: b"",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_forged_and_broken_datagrams_of_a_stranger_change_nothing(forge):
    async def scene(call: Call) -> None:
        await call.begin()
        await call.more()
        with socket.socket(type=socket.SOCK_DGRAM) as stranger:
            for _ in range(200):
                stranger.sendto(forge(), address(call.far.localDescription.sdp))
        await call.more()
        assert call.far.connectionState == "connected"

    run(scene)


BROKEN = {
    "noise instead of sound": lambda head: head + secrets.token_bytes(80),
    "no sound at all": lambda head: head,
    "more padding than there is": lambda head: b"\xa0" + head[1:] + b"\xff\xff",
    "somebody nobody has announced": lambda head: head[:8] + b"\x00\x00\x00\x01" + bytes(80),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_browser_that_sends_broken_media_under_its_own_key_ends_nothing(broken):
    async def scene(call: Call) -> None:
        await call.begin()
        await call.more()
        dtls = call.near.getSenders()[0].transport
        send, sent = dtls._send_rtp, []

        async def now_and_then(packet: bytes) -> None:
            sent.append(packet)
            bad = broken(b"\x80" + packet[1:12]) if len(sent) % 2 and packet[1] < 192 else packet
            await send(bad)

        dtls._send_rtp = now_and_then
        await until(lambda: len(sent) >= 20)
        await call.more()
        assert call.far.connectionState == "connected"

    run(scene)


def known_to(*candidates: Candidate) -> Connection:
    connection = Connection(ice_controlling=False)
    connection._remote_candidates.extend(candidates)
    return connection


def test_only_the_browsers_own_addresses_reach_the_encryption():
    browser = Candidate("1", 1, "udp", 1, "192.0.2.1", 5000, "host")
    greeting = b"\x16\xfe\xfd" + bytes(60)
    passes = {
        address: wire.is_for_the_call(known_to(browser), greeting, address)
        for address in [("192.0.2.1", 5000), ("192.0.2.1", 5001), ("192.0.2.2", 5000)]
    }
    assert list(passes.values()) == [True, False, False]
    assert not wire.is_for_the_call(known_to(), greeting, ("192.0.2.1", 5000))


def test_stun_may_come_from_anywhere_if_it_can_be_read():
    request = bytes(stun.Message(stun.Method.BINDING, stun.Class.REQUEST))
    assert wire.is_for_the_call(known_to(), request, ("192.0.2.1", 5000))
    assert not wire.is_for_the_call(known_to(), request[:-1], ("192.0.2.1", 5000))


def test_a_changed_library_is_noticed_at_start(monkeypatch):
    monkeypatch.setattr(wire, "Candidate", lambda *_: object())
    with pytest.raises(wire.LibraryChanged, match="_network_host"):
        wire.prepare()
