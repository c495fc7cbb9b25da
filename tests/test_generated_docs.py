"""docs/generate.py on a copy of the repository: writes, checks, and is the same each time."""

import subprocess
import sys
from pathlib import Path
from shutil import copyfile, copytree, ignore_patterns

import pytest
from babel.messages.pofile import read_po

from core.office.kept import KEPT
from core.rules import GUEST_RULES, RULES
from core.settings import ROOT

STATES, SENTENCES = Path("docs/states.md"), Path("locales/beratungsraum.pot")
PERIODS = Path("docs/datenschutz/loeschfristen.md")
PLAIN = Path("docs/einfache-sprache.md")


def generate(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "docs/generate.py", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The parts of the repository that are read, with all files freshly written."""
    for folder in ("core", "pages", "docs", "locales"):
        copytree(ROOT / folder, tmp_path / folder, ignore=ignore_patterns("__pycache__"))
    copyfile(ROOT / "app.py", tmp_path / "app.py")
    assert generate(tmp_path).returncode == 0
    return tmp_path


def test_what_was_just_written_fits(copy):
    done = generate(copy, "--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_writing_again_changes_nothing(copy):
    names = (STATES, PERIODS, PLAIN, SENTENCES)
    before = [(copy / name).read_bytes() for name in names]
    for name in names:
        (copy / name).unlink()
    assert generate(copy).returncode == 0
    assert [(copy / name).read_bytes() for name in names] == before


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_changed_rule_makes_the_states_stale(copy):
    replace(copy / "core/hours.py", "timedelta(minutes=30)", "timedelta(minutes=20)")
    done = generate(copy, "--check")
    sentence = "Run `make docs`: the code has moved on from docs/states.md.\n"
    assert (done.returncode, done.stderr) == (1, sentence)
    assert (copy / STATES).read_text().count("opens 30 minutes") == 1  # nothing was written


def test_a_changed_sentence_makes_the_catalogue_stale(copy):
    replace(copy / "core/invitations.py", "Ihr Videotermin", "Ihr Termin")
    assert generate(copy, "--check").returncode == 1
    assert generate(copy).returncode == 0
    assert generate(copy, "--check").returncode == 0


def test_a_changed_period_makes_the_periods_stale(copy):
    replace(copy / "core/settings.py", "chat_days: int = 1", "chat_days: int = 2")
    done = generate(copy, "--check")
    sentence = f"Run `make docs`: the code has moved on from {PERIODS}.\n"
    assert (done.returncode, done.stderr) == (1, sentence)


def test_the_periods_are_the_same_whatever_this_machine_has_set(copy, monkeypatch):
    monkeypatch.setenv("BERATUNGSRAUM_CHAT_DAYS", "5")
    assert generate(copy, "--check").returncode == 0


def test_the_periods_name_every_row_of_the_data_map(copy):
    lines = (copy / PERIODS).read_text(encoding="utf-8").splitlines()
    said = [line.split(" | ")[0].removeprefix("| ") for line in lines if line.startswith("| ")]
    assert said == ["Was", *(row.what for row in KEPT)]


@pytest.mark.parametrize("name", [STATES, PERIODS, PLAIN, SENTENCES])
def test_a_missing_or_edited_file_is_stale(copy, name):
    with (copy / name).open("a") as file:
        file.write("\n")
    assert generate(copy, "--check").returncode == 1
    (copy / name).unlink()
    assert generate(copy, "--check").returncode == 1


def test_both_pictures_show_every_rule(copy):
    text = (copy / STATES).read_text(encoding="utf-8")
    assert text.count("stateDiagram-v2") == 2
    arrows = [line for line in text.splitlines() if " --> " in line and "[*]" not in line]
    assert len(arrows) == len(RULES) + len(GUEST_RULES)


def test_the_catalogue_has_each_sentence_and_no_date(copy):
    text = (copy / SENTENCES).read_text(encoding="utf-8")
    assert text.count("-Date:") == 0
    with (copy / SENTENCES).open("rb") as file:
        catalog = read_po(file)
    assert catalog.get("Ihr Videotermin").locations == [("core/invitations.py", None)]
