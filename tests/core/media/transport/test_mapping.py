"""From the numbers of one browser to those of another, whatever they are; nothing else changes."""

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from core.media.packets import rtp
from core.media.packets.extensions import element
from core.media.packets.outlet import Outlet
from core.media.rooms.line import Line
from core.media.rooms.room import Room
from core.media.transport import negotiated
from core.media.transport.offer import LEVEL, MID, SEND_TIME
from tests.core.media.ends import KEY, packet
from tests.core.media.transport.test_negotiated import agreed, codec

SPEAKER: Line = Room().new_line("guest:1")
CODECS = ("VP8", "H264")
WHOLE = {"VP8": KEY, "H264": b"\x65"}  # begins a picture that needs no other
TRIPLES = 7  # of packets with each agreement: 2 * 10^4 cases
SSRC, RTX_SSRC, SHORT = 10, 11, 0xFFFFFFFF


@st.composite
def agreements(draw):
    """Numbers for two codecs and their retransmissions, ids for three header extensions."""
    media, again, other, its_again = draw(
        st.lists(st.integers(35, 127), min_size=4, max_size=4, unique=True)
    )
    ids = draw(st.lists(st.integers(1, 14), min_size=3, max_size=3, unique=True))
    first, second = draw(st.permutations(CODECS))
    told = [
        codec(first, media),
        codec("rtx", again, media),
        codec(second, other),
        codec("rtx", its_again, other),
    ]
    names = dict(zip(("mid", "level", "time"), ids, strict=True))
    return agreed(*draw(st.permutations(told)), **names)


def number_of(agreement, name: str, repairs: int | None = None) -> int:
    """The payload type that one side has for a codec, or for what repairs it."""
    [found] = [
        each.payload_type
        for each in agreement.codecs
        if (each.name, each.repairs) == (name, repairs)
    ]
    return found


@settings(max_examples=1000, deadline=None)
@given(agreements(), agreements(), st.sampled_from(CODECS), st.integers(0, 0xFFFF), st.binary())
def test_any_numbers_of_one_browser_become_those_of_the_other(here, there, name, first, rest):
    """Every third packet is lost and comes as its repair, behind the next one."""
    ways = negotiated.ways(here)
    outlet = Outlet(negotiated.leg(there, SSRC, RTX_SSRC), True)
    media, payload, moved = number_of(here, name), WHOLE[name] + rest, set()
    again = number_of(here, "rtx", media)
    for number in range(first, first + 3 * TRIPLES, 3):
        for which, repairs in ((number, False), (number + 2, False), (number + 1, True)):
            sent = packet(which, payload, payload_type=media, timestamp=which)
            if repairs:
                sent.payload = struct.pack("!H", which & 0xFFFF) + payload
                sent.sequence_number, sent.payload_type, sent.ssrc = 9, again, 8
            found = arrives(ways, outlet, name, sent)
            assert (found.ssrc, found.payload) == (SSRC, payload)
            assert found.payload_type == number_of(there, name)
            assert extensions(found, there) == (b"v1", 3, b"\x1e")
            moved.add((found.sequence_number - which & 0xFFFF, found.timestamp - which & SHORT))
    assert len(moved) == 1


def extensions(found: rtp.Packet, agreement) -> tuple[object, ...]:
    """The name of the m-line, how long the time of sending is, how loud it is."""
    mid, time, level = (
        element(found.profile, found.extension, agreement.extensions[uri])
        for uri in (MID, SEND_TIME, LEVEL)
    )
    return mid, len(time or b""), level


def arrives(ways, outlet: Outlet, name: str, sent: rtp.Packet) -> rtp.Packet:
    """What goes out for a packet."""
    inlet = ways[sent.payload_type].inlet
    taken = inlet.take(sent, 1.0)
    assert inlet.formats[taken.payload_type].codec == name
    [data] = outlet.give(SPEAKER, name, taken, b"\x1e", 1.0)
    return rtp.parse(data)
