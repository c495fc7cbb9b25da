"""Every benchmark that needs no browser, and every soak, for a moment."""

import re

import pytest

from bench.results import benches
from core.settings import ROOT
from tests.bench.smoke import IN_A_BROWSER, SMOKES, make, nothing_done, own_network, run

OWN_NETWORK = own_network()


@pytest.mark.parametrize("smoke", SMOKES, ids=lambda smoke: smoke.name)
def test_a_bench_comes_to_its_end_and_writes_what_it_has_found(smoke, tmp_path):
    if smoke.own_network and not OWN_NETWORK:
        pytest.skip("no network of its own: unshare --map-root-user --net")
    written, said = run(smoke, tmp_path)
    assert list(written) == ["measured", "figures", "bars"]
    assert nothing_done(smoke, written) == []
    assert written["bars"] != []
    if smoke.name == "relay":
        rows = re.findall(r"^(ours|decode and encode) +(\d) calls", said, re.MULTILINE)
        assert sorted(set(rows)) == [
            (relay, calls) for relay in ("decode and encode", "ours") for calls in "12"
        ]


def test_every_bench_is_tried_in_seconds():
    tried = {smoke.bench for smoke in (*SMOKES, *IN_A_BROWSER)}
    assert sorted(tried) == benches()


def test_every_bench_is_run_by_make_and_nothing_else_is():
    run_by_make = re.findall(r"-m bench\.(\w+)", (ROOT / "Makefile").read_text())
    assert sorted(run_by_make) == benches()


def test_every_soak_is_tried_in_seconds():
    soaks = re.findall(r"^(soak-\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert soaks == ["soak-room", "soak-talk"]  # the latter in tests/browser/test_benches.py


def test_whatever_is_marked_to_be_run_by_the_soak_of_a_talk_is_run_by_it():
    command = re.search(r"^soak-talk:.*\n\t(.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    marked = [
        str(file.relative_to(ROOT))
        for file in sorted(ROOT.glob("tests/browser/*.py"))
        if "pytest.mark.soak" in file.read_text(encoding="utf-8")
    ]
    assert sorted(re.findall(r"tests/\S+", command[1])) == marked


def test_the_soak_of_the_room_runs():
    said = make("soak-room", "EXAMPLES=10")
    assert re.findall(r"(\d+) (passed|failed|skipped)", said) == [("1", "passed")]
