"""RTCP of one line: true reports, requests that get an answer, time that keeps lips in step."""

import struct

import pytest
from aiortc import rtp as rtcp
from hypothesis import given, settings
from hypothesis import strategies as st

from core.media.packets import rtp
from core.media.packets.feedback import (
    HIGHEST,
    KEYFRAME_EVERY,
    LIMIT_AGE,
    LITTLE,
    LOWEST,
    REPORT_EVERY,
)
from core.media.packets.inlet import GIVE_UP, Format, Inlet
from core.media.packets.parts import Part
from core.media.packets.reports import NTP
from core.media.rooms.line import Line
from core.media.rooms.room import Room
from tests.core.media.ends import DELTA, KEY, OPUS, RTX, VP8, End, packet

ADVISOR, GUEST = "staff:1", "guest:1"
VIDEO_SSRC, AUDIO_SSRC = 7, 70
NOW = 1000.0


class Person(End):
    """An end whose line has inlets, too: what it says by RTCP means something."""

    def __init__(self, line: Line) -> None:
        super().__init__(line)
        line.inlets = {
            Part.PICTURE: Inlet(
                {VP8: Format("VP8", 90_000), RTX: Format("rtx", 90_000, VP8)}, True
            ),
            Part.SOUND: Inlet({OPUS: Format("opus", 48_000)}, False),
        }
        self.feedback = line.feedback
        self.ssrc = {part: outlet.leg.ssrc for part, outlet in line.outlets}

    def picture(self, number: int, payload: bytes = KEY, now: float = NOW, **differs) -> None:
        sent = packet(number, payload, **{"ssrc": VIDEO_SSRC} | differs)
        taken = self.line.inlets[Part.PICTURE].take(sent, now)
        if taken:
            self.line.put(Part.PICTURE, "VP8", taken, None, now)

    def sound(self, number: int, now: float = NOW) -> None:
        sent = packet(number, b"opus", payload_type=OPUS, ssrc=AUDIO_SSRC, timestamp=number * 960)
        taken = self.line.inlets[Part.SOUND].take(sent, now)
        self.line.put(Part.SOUND, "opus", taken, None, now)

    def tells(self, packet, now: float = NOW) -> list[rtp.Packet]:
        """What this browser gets at once for what it tells."""
        return [rtp.parse(data) for data in self.feedback.told(packet, now)]

    def clock(self, ssrc: int, seconds: float, timestamp: int, now: float) -> None:
        info = rtcp.RtcpSenderInfo(int(seconds * NTP), timestamp, 0, 0)
        self.tells(rtcp.RtcpSrPacket(ssrc, info), now)

    def is_told(self, now: float, kind: type, fmt: int | None = None) -> list:
        """What of this kind is to be told to the browser now."""
        due = list(self.feedback.due(now))
        return [each for each in due if isinstance(each, kind) and (fmt is None or each.fmt == fmt)]

    def is_asked_for_keyframe(self, now: float) -> bool:
        return bool(self.is_told(now, rtcp.RtcpPsfbPacket, rtcp.RTCP_PSFB_PLI))

    def is_asked_for_bits(self, now: float) -> list[int]:
        remb = self.is_told(now, rtcp.RtcpPsfbPacket, rtcp.RTCP_PSFB_APP)
        return [rtcp.unpack_remb_fci(each.fci)[0] for each in remb]


@pytest.fixture
def pair(seconds_pass):
    """Two people in the same room; each has been seen by the other."""
    room = Room()
    people = [Person(room.new_line(seat)) for seat in (ADVISOR, GUEST)]
    for each in people:
        each.sound(1)
    room.let_in(lambda: frozenset({ADVISOR, GUEST}))
    for each in people:
        each.picture(1)
        each.sound(2)
    for each in people:
        each.feedback.want_keyframe()
        list(each.feedback.due(NOW))  # what was due for having begun
    return people


def test_what_a_browser_misses_is_sent_to_it_again_at_once(pair):
    one, two = pair
    for number in (2, 3):
        one.picture(number, DELTA)
    nack = rtcp.RtcpRtpfbPacket(rtcp.RTCP_RTPFB_NACK, 5, two.ssrc[Part.PICTURE], [2, 3, 9])
    answers = two.tells(nack, NOW + 0.1)
    assert [each.payload for each in answers] == [struct.pack("!H", n) + DELTA for n in (2, 3)]
    assert {each.ssrc for each in answers} == {two.ssrc[Part.PICTURE] + 1}


def test_what_somebody_else_misses_is_not_sent_again(pair):
    one, two = pair
    one.picture(2, DELTA)
    nack = rtcp.RtcpRtpfbPacket(rtcp.RTCP_RTPFB_NACK, 5, one.ssrc[Part.PICTURE] + 5, [1, 2])
    assert two.tells(nack, NOW + 0.1) == []


