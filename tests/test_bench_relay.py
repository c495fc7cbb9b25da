"""What the benchmark of the relay concludes from its rows."""

import pytest

from bench.relay import film
from bench.relay.load import Row
from bench.relay.summary import COMPILED, DEFAULT, JANUS, OURS, Summary


def row(relay: str, calls: int, cost: float, delivered: float = 1.0, memory: float = 100) -> Row:
    return Row(relay, calls, cost, 50, delivered, 0.5, 1, 2, memory, 0.1)


def pair(ours: float, janus: float, delivered: float = 1.0) -> dict[str, Row]:
    return {OURS: row(OURS, 8, ours, delivered), JANUS: row(JANUS, 8, janus)}


def held(summary: Summary) -> dict[str, bool]:
    return {bar.name: bar.holds for bar in summary.bars()}


def test_a_row_counts_only_when_nearly_everything_arrived():
    summary = Summary([pair(0.02, 0.01), pair(0.01, 0.01, delivered=0.989)])
    assert summary.ratios(8) == [2.0]
    assert [each.core_per_call for each in summary.rows(OURS, 8)] == [0.02]


def test_we_are_compared_with_janus_in_the_same_round():
    costs = [(0.01, 0.01), (0.06, 0.03), (0.03, 0.02)]
    assert Summary([pair(*each) for each in costs]).figures()["ours by Janus, 8 calls"] == 1.5


@pytest.mark.parametrize(
    ("relay", "cost", "holds"),
    [(COMPILED, 0.13, True), (COMPILED, 0.131, False), (OURS, 0.149, True), (OURS, 0.151, False)],
)
def test_compiled_and_not_each_have_a_bar(relay, cost, holds):
    one_round = {relay: row(relay, 8, cost), JANUS: row(JANUS, 8, 0.1)}
    assert held(Summary([one_round] * 5))[f"{relay} by Janus, 8 calls"] is holds


def test_too_few_pairs_are_a_bar_that_does_not_hold():
    name = "pairs that count, 8 calls"
    assert [held(Summary([pair(0.01, 0.01)] * number))[name] for number in (4, 5)] == [False, True]


def test_without_janus_the_comparison_does_not_hold():
    assert not held(Summary([{OURS: row(OURS, 8, 0.01)}] * 5))["pairs that count, 8 calls"]


@pytest.mark.parametrize(("naive", "holds"), [(0.39, False), (0.41, True)])
def test_the_default_path_has_to_be_twenty_times_dearer(naive, holds):
    summary = Summary([{DEFAULT: row(DEFAULT, 1, naive)}, pair(0.02, 0.02)])
    assert held(summary)["cheaper than decode and encode"] == holds


def test_memory_per_call_is_the_growth_from_one_call_to_the_most():
    sizes = {1: 100, 8: 113, 16: 130}
    rounds = [{OURS: row(OURS, calls, 0.01, memory=size)} for calls, size in sizes.items()]
    assert Summary(rounds).memory_per_call(OURS) == 2


def test_the_film_is_what_a_browser_would_send():
    shown = film.film()
    pictures = [sum(map(len, parts)) for parts in shown.pictures]
    assert len(pictures) == film.SECONDS * film.PICTURES
    assert 900_000 < sum(pictures) * 8 / film.SECONDS < 1_300_000
    assert [len(sound) for sound in shown.sounds] == [80] * film.SECONDS * film.SOUNDS
