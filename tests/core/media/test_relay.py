"""One line: what goes in comes out as somebody's own frame; nothing in it ever raises."""

import numpy as np
import pytest
from av import AudioFrame, VideoFrame

from core.media.relay import QUEUE, RATE, SAMPLES, TONE_HERTZ, TONE_SECONDS
from core.media.room import Room
from tests.core.media.frames import (
    GREY,
    TICK,
    brightness,
    hears,
    loudness,
    main_hertz,
    picture,
    sees,
    sound,
    until,
)

FRAMES = int(TONE_SECONDS * RATE / SAMPLES)


@pytest.fixture
def pair():
    """Two lines inside the same room."""
    room = Room()
    one, two = room.new_line("staff:1"), room.new_line("guest:1")
    for line in (one, two):
        line.put_sound(sound(0))
    room.let_in(lambda: frozenset({"staff:1", "guest:1"}))
    return one, two


def test_two_people_never_share_a_frame_object():
    room = Room()
    seats = ["staff:1", "guest:1", "guest:2"]
    sender, one, two = (room.new_line(seat) for seat in seats)
    for line in (sender, one, two):
        line.put_picture(picture(60))
    room.let_in(lambda: frozenset(seats))
    sent = picture(150)
    sender.put_picture(sent)
    shown = [one.next_picture(0, TICK), two.next_picture(0, TICK), one.next_picture(0, TICK)]
    assert len({id(frame) for frame in [sent, *shown]}) == 4
    assert len({frame.planes[0].buffer_ptr for frame in [sent, *shown]}) == 4
    shown[0].planes[0].update(bytes(shown[0].planes[0].buffer_size))
    assert [brightness(frame) for frame in [sent, *shown]] == [150, 0, 150, 150]


@pytest.mark.parametrize(
    "size", [(64, 48), (641, 361), (640, 361), (641, 360), (2, 2), (1280, 720)]
)
@pytest.mark.parametrize("kind", ["yuv420p", "yuvj420p", "rgb24", "gray8", "nv12"])
def test_a_picture_of_any_size_and_kind_arrives(pair, size, kind):
    one, two = pair
    one.put_picture(picture(150, *size).reformat(format=kind))
    shown = two.next_picture(0, TICK)
    assert (shown.width, shown.height) == (size[0] & ~1, size[1] & ~1)
    assert brightness(shown) == pytest.approx(150, abs=15)


def test_a_switched_off_camera_sends_black_and_shows_nothing(pair):
    one, two = pair
    one.put_picture(picture(150))
    assert (one.camera_on, sees(two)) == (True, 150)
    one.put_picture(picture(16, 640, 480))
    assert sees(two) == GREY
    until(lambda: not one.camera_on)
    assert not one.silent or one.room.line_of("staff:1") is None


