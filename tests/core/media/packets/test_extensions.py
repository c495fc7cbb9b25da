"""Header extensions as bytes: what was written is found again, and of anything else a piece."""

from aiortc.rtp import pack_header_extensions
from hypothesis import given, settings
from hypothesis import strategies as st

from core.media.packets import extensions, rtp
from core.media.packets.extensions import ONE_BYTE, TWO_BYTES, Finder, element, one_byte
from tests.core.media.ends import packet, written

elements = st.dictionaries(st.integers(1, 14), st.binary(min_size=1, max_size=16), max_size=5)


@settings(max_examples=700, deadline=None)
@given(elements, st.booleans(), st.integers(1, 14))
def test_an_element_is_found_in_both_kinds_of_blocks(values, long, wanted):
    pairs = [*values.items()]
    if long:
        pairs.append((20, b"only in two bytes"))
    profile, block = pack_header_extensions(pairs)
    assert element(profile, block, wanted) == values.get(wanted)


@settings(max_examples=700, deadline=None)
@given(elements, st.binary(max_size=30))
def test_elements_that_were_written_are_found_again(values, payload):
    block = extensions.block(b"".join(one_byte(number, value) for number, value in values.items()))
    packet_read = rtp.parse(written(packet(payload=payload), block))
    found = {
        number: element(packet_read.profile, packet_read.extension, number)
        for number in range(1, 15)
    }
    assert found == {number: values.get(number) for number in range(1, 15)}
    assert packet_read.payload == payload


blocks = st.one_of(
    st.tuples(elements, st.binary(max_size=20)).map(
        lambda drawn: (
            ONE_BYTE,
            extensions.block(b"".join(one_byte(n, v) for n, v in drawn[0].items())) + drawn[1],
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
    finder = Finder(wanted)
    for profile, block in stream:
        assert finder.find(profile, block) == element(profile, block, wanted)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from([ONE_BYTE, TWO_BYTES, 0x1005, 0, 7]), st.binary(max_size=40))
def test_an_element_of_any_block_is_a_piece_of_it_or_none(profile, block):
    for at in range(len(block)):
        for wanted in (0, 1, 2, 14, 15, block[at], block[at] >> 4):
            found = element(profile, block[at:], wanted)
            assert found is None or (found in block and len(found) < len(block) - at)


def test_without_an_id_there_is_no_element():
    assert element(ONE_BYTE, b"\x03abcd", 0) is None
    assert element(ONE_BYTE, b"\x10a", None) is None


def test_what_does_not_fit_an_element_is_left_out():
    values = [one_byte(*each) for each in [(0, b"a"), (None, b"a"), (15, b"a"), (1, b"")]]
    assert [*values, one_byte(1, bytes(17))] == [b""] * 5
