"""Counting within a time: exact, for each name alone, and as cheap with many names as with few."""

import sys
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.doors import limits, windows
from pages.doors.windows import Limit


@pytest.fixture
def hands(monkeypatch):
    """The time the windows go by; [0] is it."""
    hands = [1000.0]
    monkeypatch.setattr(windows, "monotonic", lambda: hands[0])
    return hands


def test_so_many_are_let_through_and_no_more_until_the_window_is_over(hands):
    limit = Limit(3)
    assert [limit.hit("a") for _ in range(5)] == [True] * 3 + [False] * 2
    assert (limit.wait("a"), limit.wait("b")) == (60, 0)
    hands[0] += 59.5
    assert (limit.hit("a"), limit.wait("a")) == (False, 1)
    hands[0] += 0.5
    assert (limit.wait("a"), limit.hit("a")) == (0, True)


def test_a_window_begins_with_the_first_count_and_does_not_move(hands):
    limit = Limit(2)
    for _ in range(4):
        limit.hit("a")
        hands[0] += 15
    assert [limit.hit("a"), limit.hit("a"), limit.hit("a")] == [True, True, False]


def test_asking_counts_nothing(hands):
    limit = Limit(1)
    assert [limit.wait("a") for _ in range(9)] == [0] * 9
    assert limit.hit("a")


def test_several_at_once_count_each(hands):
    limit = Limit(10)
    assert [limit.hit("a", cost=each) for each in (8, 2, 1)] == [True, True, False]
    assert not Limit(10).hit("a", cost=11)


def test_names_of_several_words_are_told_apart_by_every_word(hands):
    limit = Limit(1)
    names = [(), ("",), ("a",), ("a", ""), ("", "a"), ("a", "b"), ("ab",), ("a/b",)]
    assert [limit.hit(*name) for name in names] == [True] * len(names)
    assert [limit.hit(*name) for name in names] == [False] * len(names)


def test_one_is_forgiven_alone_and_all_are_forgotten_together(hands):
    limit = Limit(1)
    for name in ("a", "b"):
        limit.hit(name)
    limit.clear("a")
    limit.clear("never seen")
    assert [limit.hit("a"), limit.hit("b")] == [True, False]
    limit.forget()
    assert [limit.hit("a"), limit.hit("b")] == [True, True]


def test_no_more_names_are_kept_than_there_may_be_and_the_oldest_goes_first(hands):
    limit = Limit(1, most=3)
    for name in "abc":
        assert limit.hit(name)
    assert limit.hit("d")
    assert len(limit) == 3
    assert [limit.hit(name) for name in "bcd"] == [False] * 3
    assert limit.hit("a")  # forgotten: nobody is worse off for a flood of others


@pytest.mark.parametrize("flood", [100, windows.MOST, 2 * windows.MOST + 1])
def test_who_has_missed_little_is_no_worse_off_however_many_others_miss(hands, flood):
    limit = Limit(10)
    for _ in range(3):
        limit.hit("an honest address")
    for number in range(flood):
        limit.hit(f"flood {number}")
    assert limit.wait("an honest address") == 0
    assert [limit.hit("an honest address") for _ in range(7)] == [True] * 7
    assert len(limit) <= windows.MOST


def test_who_goes_on_missing_stays_limited_while_fewer_miss_than_are_kept(hands):
    limit = Limit(10)
    for _ in range(11):
        limit.hit("a guesser")
    for number in range(windows.MOST - 1):
        limit.hit(f"flood {number}")
    assert not limit.hit("a guesser")


def test_what_is_over_is_forgotten_by_and_by(hands):
    limit = Limit(1)
    for number in range(1000):
        limit.hit(f"{number}")
    hands[0] += 60
    for number in range(500):
        limit.hit(f"another {number}")
    assert len(limit) == 500


def test_a_count_costs_the_same_with_a_hundred_thousand_names_and_after_they_are_over(hands):
    """In lines that are run, not in seconds: machines are busy."""
    few, many = Limit(10), Limit(10, most=200_000)
    for number in range(100_000):
        many.hit(f"{number}")
    cost = lines_of(lambda: few.hit("a"))
    assert lines_of(lambda: many.hit("a")) == cost
    hands[0] += 60
    assert lines_of(lambda: many.hit("b")) <= cost + 10


def lines_of(deed):
    """How many lines of ours it runs."""
    count = 0

    def trace(frame, event, _argument):
        nonlocal count
        count += event == "line"
        return trace

    sys.settrace(trace)
    try:
        deed()
    finally:
        sys.settrace(None)
    return count


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 3), st.floats(0, 40)), max_size=60)
)
def test_it_counts_as_one_would_by_hand(turns):
    with pytest.MonkeyPatch.context() as patch:
        hands = [0.0]
        patch.setattr(windows, "monotonic", lambda: hands[0])
        limit, begun, counted = Limit(4), {}, {}
        for name, cost, pause in turns:
            hands[0] += pause
            if name in begun and hands[0] >= begun[name] + 60:
                del begun[name], counted[name]
            assert (limit.wait(name) == 0) == (counted.get(name, 0) < 4)
            begun.setdefault(name, hands[0])
            counted[name] = counted.get(name, 0) + cost
            assert limit.hit(name, cost=cost) == (counted[name] <= 4)


def test_many_threads_count_exactly():
    limit, through = Limit(500), []
    turns = [
        threading.Thread(target=lambda: through.extend(limit.hit("a") for _ in range(400)))
        for _ in range(4)
    ]
    for each in turns:
        each.start()
    for each in turns:
        each.join()
    assert (sum(through), len(through)) == (500, 1600)


def test_no_count_leaves_anything_running():
    """A timer of its own walked through all names after each."""
    before = set(threading.enumerate())
    limits.link_missed("203.0.113.7")
    assert set(threading.enumerate()) == before