def test_a_dark_room_is_no_switched_off_camera(pair):
    one, two = pair
    dark = picture(16, 640, 480)
    rows = bytearray(bytes(dark.planes[0]))
    rows[: len(rows) // 10] = bytes([60]) * (len(rows) // 10)
    dark.planes[0].update(bytes(rows))
    one.put_picture(dark)
    assert one.camera_on
    assert sees(two) == pytest.approx(20, abs=2)


def test_a_picture_that_got_old_is_not_shown_any_more(pair):
    one, two = pair
    one.put_picture(picture(150))
    until(lambda: sees(two) == GREY)
    assert not one.camera_on


def test_a_picture_is_dropped_a_second_after_it_came(pair, seconds_pass):
    one, two = pair
    one.put_sound(sound(0))
    one.put_picture(picture(150))
    seconds_pass(0.9)
    assert (sees(two), len(two._pictures)) == (150, 1)
    seconds_pass(0.2)
    assert (sees(two), len(two._pictures)) == (GREY, 0)


@pytest.mark.parametrize(
    ("size", "passes"),
    [
        ((1920, 1080), True),
        ((1920, 1088), True),
        ((1088, 1920), True),
        ((1922, 1088), False),
        ((1920, 1090), False),
        ((3840, 2160), False),
    ],
)
def test_a_picture_larger_than_full_hd_is_not_forwarded(pair, size, passes):
    one, two = pair
    one.put_picture(picture(150, *size))
    assert (len(two._pictures), one.camera_on) == (int(passes), passes)
    shown = two.next_picture(0, TICK)
    assert (shown.width, shown.height) == (size if passes else (480, 360))


def test_a_muted_microphone_is_silence(pair):
    one, two = pair
    one.put_sound(sound(600))
    assert one.heard
    assert main_hertz(hears(two)) == pytest.approx(600, abs=30)
    one.put_sound(sound(0))
    assert loudness(hears(two)) == 0
    until(lambda: not one.heard)


def test_a_one_channel_microphone_is_heard_on_both_sides(pair):
    one, two = pair
    one.put_sound(sound(600, layout="mono"))
    frame = two.next_sound(0, TICK)
    assert (frame.samples, frame.sample_rate, frame.layout.name) == (SAMPLES, RATE, "stereo")
    left, right = frame.to_ndarray()[0, ::2], frame.to_ndarray()[0, 1::2]
    assert np.array_equal(left, right)
    assert loudness(left) > 0.3


def test_a_slow_listener_misses_old_sound_instead_of_hearing_it_late(pair):
    one, two = pair
    for volume in range(1, QUEUE + 5):
        one.put_sound(sound(600, volume / 20))
    first = loudness(hears(two))
    assert first == pytest.approx(5 / 20 / np.sqrt(2), rel=0.05)
    assert [loudness(hears(two)) > 0 for _ in range(QUEUE)] == [True] * (QUEUE - 1) + [False]


def test_loud_people_together_do_not_wrap_around():
    room = Room()
    seats = ["staff:1", "guest:1", "guest:2"]
    lines = [room.new_line(seat) for seat in seats]
    for line in lines:
        line.put_sound(sound(0))
    room.let_in(lambda: frozenset(seats))
    lines[1].put_sound(sound(600, 0.9))
    lines[2].put_sound(sound(600, 0.9))
    mixed = hears(lines[0])
    assert (mixed.max(), mixed.min()) == (32767, -32768)
    assert np.abs(np.diff(mixed.astype(int))).max() < 6000


def test_the_test_tone_is_440_hertz_for_two_seconds_and_only_for_who_asked(pair):
    one, two = pair
    one.play_tone()
    frames = [hears(one) for _ in range(FRAMES)]
    tone = np.concatenate(frames)
    assert main_hertz(tone) == pytest.approx(TONE_HERTZ, abs=1)
    assert min(loudness(frame) for frame in frames) > 0.1
    assert np.abs(np.diff(tone.astype(int))).max() < 600  # no click where two frames meet
    assert [loudness(hears(one)), loudness(hears(two))] == [0, 0]


@pytest.mark.parametrize(
    "odd",
    [
        None,
        "no frame",
        VideoFrame(0, 0, "yuv420p"),
        VideoFrame(1, 1, "yuv420p"),
        AudioFrame("s16", "stereo", 0),
        AudioFrame("s16p", "stereo", 960),
        AudioFrame("flt", "stereo", 960),
        AudioFrame("s16", "5.1", 960),
        AudioFrame("s16", "mono", 480),
        AudioFrame("s16", "stereo", 5000),
    ],
    ids=str,
)
def test_odd_frames_never_raise(pair, odd):
    one, two = pair
    one.put_picture(odd)
    one.put_sound(odd)
    assert two.next_picture(0, TICK).format.name == "yuv420p"
    assert two.next_sound(0, TICK).samples == SAMPLES


def test_without_anybody_a_line_shows_grey_and_plays_silence():
    line = Room().new_line("guest:1")
    assert (sees(line), loudness(hears(line))) == (GREY, 0)
    assert (line.silent, line.camera_on, line.heard) == (True, False, False)
