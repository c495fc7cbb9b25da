"""A stream that goes out: one row of numbers, whatever its source; no number is used twice."""

import random
import struct
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.media.packets import placeholders, rtp
from core.media.packets.extensions import ONE_BYTE, element, one_byte
from core.media.packets.inlet import Format, Inlet
from core.media.packets.outlet import (
    AGAIN_AFTER,
    HELD,
    HISTORY,
    KEPT,
    MOST_AGAIN,
    PICTURE_AGE,
    Outlet,
)
from core.media.packets.parts import Part
from core.media.rooms.room import Room
from tests.core.media.ends import DELTA, KEY, OPUS, RTX, VP8, leg, packet

ROOM = Room()
ONE, TWO = (ROOM.new_line(seat) for seat in ("staff:1", "guest:1"))


@pytest.fixture
def outlet() -> Outlet:
    return Outlet(leg(), True)


@pytest.fixture
def sound() -> Outlet:
    return Outlet(leg(kind=Part.SOUND), False)


def give(outlet, *packets, speaker=ONE, now=10.0, codec="VP8", level=None):
    """What comes out when these packets come in."""
    return [
        rtp.parse(data)
        for each in packets
        for data in outlet.give(speaker, codec, each, level, now)
    ]


def numbers(packets):
    return [each.sequence_number for each in packets]


def stream(first, count, **differs):
    """A whole picture, and pictures that need it."""
    return [packet(first + n, DELTA if n else KEY, **differs) for n in range(count)]


def test_a_gap_stays_a_gap_and_what_fills_it_gets_its_number(outlet):
    key, lost, *rest = stream(500, 4)
    assert numbers(give(outlet, key, *rest, lost)) == [1, 3, 4, 2]


def test_numbers_and_times_keep_their_distances_around_their_ends(outlet):
    packets = stream(0xFFFE, 4)
    for at, each in enumerate(packets):
        each.timestamp = 0xFFFFFFFF - 600 + 600 * at & 0xFFFFFFFF
    out = give(outlet, *packets)
    assert numbers(out) == [1, 2, 3, 4]
    steps = [later.timestamp - each.timestamp & 0xFFFFFFFF for each, later in pairwise(out)]
    assert steps == [600] * 3


def test_marker_and_payload_are_untouched(outlet):
    [out] = give(outlet, packet(1, KEY + b"picture", marker=True))
    assert (out.marker, out.payload, out.ssrc) == (True, KEY + b"picture", 10)


def test_a_stream_begins_low_so_that_a_loss_at_its_wrap_can_be_decrypted(outlet):
    assert numbers(give(outlet, packet(0xFFF0))) == [1]


def test_payload_type_extension_ids_and_mid_are_those_of_this_leg():
    theirs = leg(payload_types={"VP8": 120}, mid=b"video1", mid_id=9, send_time_id=4)
    extension = one_byte(1, b"a") + one_byte(3, b"abc") + one_byte(5, b"?")
    sent = packet(1, profile=ONE_BYTE, extension=extension)
    [out] = give(Outlet(theirs, True), sent, now=1.5)
    assert out.payload_type == 120
    time = (int(1.5 * 2**18) & 0xFFFFFF).to_bytes(3, "big")
    assert out.extension == one_byte(9, b"video1") + one_byte(4, time) + bytes(1)


def test_a_leg_without_header_extensions_gets_none():
    plain = leg(mid_id=None, send_time_id=None)
    [out] = give(Outlet(plain, True), packet(1))
    assert (out.profile, out.extension) == (0, b"")


def test_how_loud_it_is_goes_along_with_sound_and_is_one_byte_whatever_was_said(sound):
    sent = [packet(n, b"opus", payload_type=111) for n in (1, 2)]
    out = give(sound, *sent, codec="opus", level=b"\x1e and much more")
    assert {element(each.profile, each.extension, 2) for each in out} == {b"\x1e"}
    assert {each.payload_type for each in out} == {OPUS}


def test_a_codec_this_browser_cannot_play_is_left_out(outlet):
    assert give(outlet, packet(1), codec="VP9") == []


def test_after_a_switch_numbers_go_on_and_time_goes_on_with_the_clock(outlet):
    before = give(outlet, *stream(500, 3))
    after = give(outlet, *stream(40_000, 2, source=1), speaker=TWO, now=12.0)
    assert numbers(before + after) == [1, 2, 3, 4, 5]
    assert after[0].timestamp - before[-1].timestamp & 0xFFFFFFFF == 2 * 90_000


