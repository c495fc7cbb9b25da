"""A stream that comes in: nothing is forwarded twice, what is missing is asked for, with an end."""

import random
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.media.packets.inlet import (
    ASK_EVERY,
    GIVE_UP,
    LARGEST_GAP,
    MOST_MISSING,
    SOURCE_HOLDS,
    Format,
    Inlet,
)
from tests.core.media.ends import RTX, VP8, packet

FORMATS = {VP8: Format("VP8", 90_000), RTX: Format("rtx", 90_000, VP8)}


@pytest.fixture
def inlet() -> Inlet:
    return Inlet(FORMATS, repairs_lost=True)


def again(number: int, payload: bytes = b"again"):
    """A retransmission (RFC 4588) as a browser sends it."""
    osn = struct.pack("!H", number & 0xFFFF)
    return packet(5000, osn + payload, payload_type=RTX, ssrc=8)


def taken(inlet: Inlet, *numbers: int, now: float = 0.0) -> list[int]:
    """The numbers of those that are forwarded."""
    found = (inlet.take(packet(number), now) for number in numbers)
    return [each.sequence_number for each in found if each]


def test_what_comes_in_order_is_forwarded(inlet):
    assert taken(inlet, 1, 2, 3) == [1, 2, 3]
    assert inlet.to_ask_for(0.0) == []


def test_what_comes_twice_is_forwarded_once(inlet):
    assert taken(inlet, 1, 2, 2, 1, 3) == [1, 2, 3]
    assert inlet.useless == 2


@pytest.mark.parametrize("repairs_lost", [True, False])
def test_what_was_overtaken_is_forwarded_when_it_comes(repairs_lost):
    inlet = Inlet(FORMATS, repairs_lost)
    assert taken(inlet, 1, 4, 2, 3, 3, 5) == [1, 4, 2, 3, 5]


def test_numbers_go_on_around_their_end(inlet):
    assert taken(inlet, 0xFFFE, 0xFFFF, 0x10001, 0x10000, 0x10002) == [0xFFFE, 0xFFFF, 1, 0, 2]


def test_what_is_missing_is_asked_for_again_and_again_until_it_comes(inlet):
    taken(inlet, 1, 4)
    asked = [inlet.to_ask_for(now) for now in (0.0, ASK_EVERY / 2, ASK_EVERY, ASK_EVERY * 2.1)]
    assert asked == [[2, 3], [], [2, 3], [2, 3]]
    taken(inlet, 2)
    assert inlet.to_ask_for(0.5) == [3]


def test_what_does_not_come_is_given_up_and_only_a_whole_picture_helps(inlet):
    taken(inlet, 1, 3)
    assert (inlet.to_ask_for(GIVE_UP), inlet.gave_up) == ([2], False)
    assert (inlet.to_ask_for(GIVE_UP + 0.01), inlet.gave_up) == ([], True)
    assert taken(inlet, 2, 4) == [4]  # too late for any decoder


def test_sound_is_never_asked_for():
    inlet = Inlet(FORMATS, repairs_lost=False)
    taken(inlet, 1, 3)
    assert inlet.to_ask_for(0.1) == []
    inlet.to_ask_for(GIVE_UP + 0.1)
    assert len(inlet._missing) == 0


def test_a_retransmission_is_forwarded_as_what_was_missing(inlet):
    taken(inlet, 1, 3)
    found = inlet.take(again(2), 0.1)
    expected = packet(2, b"again", timestamp=5000 * 600, source=1)
    assert (found, inlet.to_ask_for(0.2), inlet.repaired) == (expected, [], 1)


def test_a_retransmission_of_what_is_not_missing_is_not_forwarded(inlet):
    assert inlet.take(again(2), 0.0) is None  # before anything else
    taken(inlet, 1, 3)
    assert [bool(inlet.take(again(number), 0.1)) for number in (1, 2, 2, 3, 9)] == [
        *[False, True],
        *[False] * 3,
    ]


@pytest.mark.parametrize("payload", [b"", b"\0"])
def test_a_probe_of_padding_is_no_packet_number_nought(inlet, payload):
    taken(inlet, 0xFFFF, 1)  # 0 is missing
    assert inlet.take(packet(5000, payload, payload_type=RTX, ssrc=8), 0.0) is None
    assert inlet.to_ask_for(0.0) == [0]