def test_what_is_missing_from_a_browser_is_asked_for_until_it_comes(pair):
    one, _ = pair
    one.picture(4, DELTA)
    told = [one.is_told(NOW + n / 10, rtcp.RtcpRtpfbPacket) for n in range(3)]
    nack = rtcp.RtcpRtpfbPacket(rtcp.RTCP_RTPFB_NACK, one.ssrc[Part.PICTURE], VIDEO_SSRC, [2, 3])
    assert told == [[nack]] * 3
    one.picture(2, DELTA)
    one.picture(3, DELTA)
    assert one.is_told(NOW + 0.4, rtcp.RtcpRtpfbPacket) == []


def test_once_a_packet_is_given_up_a_whole_picture_is_asked_for_in_the_same_beat(pair):
    one, _ = pair
    one.picture(3, DELTA)
    assert not one.is_asked_for_keyframe(NOW + GIVE_UP)
    told = list(one.feedback.due(NOW + GIVE_UP + 0.01))
    assert rtcp.RtcpPsfbPacket(rtcp.RTCP_PSFB_PLI, one.ssrc[Part.PICTURE], VIDEO_SSRC) in told


@pytest.mark.parametrize("fmt", [rtcp.RTCP_PSFB_PLI, rtcp.RTCP_PSFB_FIR])
def test_who_needs_a_whole_picture_gets_it_asked_of_whom_they_see(pair, fmt):
    one, two = pair
    two.tells(rtcp.RtcpPsfbPacket(fmt, 5, two.ssrc[Part.PICTURE]), NOW + 1)
    assert [each.is_asked_for_keyframe(NOW + 1) for each in (one, two)] == [True, False]


def test_a_whole_picture_is_asked_for_at_once_but_not_again_and_again(pair):
    one, _ = pair
    asked = []
    for after in (1, 1 + KEYFRAME_EVERY / 2, 1.01 + KEYFRAME_EVERY):
        one.feedback.want_keyframe()
        asked.append(one.is_asked_for_keyframe(NOW + after))
    assert asked == [True, False, True]
    assert not one.is_asked_for_keyframe(NOW + 5)


def test_who_is_seen_anew_is_asked_for_a_whole_picture(pair, seconds_pass):
    one, two = pair
    seconds_pass(5)
    two.line.forget()
    one.picture(2, DELTA, now=NOW + 5)
    assert one.is_asked_for_keyframe(NOW + 5)


def test_who_has_lost_the_grey_picture_gets_it_again(pair, seconds_pass):
    _, two = pair
    two.line.forget()
    seconds_pass(5)
    two.sees(), two.gets()
    two.tells(rtcp.RtcpPsfbPacket(rtcp.RTCP_PSFB_PLI, 5, two.ssrc[Part.PICTURE]), NOW + 5)
    assert two.sees() == "grey"
    two.line.beat(NOW + 5)
    assert two.gets() == 0


