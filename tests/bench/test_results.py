"""Every figure says what it was measured on, and is of the bench as it is today."""

import json
import re
import subprocess

import pytest

from bench import results
from bench.results import RESULTS, ROOT, Bar, outdated

FILES = sorted(RESULTS.glob("*.json"))
DUE = [
    line
    for line in (RESULTS / "due.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
COMMIT = "[0-9a-f]{7}"
DATE = r"20\d\d-\d\d-\d\d"
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/**/*.md"))]
# What names a bench, and what is a figure of one.
BENCH = re.compile(r"\bmake (?:bench-[a-z]+|flood|siege|fuzz)\b|\bbench/results\b")
FIGURE = re.compile(
    r"\d ?(?:ms|MB|KB|µs|us|s|%|times|cores?|points)(?!\w)|\b(?:half|quarter) (?:of )?a \w*second\b"
)
SAYS_WHERE = re.compile(rf"\bbench/results/[a-z-]+\.(?:json|md)\b|\bcommit {COMMIT}\b")


def written(file):
    return json.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_result_says_on_which_commit_and_when_it_was_measured(file):
    measured = written(file)["measured"]
    assert list(measured) == ["commit", "date", "fingerprint"]
    # With a + it would be of code that nobody else has.
    assert re.fullmatch(COMMIT, measured["commit"])
    assert re.fullmatch(DATE, measured["date"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_result_is_of_the_bench_as_it_is_today(file):
    sentence = outdated(file)
    if file.stem in DUE:
        assert sentence is not None, f"{file.name} has been measured again: out of due.txt with it"
    else:
        assert sentence is None, sentence


def test_every_bench_has_a_result_and_every_result_a_bench():
    assert sorted({results.bench_of(file.stem) for file in FILES}) == results.benches()


def test_the_table_of_the_relay_names_the_commit_of_its_figures():
    measured = written(RESULTS / "relay.json")["measured"]
    last = (RESULTS / "relay.md").read_text(encoding="utf-8").splitlines()[-1]
    assert last == f"Measured on commit {measured['commit']}, {measured['date']}."


def without_a_source(text):
    """Lines that quote a figure of a bench and say neither commit nor file."""
    return [
        line
        for line in text.splitlines()
        if BENCH.search(line) and FIGURE.search(line) and not SAYS_WHERE.search(line)
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_document_that_quotes_a_figure_names_its_commit_or_its_file(document):
    assert without_a_source(document.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("A call misses 10 ms at a time (`make flood`).", True),
        ("An offer takes half a millisecond (`make bench-offer`).", True),
        ("`make bench-relay`: 1.4 times what Janus takes.", True),
        ("`make bench-idle`: 89 KB a visitor, see bench/results.", True),
        ("`make siege`: 99 % arrive.", True),
        ("A call misses 10 ms at a time (`make flood` on commit bac8c72).", False),
        ("An offer takes 0.5 ms (`make bench-offer`, bench/results/offer.json).", False),
        ("`make bench-journey` counts joins that needed a second connection.", False),
        ("A form is read in 15 ms.", False),
    ],
)
def test_a_figure_without_its_source_would_be_found(line, found):
    assert without_a_source(line) == ([line] if found else [])


# --- What makes a result old ---


@pytest.fixture
def checkout(tmp_path):
    """A checkout with two benches; `wide` is a package and uses a part of `small`."""
    files = {
        "core/product.py": "FAST = True\n",
        "bench/__init__.py": "",
        "bench/results.py": "",
        "bench/eyes.py": "SEES = True\n",
        "bench/small.py": (
            '"""Small.\n\nRun: make bench-small\n"""\nif __name__ == "__main__":\n    1\n'
        ),
        "bench/wide/__init__.py": "",
        "bench/wide/__main__.py": (
            '"""Wide.\n\nRun: make wide [CASES=5]\n"""\n'
            "from bench import eyes\nfrom bench.results import report\nfrom core import product\n"
        ),
        "bench/wide/part.py": "from bench.small import this\n",
    }
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def measured_here(checkout, name):
    result = checkout / f"{name}.json"
    was = results.fingerprint(results.bench_of(name), checkout)
    result.write_text(json.dumps({"measured": {"commit": "abcdef0", "fingerprint": was}}))
    return result


def change(checkout, name):
    with (checkout / name).open("a") as file:
        file.write("# other\n")


def test_what_can_be_run_is_a_bench(checkout):
    assert results.benches(checkout) == ["small", "wide"]


@pytest.mark.parametrize(
    "changed",
    [
        "bench/wide/__main__.py",
        "bench/wide/__init__.py",
        "bench/wide/part.py",
        "bench/wide/new.py",
        "bench/eyes.py",
        "bench/small.py",
    ],
)
@pytest.mark.parametrize("name", ["wide", "wide-steady"])
def test_a_result_is_old_once_its_bench_has_changed_and_says_what_to_run(checkout, changed, name):
    result = measured_here(checkout, name)
    change(checkout, changed)
    assert outdated(result, checkout) == (
        f"{name}.json was measured on abcdef0, and bench/wide has changed since. "
        "Run again: make wide [CASES=5]"
    )


def test_a_result_is_old_once_a_file_of_its_bench_has_gone_or_has_another_name(checkout):
    result = measured_here(checkout, "wide")
    (checkout / "bench/wide/part.py").rename(checkout / "bench/wide/other.py")
    assert outdated(result, checkout) is not None
    (checkout / "bench/wide/other.py").unlink()
    assert outdated(result, checkout) is not None


@pytest.mark.parametrize("changed", ["core/product.py", "bench/results.py", "bench/wide/part.py"])
def test_a_result_stays_when_something_else_changes(checkout, changed):
    result = measured_here(checkout, "small")
    change(checkout, changed)
    assert outdated(result, checkout) is None


def test_a_new_result_says_what_it_was_measured_on_and_is_not_old(tmp_path):
    assert results.report("loss-again", {"a figure": 1.0}, [Bar("a bar", 1, 2, "s")], tmp_path)
    result = tmp_path / "loss-again.json"
    head = subprocess.run(
        ["git", "rev-parse", "--short=7", "HEAD"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    commit = written(result)["measured"]["commit"]
    assert commit.removesuffix("+") == (head or "unknown")
    assert outdated(result) is None