def test_padding_in_the_stream_itself_keeps_its_number(inlet):
    taken(inlet, 1)
    assert inlet.take(packet(2, b""), 0.0) == packet(2, b"", source=1)
    assert taken(inlet, 3) == [3]
    assert inlet.to_ask_for(0.0) == []


def test_an_unknown_payload_type_is_refused(inlet):
    assert inlet.take(packet(1, payload_type=111), 0.0) is None
    assert (inlet.useless, inlet.ssrc) == (1, None)


def test_a_new_ssrc_is_a_new_source(inlet):
    assert inlet.take(packet(1), 0.0) == packet(1, source=1)
    assert inlet.take(packet(9000, ssrc=9), 1.0) == packet(9000, ssrc=9, source=2)
    assert (inlet.ssrc, inlet.to_ask_for(1.0)) == (9, [])


def test_stragglers_of_the_last_source_do_not_bring_it_back(inlet):
    inlet.take(packet(1), 0.0)
    inlet.take(packet(9000, ssrc=9), 1.0)
    assert inlet.take(packet(2), 1.01) is None
    assert inlet.take(packet(9001, ssrc=9), 1.02) == packet(9001, ssrc=9, source=2)


def test_who_changes_streams_all_the_time_begins_only_a_few_sources_a_second(inlet):
    taken = [inlet.take(packet(n, ssrc=n), n / 1000) for n in range(1, 1001)]
    sources = {each.source for each in taken if each}
    assert sources == set(range(1, 1 + round(1 / SOURCE_HOLDS) + 1))


def test_after_a_gap_too_large_to_fill_the_stream_has_begun_anew(inlet):
    taken(inlet, 1)
    assert inlet.take(packet(1 + LARGEST_GAP), 1.0).source == 1
    assert len(inlet.to_ask_for(1.0)) == LARGEST_GAP - 1
    far = 2 + 2 * LARGEST_GAP
    assert inlet.take(packet(far), 1.1).source == 2
    assert inlet.to_ask_for(1.1) == []


def test_what_is_missing_never_grows_beyond_a_bound(inlet):
    number = largest = 0
    for _ in range(50):
        taken(inlet, number := number + 200)
        largest = max(largest, len(inlet._missing))
    assert (largest <= MOST_MISSING, inlet.gave_up) == (True, True)


steps = st.lists(
    st.tuples(
        st.sampled_from(["next", "lose", "late", "twice", "again", "far"]), st.integers(0, 9)
    ),
    max_size=60,
)


@settings(max_examples=600, deadline=None)
@given(st.integers(0, 0xFFFF), steps)
def test_whatever_is_lost_late_or_double_no_number_of_a_source_is_forwarded_twice(first, walk):
    inlet, number, lost, forwarded = Inlet(FORMATS, True), first, [], []
    for at, (what, which) in enumerate(walk):
        now, sent = at / 50, []
        if what in ("next", "twice"):
            sent = [packet(number := number + 1)] + [packet(number)] * (what == "twice")
        elif what == "lose":
            lost += range(number + 1, number + 1 + which)
            number += which
        elif what == "far":
            number += LARGEST_GAP + 40 * which
        elif lost:
            missing = lost[which % len(lost)]
            sent = [packet(missing) if what == "late" else again(missing)]
        taken = [inlet.take(each, now) for each in sent]
        forwarded += [(each.source, each.sequence_number) for each in taken if each]
        if which == 0:
            inlet.to_ask_for(now)
    assert len(forwarded) == len(set(forwarded))
    assert len(inlet._missing) <= MOST_MISSING


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 0xFFFF))
def test_everything_of_a_shuffled_stream_arrives_once(chance: random.Random, first):
    numbers = [first + n for n in range(1, 60)]
    for at in range(0, 59, 7):
        piece = numbers[at : at + 7]
        chance.shuffle(piece)
        numbers[at : at + 7] = piece
    found = taken(Inlet(FORMATS, True), first, *numbers)
    assert found == [first, *(number & 0xFFFF for number in numbers)]