def test_a_new_source_of_the_same_speaker_gets_new_numbers(outlet):
    before = give(outlet, *stream(500, 3, source=1))
    after = give(outlet, *stream(499, 3, source=2))
    assert numbers(before + after) == [1, 2, 3, 4, 5, 6]


def test_a_speaker_who_comes_back_by_another_connection_goes_on_with_the_next_numbers(outlet):
    before = give(outlet, *stream(500, 3, source=1, ssrc=5))
    after = give(outlet, *stream(17_000, 3, source=1, ssrc=6), now=25.0)
    assert numbers(before + after) == [1, 2, 3, 4, 5, 6]


def test_a_straggler_from_before_the_switch_never_takes_a_number_that_was_used(outlet):
    give(outlet, *stream(500, 3))
    assert numbers(give(outlet, packet(800), speaker=TWO)) == [4]
    assert give(outlet, *stream(797, 3), speaker=TWO) == []
    assert numbers(give(outlet, packet(801), speaker=TWO)) == [5]


def test_a_straggler_fills_no_gap_of_the_source_before(outlet):
    give(outlet, packet(500), packet(502, DELTA))
    assert numbers(give(outlet, packet(800), speaker=TWO)) == [4]
    assert give(outlet, packet(798, DELTA), speaker=TWO) == []


def test_what_comes_much_too_late_or_twice_is_not_sent(outlet):
    key, lost, *_ = stream(500, 2)
    give(outlet, key, packet(500 + HISTORY, DELTA))
    assert numbers(give(outlet, lost, lost)) == [2]
    assert give(outlet, packet(500 + HISTORY, DELTA)) == []
    give(outlet, packet(502 + HISTORY, DELTA))
    assert give(outlet, packet(502, DELTA)) == []


def test_a_new_source_is_seen_from_its_first_whole_picture_on(outlet):
    assert give(outlet, *[packet(n, DELTA) for n in (1, 2)]) == []
    assert outlet.waits_for_keyframe
    assert numbers(give(outlet, *stream(3, 2))) == [1, 2]
    assert not outlet.waits_for_keyframe


def test_what_overtook_the_first_packet_of_a_whole_picture_is_sent_behind_it(outlet):
    rest = b"\x00rest of it"
    assert give(outlet, packet(1, DELTA), packet(5, rest), packet(7, DELTA), packet(4, rest)) == []
    out = give(outlet, packet(3))
    assert [(each.sequence_number, each.payload) for each in out] == [
        (1, KEY),
        (3, rest),
        (5, DELTA),
        (2, rest),
    ]
    assert numbers(give(outlet, packet(6, rest))) == [4]


def test_sound_waits_for_nothing(sound):
    [out] = give(sound, packet(9, b"opus"), codec="opus")
    assert (out.payload, sound.waits_for_keyframe) == (b"opus", False)


def test_one_seat_at_a_time_is_carried_as_long_as_it_speaks(outlet):
    assert (outlet.is_free(10.0), outlet.carries(ONE.seat)) == (True, False)
    give(outlet, packet(1))
    assert [outlet.carries(line.seat) for line in (ONE, TWO)] == [True, False]
    assert [outlet.is_free(10.0 + HELD), outlet.is_free(10.1 + HELD)] == [False, True]


def test_a_lost_packet_is_sent_again_only_as_a_retransmission_with_its_own_numbers(outlet):
    give(outlet, *stream(500, 3))
    again = [rtp.parse(outlet.again(number, 11.0)) for number in (2, 3)]
    assert [(each.ssrc, each.payload_type, each.sequence_number) for each in again] == [
        (11, RTX, 1),
        (11, RTX, 2),
    ]
    assert [each.payload for each in again] == [struct.pack("!H", n) + DELTA for n in (2, 3)]
    assert element(again[0].profile, again[0].extension, 1) == b"0"  # the mid


@pytest.mark.parametrize("number", [0, 4, 2 + HISTORY, 70_000])
def test_what_was_never_sent_is_not_sent_again(outlet, number):
    give(outlet, *stream(500, 3))
    assert outlet.again(number, 11.0) is None


def test_numbers_asked_for_beyond_their_end_mean_those_after_it(outlet):
    give(outlet, *stream(500, 3))
    assert outlet.again(0x10002, 11.0) is not None


def test_the_same_packet_is_not_sent_again_at_once(outlet):
    give(outlet, *stream(500, 2))
    asked = [outlet.again(2, 10.0 + after) for after in (0.01, 0.03, 0.04)]
    assert [data is not None for data in asked] == [False, True, False]


