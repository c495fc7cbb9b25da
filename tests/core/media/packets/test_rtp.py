"""RTP as bytes: what is no packet is refused, everything else is read and written as it is."""

import struct

import pytest
from aiortc.rtp import RtpPacket, pack_header_extensions
from hypothesis import given, settings
from hypothesis import strategies as st
from pylibsrtp import Policy, Session

from core.media.packets import rtp
from core.media.packets.outlet import Outlet
from core.media.packets.rtp import MOST_PAYLOAD, ONE_BYTE, TWO_BYTES, Malformed, Packet
from core.media.rooms.room import Room
from tests.core.media.ends import leg, packet, written

sixteen, thirty_two = st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF)
seven = st.integers(0, 127)


HEAD = bytes.fromhex("8061 0001 0000 0002 0000 0003")


def test_a_packet_is_read_as_it_is_on_the_wire():
    assert rtp.parse(HEAD + b"payload") == Packet(97, False, 1, 2, 3, 0, b"", b"payload")


def test_padding_contributors_and_header_extensions_are_no_payload():
    contributors, block = bytes(8), rtp.one_byte(1, b"0") + b"\0\0"
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


elements = st.dictionaries(st.integers(1, 14), st.binary(min_size=1, max_size=16), max_size=5)


@settings(max_examples=700, deadline=None)
@given(elements, st.booleans(), st.integers(1, 14))
def test_an_element_is_found_in_both_kinds_of_blocks(values, long, wanted):
    pairs = [*values.items()]
    if long:
        pairs.append((20, b"only in two bytes"))
    profile, block = pack_header_extensions(pairs)
    assert rtp.element(profile, block, wanted) == values.get(wanted)


@settings(max_examples=700, deadline=None)
@given(elements, st.binary(max_size=30))
def test_elements_that_were_written_are_found_again(values, payload):
    block = rtp.block(b"".join(rtp.one_byte(number, value) for number, value in values.items()))
    packet_read = rtp.parse(written(packet(payload=payload), block))
    found = {
        number: rtp.element(packet_read.profile, packet_read.extension, number)
        for number in range(1, 15)
    }
    assert found == {number: values.get(number) for number in range(1, 15)}
    assert packet_read.payload == payload


blocks = st.one_of(
    st.tuples(elements, st.binary(max_size=20)).map(
        lambda drawn: (
            ONE_BYTE,
            rtp.block(b"".join(rtp.one_byte(n, v) for n, v in drawn[0].items())) + drawn[1],
        )
    ),
    st.tuples(st.sampled_from([ONE_BYTE, TWO_BYTES, 7]), st.binary(max_size=300)),
)


@st.composite
def streams(draw: st.DrawFn) -> list[tuple[int, bytes]]:
    """Blocks of one stream: most begin like one before, some end too soon."""
    found = [draw(blocks)]
    for _ in range(draw(st.integers(1, 8))):
        profile, block = draw(st.sampled_from(found))
        kept = draw(st.integers(0, len(block)))
        found.append(draw(st.one_of(blocks, st.just((profile, block[:kept])))))
        found.append((profile, block[:kept] + draw(st.binary(max_size=20))))
    return found


@settings(max_examples=1000, deadline=None)
@given(streams(), st.one_of(st.none(), st.integers(0, 15)))
def test_whatever_a_stream_had_before_an_element_is_where_it_is(stream, wanted):
    finder = rtp.Finder(wanted)
    for profile, block in stream:
        assert finder.find(profile, block) == rtp.element(profile, block, wanted)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from([ONE_BYTE, TWO_BYTES, 0x1005, 0, 7]), st.binary(max_size=40))
def test_an_element_of_any_block_is_a_piece_of_it_or_none(profile, block):
    for at in range(len(block)):
        for wanted in (0, 1, 2, 14, 15, block[at], block[at] >> 4):
            found = rtp.element(profile, block[at:], wanted)
            assert found is None or (found in block and len(found) < len(block) - at)


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


def test_without_an_id_there_is_no_element():
    assert rtp.element(ONE_BYTE, b"\x03abcd", 0) is None
    assert rtp.element(ONE_BYTE, b"\x10a", None) is None


def test_what_does_not_fit_an_element_is_left_out():
    values = [rtp.one_byte(*each) for each in [(0, b"a"), (None, b"a"), (15, b"a"), (1, b"")]]
    assert [*values, rtp.one_byte(1, bytes(17))] == [b""] * 5


@pytest.mark.parametrize(
    ("codec", "payload", "begins"),
    [
        ("VP8", "", False),
        ("VP8", "10", False),
        ("VP8", "10 00", True),
        ("VP8", "10 01", False),
        ("VP8", "00 00", False),  # goes on with a partition
        ("VP8", "11 00", False),  # begins another partition
        ("VP8", "90", False),
        ("VP8", "90 80", False),
        ("VP8", "90 80 05 00", True),
        ("VP8", "90 80 85 05 00", True),
        ("VP8", "90 80 85 05 01", False),
        ("VP8", "90 f0 85 05 07 09 00", True),
        ("VP8", "90 f0 85 05 07 09", False),
        ("H264", "", False),
        ("H264", "65", True),
        ("H264", "67", True),
        ("H264", "41", False),
        ("H264", "78 00 04 67 42", True),
        ("H264", "78 00 04 41 42", False),
        ("H264", "78 00", False),
        ("H264", "7c 85", True),
        ("H264", "7c 05", False),
        ("H264", "7c 81", False),
        ("H264", "7c", False),
    ],
)
def test_where_a_whole_picture_begins(codec, payload, begins):
    assert rtp.starts_keyframe(codec, bytes.fromhex(payload)) is begins


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(["VP8", "H264"]), st.binary(max_size=8))
def test_any_payload_begins_a_picture_or_does_not(codec, payload):
    assert rtp.starts_keyframe(codec, payload) in (True, False)


@settings(max_examples=300, deadline=None)
@given(sixteen, st.integers(1, 0x7FFF))
def test_a_number_is_newer_than_those_before_it_around_the_end_too(number, ahead):
    later = number + ahead & 0xFFFF
    assert (rtp.newer(later, number), rtp.newer(number, later)) == (True, False)
    assert not rtp.newer(number, number)
