"""What `make flood` measures with: whether it notices every way to lose a part of a talk."""

import pytest

from bench.flood import tone
from bench.flood.tone import PTIME, SAMPLES, Heard

RESOLUTION = 0.01  # seconds, of what is read from a pitch
COUNT = 250


def arrived(numbers, late=lambda number: 0.0):
    """These pieces of a talk, each at its time or later."""
    return [Heard(number * PTIME + late(number), tone.spoken(number)[0, ::2]) for number in numbers]


def lost(heard):
    return tone.lost_at_a_time(heard, 0, COUNT * PTIME)


def test_of_a_talk_that_arrives_nothing_is_lost():
    assert lost(arrived(range(COUNT))) == pytest.approx(0, abs=RESOLUTION)


def test_a_part_that_is_left_out_is_lost_even_if_nobody_hears_a_pause():
    cut = [number if number < 100 else number + 7 for number in range(COUNT)]
    heard = arrived(cut, late=lambda number: -7 * PTIME if number >= 100 else 0.0)
    assert lost(heard) == pytest.approx(7 * PTIME, abs=RESOLUTION)


def test_silence_in_place_of_a_part_is_lost():
    heard = arrived(range(COUNT))
    for piece in heard[120:130]:
        piece.samples = 0 * piece.samples
    assert lost(heard) == pytest.approx(10 * PTIME, abs=RESOLUTION)


def test_what_comes_later_than_a_listener_can_wait_is_lost_for_the_rest_of_the_time():
    heard = arrived(range(COUNT), late=lambda number: 0.3 if number >= 100 else 0.0)
    assert lost(heard) == pytest.approx(0.3 - tone.BUFFER, abs=RESOLUTION)


def test_a_talk_that_breaks_off_is_lost_until_the_end():
    assert lost(arrived(range(100))) == pytest.approx(150 * PTIME - tone.BUFFER, abs=2 * PTIME)


def test_a_piece_is_known_by_its_pitch():
    found = [piece.spoken_at for piece in arrived(range(10, 90))]
    said = [(number + 0.5) * PTIME for number in range(10, 90)]
    assert found == pytest.approx(said, abs=RESOLUTION)
    assert len(tone.spoken(3)[0]) == 2 * SAMPLES