def test_who_asks_for_everything_again_and_again_does_not_get_it(outlet):
    give(outlet, *stream(500, 400))
    sent = [
        outlet.again(number, 11.0 + 2 * turn * AGAIN_AFTER)
        for turn in range(5)
        for number in range(1, 401)
    ]
    assert len([data for data in sent if data]) == MOST_AGAIN


def test_what_is_kept_to_be_sent_again_has_an_end(outlet):
    give(outlet, *stream(500, 2 * HISTORY))
    assert len(outlet._sent) == HISTORY
    assert [outlet.again(n, 11.0) is None for n in (HISTORY, HISTORY + 1)] == [True, False]


def test_what_was_sent_is_kept_for_seconds_even_if_nothing_follows(outlet):
    outlet.age(9.0)
    give(outlet, *stream(500, 3))
    outlet.age(9.0 + KEPT)
    assert outlet.again(2, 11.5) is not None
    outlet.age(9.0 + 2 * KEPT - 0.1)
    assert outlet.again(1, 12.9) is not None
    outlet.age(9.0 + 2 * KEPT)  # what was asked for is kept no longer for that
    assert [outlet.again(number, 13.5) for number in range(5)] == [None] * 5
    assert (outlet._sent, outlet._before) == ({}, {})


def test_who_agreed_to_no_retransmissions_gets_none_and_nothing_is_kept():
    outlet = Outlet(leg(rtx_payload_types={}), True)
    give(outlet, *stream(500, 3))
    assert (outlet.again(2, 11.0), len(outlet._sent)) == (None, 0)


def test_nothing_that_was_sent_before_it_was_forgotten_is_sent_again(outlet):
    give(outlet, *stream(500, 3))
    give(outlet, packet(600, DELTA), speaker=TWO)
    outlet.forget()
    assert [outlet.again(number, 11.0) for number in range(5)] == [None] * 5
    assert numbers(give(outlet, packet(599), speaker=TWO)) == [4]  # not what waited before


def test_it_counts_what_it_sends(outlet):
    give(outlet, *stream(500, 3))
    outlet.again(2, 11.0)
    assert (outlet.packets, outlet.bytes, outlet.again_packets) == (3, 12, 1)


def pictures(packets):
    return [rtp.parse(data).payload for data in packets]


def test_nobody_seen_is_a_grey_picture_once(outlet):
    assert [pictures(outlet.grey(now)) for now in (1.0, 2.0)] == [placeholders.grey("VP8"), []]


def test_a_picture_turns_grey_when_nothing_more_comes_and_comes_back_only_whole(outlet):
    give(outlet, *stream(500, 2))
    after = 10.0 + PICTURE_AGE
    assert (outlet.grey(after), pictures(outlet.grey(after + 0.1))) == (
        [],
        placeholders.grey("VP8"),
    )
    assert give(outlet, packet(502, DELTA), now=12.0) == []
    assert numbers(give(outlet, packet(503), now=12.1)) == [2 + len(placeholders.grey("VP8")) + 1]


def test_who_is_waited_for_too_long_leaves_no_old_picture_standing(outlet):
    give(outlet, *stream(500, 2))
    give(outlet, packet(1, DELTA), speaker=TWO, now=10.5)
    assert outlet.grey(10.6) == []
    give(outlet, packet(2, DELTA), speaker=TWO, now=11.1)
    assert pictures(outlet.grey(11.1)) == placeholders.grey("VP8")


def test_the_grey_picture_is_in_the_codec_this_browser_likes_best():
    outlet = Outlet(leg(payload_types={"H264": 99, "VP8": VP8}), True)
    assert pictures(outlet.grey(1.0)) == placeholders.grey("H264")


def test_the_tone_is_20_ms_apart_however_late_we_are_and_stops_when_somebody_speaks(sound):
    out = [rtp.parse(*sound.say(b"tone", now)) for now in (10.0, 10.023, 10.0407, 10.059)]
    assert numbers(out) == [1, 2, 3, 4]
    assert [each.timestamp - out[0].timestamp for each in out] == [0, 960, 1920, 2880]
    give(sound, packet(1, b"opus"), codec="opus")
    assert sound.say(b"tone", 11.0) == []


def test_who_has_agreed_to_another_sound_only_gets_no_tone_in_its_stead():
    outlet = Outlet(leg(kind=Part.SOUND, payload_types={"PCMA": 8}), False)
    assert outlet.say(b"tone", 10.0) == []