def test_a_report_tells_truly_what_came_and_how_long_ago_the_senders_was(pair):
    one, _ = pair
    one.clock(VIDEO_SSRC, 5000.5, 12345, NOW + 0.75)
    for number in (2, 3, 5):
        one.picture(number, DELTA)
    reports = one.is_told(NOW + 1, (rtcp.RtcpSrPacket, rtcp.RtcpRrPacket))
    video = next(r for each in reports for r in each.reports if r.ssrc == VIDEO_SSRC)
    assert (video.fraction_lost, video.packets_lost, video.highest_sequence) == (64, 1, 5)
    assert (video.lsr, video.dlsr) == (int(5000.5 * 65536) & 0xFFFFFFFF, 65536 // 4)


def test_before_the_senders_report_there_is_none_to_refer_to(pair):
    one, _ = pair
    reports = one.is_told(NOW + 1, (rtcp.RtcpSrPacket, rtcp.RtcpRrPacket))
    assert [(r.lsr, r.dlsr) for each in reports for r in each.reports] == [(0, 0)] * 2


def test_a_report_of_the_stream_before_is_not_referred_to(pair):
    one, _ = pair
    one.clock(VIDEO_SSRC, 5000.0, 1, NOW)
    one.picture(800, ssrc=99, now=NOW + 1)
    reports = one.is_told(NOW + 2, (rtcp.RtcpSrPacket, rtcp.RtcpRrPacket))
    video = next(r for each in reports for r in each.reports if r.ssrc == 99)
    assert (video.lsr, video.dlsr) == (0, 0)


def test_reports_are_told_once_a_second(pair):
    one, _ = pair
    kinds = (rtcp.RtcpSrPacket, rtcp.RtcpRrPacket)
    times = [NOW + REPORT_EVERY * n / 4 for n in range(1, 9)]
    assert [len(one.is_told(now, kinds)) for now in times] == [0, 0, 0, 2] * 2


def when(person: Person, part: Part, now: float) -> tuple[float, int]:
    """What time it is at which timestamp, as this browser is told."""
    reports = [
        each for each in person.is_told(now, rtcp.RtcpSrPacket) if each.ssrc == person.ssrc[part]
    ]
    [info] = [each.sender_info for each in reports]
    return info.ntp_timestamp / NTP, info.rtp_timestamp


def test_sound_and_picture_of_the_same_moment_stay_together(pair):
    """The picture's report comes late and the browser's clock is years off: lips in step."""
    one, two = pair
    # In this browser, picture 5000 and sound 70 000 were taken at 99.0 seconds.
    one.clock(AUDIO_SSRC, 99.0, 70_000, NOW + 0.010)
    one.clock(VIDEO_SSRC, 99.5, 5000 + 45_000, NOW + 0.560)
    video_outlet, audio_outlet = (two.line.places[0][part] for part in Part)
    due = {each.ssrc: each for each in two.is_told(NOW + 2, rtcp.RtcpSrPacket)}
    at = []
    for part, outlet, stamp in (
        (Part.PICTURE, video_outlet, 5000),
        (Part.SOUND, audio_outlet, 70_000),
    ):
        info = due[two.ssrc[part]].sender_info
        behind = (info.rtp_timestamp - outlet.mapped(stamp)) / outlet.leg.clock_rate
        at.append(info.ntp_timestamp / NTP - behind)
    assert at[0] == pytest.approx(at[1], abs=0.0001)


def test_time_goes_on_in_our_clock_whoever_speaks(pair, seconds_pass):
    one, two = pair
    third = Person(one.line.room.new_line("guest:2"))
    one.clock(VIDEO_SSRC, 3_900_000_000.0, 1, NOW)
    first, _ = when(two, Part.PICTURE, NOW + 1)
    seconds_pass(3)
    third.picture(1, now=NOW + 3)
    one.line.room.let_in(lambda: frozenset({ADVISOR, GUEST, "guest:2"}))
    third.clock(VIDEO_SSRC, 5.0, 1, NOW + 3)
    third.picture(2, now=NOW + 3)
    second, _ = when(two, Part.PICTURE, NOW + 4)
    assert (first, second) == (pytest.approx(NOW + 1), pytest.approx(NOW + 4))


def test_nothing_is_said_of_a_clock_while_nobody_is_seen(pair):
    one, two = pair
    one.clock(VIDEO_SSRC, 99.0, 1, NOW)
    two.line.forget()
    one.picture(2, DELTA)  # waits for a whole picture
    reports = two.is_told(NOW + 1, rtcp.RtcpSrPacket)
    assert [each for each in reports if each.ssrc == two.ssrc[Part.PICTURE]] == []


def test_the_clock_of_the_stream_before_is_not_that_of_the_new_one(pair):
    one, two = pair
    one.clock(VIDEO_SSRC, 99.0, 1, NOW)
    one.picture(800, ssrc=99, now=NOW + 1)
    reports = two.is_told(NOW + 2, rtcp.RtcpSrPacket)
    assert [each for each in reports if each.ssrc == two.ssrc[Part.PICTURE]] == []


def test_what_has_grown_beyond_its_field_can_still_be_told(pair):
    one, _ = pair
    counted = one.line.inlets[Part.PICTURE].statistics
    counted.cycles, counted._deviation = 1 << 32, 1 << 40
    reports = one.is_told(NOW + 1, (rtcp.RtcpSrPacket, rtcp.RtcpRrPacket))
    [read] = rtcp.RtcpPacket.parse(bytes(reports[0]))
    assert (read.reports[0].highest_sequence, read.reports[0].jitter) == (1, 0xFFFFFFFF)


def test_a_report_counts_what_was_sent_on_this_leg(pair):
    one, two = pair
    one.clock(VIDEO_SSRC, 99.0, 1, NOW)
    for number in (2, 3):
        one.picture(number, DELTA)
    outlet = two.line.places[0][Part.PICTURE]
    reports = {each.ssrc: each for each in two.is_told(NOW + 1, rtcp.RtcpSrPacket)}
    info = reports[two.ssrc[Part.PICTURE]].sender_info
    assert (info.packet_count, info.octet_count) == (outlet.packets, outlet.bytes)


def remb(bits: int) -> rtcp.RtcpPsfbPacket:
    return rtcp.RtcpPsfbPacket(rtcp.RTCP_PSFB_APP, 5, 0, rtcp.pack_remb_fci(bits, [10]))


def test_a_camera_may_send_what_its_hearer_can_take_but_always_enough_for_a_picture(pair):
    one, two = pair
    asked = []
    for bits in (10_000_000, 600_000, 30_000):
        two.tells(remb(bits), NOW)
        asked += one.is_asked_for_bits(NOW + 1 + len(asked))
    assert asked == pytest.approx([HIGHEST, 600_000, LOWEST], rel=0.001)


def test_a_hearers_limit_is_for_whom_they_see_and_does_not_last(pair):
    one, two = pair
    two.tells(remb(600_000), NOW)
    assert two.is_asked_for_bits(NOW + 1) == [pytest.approx(HIGHEST, rel=0.001)]
    assert one.is_asked_for_bits(NOW + LIMIT_AGE + 1) == [pytest.approx(HIGHEST, rel=0.001)]


def test_whoever_wants_little_data_gets_small_pictures_of_everybody(pair):
    one, two = pair
    two.line.little = True
    assert one.is_asked_for_bits(NOW + 1) == [pytest.approx(LITTLE, rel=0.001)]
    assert two.is_asked_for_bits(NOW + 1) == [pytest.approx(HIGHEST, rel=0.001)]
    two.line.little = False
    assert one.is_asked_for_bits(NOW + 2) == [pytest.approx(HIGHEST, rel=0.001)]


def test_less_is_asked_for_soon_and_more_with_the_next_report(pair):
    one, two = pair
    assert one.is_asked_for_bits(NOW + 1) == [pytest.approx(HIGHEST, rel=0.001)]
    two.tells(remb(600_000), NOW + 1)
    assert one.is_asked_for_bits(NOW + 1.05) == []
    assert one.is_asked_for_bits(NOW + 1.25) == [pytest.approx(600_000, rel=0.001)]
    two.tells(remb(900_000), NOW + 1.3)
    assert one.is_asked_for_bits(NOW + 1.5) == []
    assert one.is_asked_for_bits(NOW + 2) == [pytest.approx(900_000, rel=0.001)]


def test_a_line_that_fills_up_is_asked_for_less(pair):
    """Packets sent every 10 ms arrive every 15 ms: the queue grows."""
    one, _ = pair
    for n in range(600):
        sent = (int(n * 0.010 * (1 << 18)) & 0xFFFFFF).to_bytes(3, "big")
        one.feedback.bandwidth.weigh(1000, sent, NOW + n * 0.015)
    [bits] = one.is_asked_for_bits(NOW + 9)
    assert LOWEST <= bits < 800_000


@pytest.mark.parametrize("sent", [b"", b"ab", bytes(16)])
def test_a_time_of_sending_that_is_none_is_left_out(pair, sent):
    one, _ = pair
    bandwidth = one.feedback.bandwidth
    for n in range(2):  # what is taken is weighed once the next burst begins
        bandwidth.weigh(1000, sent, NOW + n)
    bandwidth.weigh(1000, bytes(3), NOW + 2)
    assert bandwidth._estimator is None


whole = st.integers(0, 0xFFFFFFFF)
anything = st.one_of(
    st.builds(
        rtcp.RtcpSrPacket,
        st.sampled_from([VIDEO_SSRC, AUDIO_SSRC]) | whole,
        st.builds(rtcp.RtcpSenderInfo, st.integers(0, (1 << 64) - 1), whole, whole, whole),
    ),
    st.builds(
        rtcp.RtcpRtpfbPacket,
        st.integers(0, 31),
        whole,
        st.integers(1000, 3000),
        st.lists(st.integers(0, 0x1FFFF), max_size=20),
    ),
    st.builds(
        rtcp.RtcpPsfbPacket,
        st.sampled_from([1, 4, 15]),
        whole,
        whole,
        st.binary(max_size=12) | st.binary(max_size=12).map(lambda rest: b"REMB" + rest),
    ),
    st.builds(rtcp.RtcpByePacket, st.lists(whole, max_size=3)),
)


@settings(max_examples=250, deadline=None)
@given(st.lists(anything | st.tuples(whole, whole), max_size=30), st.floats(0.01, 1e6))
def test_whatever_a_browser_tells_we_can_always_answer(told, step):
    room, now = Room(), NOW
    one, two = (Person(room.new_line(seat)) for seat in (ADVISOR, GUEST))
    two.picture(1)
    room.let_in(lambda: frozenset({ADVISOR, GUEST}))
    for each in told:
        now += step
        if isinstance(each, tuple):
            one.picture(each[0], now=now, timestamp=each[1])
        else:
            one.tells(each, now)
        two.picture(1 + int(now * 10), now=now)
        for person in (one, two):
            due = list(person.feedback.due(now))
            data = b"".join(map(bytes, due))
            assert [*map(type, rtcp.RtcpPacket.parse(data))] == [*map(type, due)]
