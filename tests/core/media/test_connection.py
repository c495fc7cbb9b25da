"""What a connection does not take in and does not send, and whether aiortc is as we know it."""

import asyncio
from types import SimpleNamespace

import pylibsrtp
import pytest
from aioice.ice import CandidatePair, Connection, StunProtocol
from aiortc import RTCIceTransport, RTCRtpSender
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcrtpreceiver import RTCRtpReceiver

from core.media import connection
from core.media.connection import (
    LONGEST_RTCP,
    MOST_PACKETS,
    MOST_RTCP,
    MOST_WAITING,
    LibraryChanged,
    check_private_names,
)
from core.media.inlet import Format, Inlet
from core.media.limit import Limit
from core.media.negotiated import Way
from core.media.parts import Part
from core.media.room import Room
from tests.core.media.packets import VP8, packet
from tests.core.media.peers import NOWHERE
from tests.core.media.test_rtp import written

LOST_RTCP = bytes.fromhex("81cd0003 00000001 00000002 00030000")


class Out:
    """Where datagrams go."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.closing, self.waiting = False, 0

    def sendto(self, data: bytes, addr: object) -> None:
        self.sent.append(data)

    def is_closing(self) -> bool:
        return self.closing

    def get_write_buffer_size(self) -> int:
        return self.waiting


class Session:
    """Encrypts by a letter; what begins with "!" is an error."""

    def protect(self, data: bytes) -> bytes:
        if data[:1] == b"!":
            raise pylibsrtp.Error
        if len(data) > 1356:
            raise ValueError
        return b"s" + data


def connected(scene):
    """Plays a scene with a connection that has come about, without a network."""

    async def play() -> None:
        line, out = Room().new_line("guest:1"), Out()
        with connection.connecting(line):
            pc = connection.Connection(NOWHERE)
        pair = SimpleNamespace(protocol=SimpleNamespace(transport=out), remote_addr=("there", 1))
        pc._ice = SimpleNamespace(_nominated={1: pair})
        pc._transport, pc._protect = SimpleNamespace(_tx_srtp=Session()), Session().protect
        line.plug(pc, asyncio.get_running_loop())
        inlet = Inlet({VP8: Format("VP8", 90_000)}, True)
        line.inlets[Part.PICTURE] = inlet
        pc._ways = {VP8: Way(Part.PICTURE, inlet, None, 3)}
        await scene(pc, out)
        await pc.close()

    asyncio.run(play())


@pytest.fixture
def clock(monkeypatch):
    hands = SimpleNamespace(now=100.0)
    monkeypatch.setattr(connection, "time", SimpleNamespace(monotonic=lambda: hands.now))
    return hands


def test_more_packets_than_any_browser_sends_are_dropped_until_the_second_is_over(clock):
    async def scene(pc, out):
        inlet = pc.line.inlets[Part.PICTURE]
        for number in range(MOST_PACKETS + 50):
            pc._rtp(written(packet(number)), connection.time.monotonic())
        assert (pc.dropped, inlet._newest) == ({"too many": 50}, MOST_PACKETS - 1)
        pc._rtcp(LOST_RTCP, connection.time.monotonic())
        assert pc.dropped == {"too many": 51}
        clock.now += 1
        pc._rtp(written(packet(MOST_PACKETS)), connection.time.monotonic())
        assert inlet._newest == MOST_PACKETS

    connected(scene)


def test_what_cannot_be_read_is_dropped_and_counted():
    async def scene(pc, out):
        pc._rtp(b"\x80", connection.time.monotonic())
        pc._rtcp(b"\x80\xc8\0\1", connection.time.monotonic())
        pc._rtp(written(packet(1, payload_type=55)), connection.time.monotonic())
        assert pc.dropped == {"malformed": 2, "unknown payload type": 1}

    connected(scene)


def test_a_connection_that_was_left_behind_says_nothing_more():
    async def scene(pc, out):
        inlet = pc.line.inlets[Part.PICTURE]
        pc.line.plug(object(), asyncio.get_running_loop())
        pc._rtp(written(packet(1)), connection.time.monotonic())
        pc._rtcp(LOST_RTCP, connection.time.monotonic())
        assert pc.dropped == {"of a connection left behind": 2}
        assert inlet.ssrc is None

    connected(scene)


def test_what_cannot_be_sent_is_dropped_and_counted():
    async def scene(pc, out):
        pc.send(b"fine")
        pc.send(b"!")
        pc.send(bytes(1400))
        out.waiting = MOST_WAITING + 1
        pc.send(b"too much already")
        out.waiting, out.closing = 0, True
        pc.send(b"too late")
        pc._ice._nominated.clear()
        pc.send(b"much too late")
        assert out.sent == [b"sfine"]
        assert pc.dropped == {"not encrypted": 2, "not sent": 3}

    connected(scene)


def test_however_often_is_negotiated_an_outlet_counts_on():
    async def scene(pc, out):
        pc._plug = lambda transport: None
        parameters = SimpleNamespace(headerExtensions=[], codecs=[], muxId="0")
        sender = pc.addTransceiver("video").sender
        codec = SimpleNamespace(name="VP8", payloadType=VP8, clockRate=90_000, parameters={})
        parameters.codecs = [codec]
        outlets = []
        for _ in range(2):
            pc._give(sender, parameters)
            outlets.append([outlet for _part, outlet in pc.line.outlets])
        assert outlets[0] == outlets[1] != []

    connected(scene)


def raising(problem):
    def refuse(data: bytes) -> bytes:
        raise problem

    return refuse


@pytest.mark.parametrize("datagram", [b"\x80", b"\x80\x60 RTP", b"\x80\xc8 RTCP"])
def test_what_cannot_be_decrypted_is_counted(datagram):
    async def scene(pc, out):
        refuse = raising(pylibsrtp.Error)
        pc._unprotect, pc._transport._rx_srtp = refuse, SimpleNamespace(unprotect_rtcp=refuse)
        pc.take(datagram)
        assert (pc.dropped, pc.line.failures) == ({"not decrypted": 1}, 0)

    connected(scene)


def test_a_mistake_of_ours_while_a_packet_is_served_is_told_once_and_ends_nothing(caplog):
    async def scene(pc, out):
        pc._unprotect = raising(KeyError)
        pc.take(b"\x80\x60")
        pc.take(b"\x80\x60")
        assert (pc.line.failures, len(caplog.records)) == (2, 1)

    connected(scene)


def test_a_limit_holds_in_every_second_and_counts_what_it_refuses():
    limit = Limit(2)
    allowed = [limit.allows(now) for now in (5.0, 5.1, 5.2, 5.9, 6.0, 6.1, 6.2)]
    assert (allowed, limit.refused) == ([True, True, False, False, True, True, False], 3)


def test_aiortc_has_the_private_names_used_here():
    check_private_names()


def without(kind: type, name: str):
    """Objects of this kind are made without this name."""

    def forget(monkeypatch):
        made = kind.__init__

        def make(self, *args, **kwargs):
            made(self, *args, **kwargs)
            delattr(self, name)

        monkeypatch.setattr(kind, "__init__", make)

    return forget


def unnamed(kind: type, name: str):
    """This kind has no such name any more."""
    return lambda monkeypatch: monkeypatch.delattr(kind, name)


MOVED = {
    "_rtx_ssrc": without(RTCRtpSender, "_rtx_ssrc"),
    "_rx_srtp": without(RTCDtlsTransport, "_rx_srtp"),
    "_tx_srtp": without(RTCDtlsTransport, "_tx_srtp"),
    "_connection": without(RTCIceTransport, "_connection"),
    "_nominated": without(Connection, "_nominated"),
    "transport": unnamed(StunProtocol, "connection_made"),
    "remote_addr": unnamed(CandidatePair, "remote_addr"),
    "protocol": without(CandidatePair, "protocol"),
    "receive": unnamed(RTCRtpReceiver, "receive"),
    "send": unnamed(RTCRtpSender, "send"),
}


@pytest.mark.parametrize("name", MOVED)
def test_when_a_private_name_has_moved_the_start_says_which(name, monkeypatch):
    MOVED[name](monkeypatch)
    with pytest.raises(LibraryChanged, match=rf"aiortc or aioice has changed: .*\b{name}\b"):
        check_private_names()


def test_who_only_reports_is_there_too():
    async def scene(pc, out):
        pc._rtcp(LOST_RTCP, connection.time.monotonic())
        assert pc.line.room.line_of(pc.line.seat) is pc.line

    connected(scene)


def test_rtcp_beyond_what_any_browser_sends_is_dropped(clock):
    async def scene(pc, out):
        pc._transport._rx_srtp = SimpleNamespace(unprotect_rtcp=lambda data: data)
        pc.take(LOST_RTCP + bytes(LONGEST_RTCP))
        for _ in range(MOST_RTCP + 1):
            pc.take(LOST_RTCP)
        assert pc.dropped == {"too much RTCP": 2}

    connected(scene)


def test_whoever_hears_of_a_closing_connection_cannot_hold_up_the_loop():
    async def scene(pc, out):
        heard = []
        pc.on("iceconnectionstatechange", lambda: heard.append(pc.iceConnectionState))
        await pc.close()
        assert (heard, pc.iceConnectionState) == ([], "closed")

    connected(scene)
