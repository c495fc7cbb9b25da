"""The bucket: what is asked too fast waits its turn, and nothing is lost."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.gate.bucket import Bucket

RATE, BURST = 8, 4  # an eighth of a second is exact


@pytest.fixture
def hands(monkeypatch):
    """The process's clock; [0] is the time."""
    hands = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: hands[0])
    return hands


def test_the_burst_passes_at_once_and_the_next_ones_one_after_the_other(hands):
    bucket = Bucket(RATE, BURST)
    waits = [bucket.take() for _ in range(BURST + 3)]
    assert waits == [0] * BURST + [1 / 8, 2 / 8, 3 / 8]


def test_many_at_once_wait_like_as_many_one_after_the_other(hands):
    one, other = Bucket(RATE, BURST), Bucket(RATE, BURST)
    assert [one.take() for _ in range(BURST + 2)][-1] == other.take(BURST + 2) == 2 / RATE


def test_what_has_been_used_already_is_waited_for_by_whoever_comes_next(hands):
    bucket = Bucket(RATE, BURST)
    bucket.owe(BURST + 2)
    assert bucket.pressed_for() == 0  # nobody has waited yet
    assert bucket.take() == 3 / RATE
    hands[0] += 1000
    bucket.owe(1)
    assert [bucket.take() for _ in range(BURST)] == [0] * (BURST - 1) + [1 / RATE]


def test_an_empty_bucket_is_full_again_after_a_while_and_never_fuller(hands):
    bucket = Bucket(RATE, BURST)
    for _ in range(BURST):
        bucket.take()
    hands[0] += 1000
    assert [bucket.take() for _ in range(BURST)] == [0] * BURST
    assert bucket.take() == 1 / RATE


def test_what_does_not_wait_is_taken_only_while_there_is_some(hands):
    bucket = Bucket(RATE, BURST)
    assert [bucket.take_now() for _ in range(BURST + 2)] == [True] * BURST + [False] * 2
    hands[0] += 1 / RATE
    assert [bucket.take_now() for _ in range(2)] == [True, False]


def test_it_says_how_long_every_single_one_has_had_to_wait(hands):
    bucket = Bucket(RATE, BURST)
    for _ in range(BURST):
        bucket.take()
    assert bucket.pressed_for() == 0
    bucket.take()
    hands[0] += 1 / 16
    bucket.take()
    assert bucket.pressed_for() == 1 / 16
    hands[0] += 10
    bucket.take()
    assert bucket.pressed_for() == 0


@given(st.lists(st.floats(0, 2), max_size=100))
def test_however_it_is_asked_no_more_pass_than_burst_and_rate_allow(pauses):
    with pytest.MonkeyPatch.context() as patch:
        hands = [1000.0]
        patch.setattr(time, "monotonic", lambda: hands[0])
        bucket, passed = Bucket(RATE, BURST), []
        for pause in pauses:
            hands[0] += pause
            hands[0] += bucket.take()  # anyone who has to wait waits
            passed.append(hands[0])
        for first, begin in enumerate(passed):
            for last, end in enumerate(passed[first:], first):
                assert last - first + 1 <= BURST + RATE * (end - begin) + 1e-6
