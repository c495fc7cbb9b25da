"""Every benchmark that drives a browser, for a moment; and what the soak of a talk would run."""

from pathlib import Path

import pytest

from tests.bench.smoke import IN_A_BROWSER, Smoke, make, nothing_done, run


@pytest.mark.parametrize("smoke", IN_A_BROWSER, ids=lambda smoke: smoke.name)
def test_a_bench_comes_to_its_end_and_writes_what_it_has_found(
    smoke: Smoke, tmp_path: Path
) -> None:
    written, _said = run(smoke, tmp_path)
    assert list(written) == ["measured", "figures", "bars"]
    assert nothing_done(smoke, written) == []
    assert written["bars"] != []


def test_the_soak_of_a_talk_finds_its_tests() -> None:
    said = make("soak-talk", PYTEST_ADDOPTS="--collect-only --quiet")
    found = [line.partition("[")[0].partition("::")[2] for line in said.splitlines()]
    sleeps = "test_after_a_sleep_of_the_browser_both_see_and_hear_again"
    assert (found.count(sleeps), found.count("test_no_state_of_the_room_breaks_a_rule") > 1) == (
        3,
        True,
    )
