"""RTP as bytes: what is no packet is refused, everything else is read and written as it is."""

import struct

import pytest
from aiortc.rtp import RtpPacket
from hypothesis import given, settings
from hypothesis import strategies as st
from pylibsrtp import Policy, Session

from core.media.packets import extensions, rtp
from core.media.packets.extensions import ONE_BYTE, TWO_BYTES
from core.media.packets.outlet import Outlet
from core.media.packets.rtp import MOST_PAYLOAD, Malformed, Packet
from core.media.rooms.room import Room
from tests.core.media.ends import leg, written

sixteen, thirty_two = st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF)
seven = st.integers(0, 127)


HEAD = bytes.fromhex("8061 0001 0000 0002 0000 0003")


def test_a_packet_is_read_as_it_is_on_the_wire():
    assert rtp.parse(HEAD + b"payload") == Packet(97, False, 1, 2, 3, 0, b"", b"payload")


def test_padding_contributors_and_header_extensions_are_no_payload():
    contributors, block = bytes(8), extensions.one_byte(1, b"0") + b"\0\0"
    data = bytes([0xB2]) + HEAD[1:] + contributors + struct.pack("!HH", ONE_BYTE, 1) + block
    data += b"payload" + b"\0\0\3"
    assert rtp.parse(data) == Packet(97, False, 1, 2, 3, ONE_BYTE, block, b"payload")


def test_a_packet_of_padding_only_has_an_empty_payload():
    assert rtp.parse(bytes([0xA0]) + HEAD[1:] + bytes(254) + b"\xff").payload == b""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        HEAD[:-1],
        bytes([0x40]) + HEAD[1:],
        bytes([0x81]) + HEAD[1:],
        bytes([0xA0]) + HEAD[1:],
        bytes([0xA0]) + HEAD[1:] + b"\0",
        bytes([0xA0]) + HEAD[1:] + b"\2",
        bytes([0x90]) + HEAD[1:] + b"\xbe\xde\0",
        bytes([0x90]) + HEAD[1:] + b"\xbe\xde\0\1abc",
        HEAD + bytes(MOST_PAYLOAD + 1),
    ],
    ids=[
        "nothing",
        "too short",
        "another version",
        "contributor missing",
        "padding said, none there",
        "no padding length",
        "more padding than there is",
        "half an extension head",
        "half an extension",
        "longer than any leg can carry",
    ],
)
def test_what_is_no_packet_is_malformed(data):
    with pytest.raises(Malformed):
        rtp.parse(data)


FIRST_BYTES = (0x80, 0x90, 0xA0, 0xB3)


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=90))
def test_any_bytes_are_a_packet_or_malformed_and_nothing_else(soup):
    """Every end of the soup is tried by itself and behind four first bytes: 10^5 cases."""
    ends = [soup[at:] for at in range(len(soup) + 1)]
    for data in [*ends, *(bytes([first]) + end for first in FIRST_BYTES for end in ends)]:
        try:
            packet = rtp.parse(data)
        except Malformed:
            with pytest.raises(ValueError):  # noqa: PT011 (aiortc has no other)
                RtpPacket.parse(data)
            continue
        theirs = None if packet.profile in (ONE_BYTE, TWO_BYTES) else RtpPacket.parse(data)
        assert theirs is None or theirs.payload == packet.payload
        assert packet.payload in data


@settings(max_examples=1000, deadline=None)
@given(seven, st.booleans(), sixteen, thirty_two, thirty_two, st.binary(max_size=40))
def test_what_is_written_is_read_back_unchanged(kind, marker, number, timestamp, ssrc, payload):
    packet = Packet(kind, marker, number, timestamp, ssrc, 0, b"", payload)
    assert rtp.parse(written(packet)) == packet


def test_the_longest_packet_that_is_taken_fits_every_leg():
    key = Policy(key=bytes(30), ssrc_type=Policy.SSRC_ANY_OUTBOUND)
    longest = rtp.parse(HEAD + bytes(MOST_PAYLOAD))
    leg_of_odd_browser = leg(mid=b"m" * 16, send_time_id=3, level_id=2)
    outlet = Outlet(leg_of_odd_browser, False)
    line = Room().new_line("guest:1")
    [data] = outlet.give(line, "VP8", longest, b"\x1e", 1.0)
    session = Session(key)
    assert len(session.protect(data)) > len(data)
    assert len(session.protect(outlet.again(1, 2.0))) > len(data)


@settings(max_examples=300, deadline=None)
@given(sixteen, st.integers(1, 0x7FFF))
def test_a_number_is_newer_than_those_before_it_around_the_end_too(number, ahead):
    later = number + ahead & 0xFFFF
    assert (rtp.newer(later, number), rtp.newer(number, later)) == (True, False)
    assert not rtp.newer(number, number)