class Wire:
    """Keeps the rule of SRTP: no number twice with other bytes."""

    def __init__(self) -> None:
        self.sent: dict[tuple[int, int], bytes] = {}
        self.newest = 0

    def take(self, data: bytes) -> rtp.Packet:
        found = rtp.parse(data)
        if found.ssrc == 11:
            self.once(11, found.sequence_number, data)
            return found
        ahead = found.sequence_number - self.newest & 0xFFFF
        number = self.newest + (ahead if ahead < 0x8000 else ahead - 0x10000)
        self.newest = max(self.newest, number)
        self.once(found.ssrc, number, data)
        return found

    def once(self, ssrc: int, number: int, data: bytes) -> None:
        assert (ssrc, number) not in self.sent
        self.sent[ssrc, number] = data


class Speaker:
    """One browser that sends through an inlet, with loss, reordering, doubles and new streams."""

    def __init__(self, line, chance: random.Random) -> None:
        self.line, self.chance = line, chance
        self.inlet = Inlet({VP8: Format("VP8", 90_000), RTX: Format("rtx", 90_000, VP8)}, True)
        self.ssrc, self.number = chance.getrandbits(32), chance.getrandbits(16)
        self.lost: list[int] = []

    def sends(self) -> list[rtp.Packet]:
        what = self.chance.random()
        if what < 0.02:  # another camera
            self.ssrc, self.number = self.chance.getrandbits(32), self.chance.getrandbits(16)
        if what < 0.04:  # the network was gone for a while
            self.number += self.chance.choice([300, 3000, 20_000, 32_000])
        self.number += 1
        if what < 0.15:
            self.lost = [*self.lost[-20:], self.number]
            return []
        found = [self.made(self.number)]
        if what > 0.95:
            found.append(self.made(self.number))
        if what > 0.85 and self.lost:
            late = self.lost[int(what * 1000) % len(self.lost)]
            found.append(self.made(late) if what > 0.9 else self.again(late))
        self.chance.shuffle(found)
        return found

    def made(self, number: int) -> rtp.Packet:
        payload = KEY if number % 9 == 0 else DELTA
        return packet(number, payload + number.to_bytes(8, "big"), ssrc=self.ssrc)

    def again(self, number: int) -> rtp.Packet:
        payload = struct.pack("!H", number & 0xFFFF) + self.made(number).payload
        return packet(number, payload, payload_type=RTX, ssrc=8)


@settings(max_examples=600, deadline=None)
@given(st.integers(0, 1 << 64))
def test_whatever_happens_numbers_are_unique_and_an_unbroken_source_is_only_moved(seed):
    """300 moments in each of 600 stories: 10^5 packets."""
    chance = random.Random(seed)
    outlet, wire = Outlet(leg(), True), Wire()
    speakers = [Speaker(line, chance) for line in (ONE, TWO)]
    offsets: dict[tuple[object, int], int] = {}
    speaker, now = speakers[0], 10.0
    for _ in range(300):
        now += 0.01
        if chance.random() < 0.02:
            speaker = chance.choice(speakers)
        if chance.random() < 0.01:
            outlet.forget()
        if chance.random() < 0.01:
            now += 1.5
            for data in outlet.grey(now):
                wire.take(data)
        for sent in speaker.sends():
            taken = speaker.inlet.take(sent, now)
            if taken is None:
                continue
            before, begins = wire.newest, not outlet.relays or outlet.speaker is not speaker.line
            begins |= outlet._source != taken.source
            out = [wire.take(d) for d in outlet.give(speaker.line, "VP8", taken, None, now)]
            if out and begins:
                assert out[0].sequence_number == before + 1 & 0xFFFF
                offsets.clear()
            for each in out:
                original = int.from_bytes(each.payload[4:], "big")
                moved = each.sequence_number - original & 0xFFFF
                assert offsets.setdefault((speaker.line, taken.source), moved) == moved
        for _ in range(chance.randrange(3)):
            if data := outlet.again(wire.newest - chance.randrange(600), now):
                assert wire.take(data).ssrc == 11
    assert len(outlet._sent) <= HISTORY


def test_who_asks_for_everything_without_end_gets_no_more_than_has_come(outlet):
    """In the name of a forged address, a few questions would fetch megabits a second."""
    sent = give(outlet, *stream(500, HISTORY))
    again = [
        outlet.again(number, 11.0 + minute * 60) for minute in range(5) for number in range(HISTORY)
    ]
    assert len([each for each in again if each is not None]) == min(len(sent), MOST_AGAIN)


def test_the_grey_picture_comes_again_to_whoever_lacks_it_but_not_all_the_time(outlet):
    assert outlet.grey(10.0) != []
    came = []
    for beat in range(20):
        outlet.shows = True  # it was lost, the browser says
        came.append(bool(outlet.grey(10.0 + 0.05 * (beat + 1))))
    assert (came[:9], sum(came)) == ([False] * 9, 2)
