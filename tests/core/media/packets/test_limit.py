"""How much of something is taken: in each second, and in the long run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.media.packets.limit import Budget, Limit


def test_a_limit_holds_in_every_second_and_counts_what_it_refuses():
    limit = Limit(2)
    allowed = [limit.allows(now) for now in (5.0, 5.1, 5.2, 5.9, 6.0, 6.1, 6.2)]
    assert (allowed, limit.refused) == ([True, True, False, False, True, True, False], 3)


@given(st.lists(st.floats(0, 0.3), max_size=100), st.integers(1, 5))
def test_in_no_second_more_is_taken_than_twice_the_most(pauses, most):
    limit, now, allowed = Limit(most), 0.0, []
    for pause in pauses:
        now += pause
        if limit.allows(now):
            allowed.append(now)
    # Two windows may touch one second: never more than twice the most.
    for begin in allowed:
        assert sum(begin <= each < begin + 1 for each in allowed) <= 2 * most


def test_what_was_spent_is_earned_again_up_to_the_most():
    budget = Budget(rate=10, most=20)
    assert budget.allows(100.0)
    budget.charge(25)
    left = [budget.allows(100.0 + later) for later in (0.0, 0.4, 0.6)]
    assert left == [False, False, True]
    assert budget.allows(1000.0)
    budget.charge(20)
    assert not budget.allows(1000.0)


@pytest.mark.parametrize("cost", [0.1, 1, 19.9])
def test_who_has_something_left_may_spend_more_than_that_and_waits_for_it(cost):
    budget = Budget(rate=10, most=20)
    budget.allows(0.0)
    budget.charge(cost)
    assert budget.allows(0.0)
    budget.charge(100)
    wait = (80 + cost) / 10
    assert not budget.allows(wait - 0.01)
    assert budget.allows(wait + 0.01)


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 50)), max_size=60))
def test_in_the_long_run_nobody_spends_more_than_the_rate_allows(spendings):
    rate, most, now, spent, largest = 10, 20, 0.0, 0.0, 0.0
    budget = Budget(rate, most)
    for pause, cost in spendings:
        now += pause
        if budget.allows(now):
            budget.charge(cost)
            spent, largest = spent + cost, max(largest, cost)
    assert spent <= most + rate * now + largest + 0.001


def test_a_clock_that_stands_still_earns_nothing():
    budget = Budget(rate=10, most=1)
    budget.allows(5.0)
    budget.charge(1)
    assert [budget.allows(5.0) for _ in range(100)] == [False] * 100
