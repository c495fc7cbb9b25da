"""What the documents say is what the code has."""

import re
from collections import defaultdict
from pathlib import Path

from core.demo import PAGE
from core.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


def test_every_setting_is_described_and_no_other():
    described = re.findall(
        r"^\| `BERATUNGSRAUM_(\w+)`", (ROOT / "docs/settings.md").read_text(), re.M
    )
    assert sorted(described) == sorted(name.upper() for name in Settings.model_fields)


def test_every_make_target_the_documents_name_is_there():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    for document in ("README.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"`?make ([a-z-]+)", (ROOT / document).read_text()))
        assert named <= targets, document


def test_the_readme_shows_the_pictures_that_make_takes_and_no_others():
    shown = re.findall(r"\(docs/pictures/([a-z-]+)\.png\)", (ROOT / "README.md").read_text())
    taken = re.search(r"screens docs/pictures (.+)$", (ROOT / "Makefile").read_text(), re.M)
    there = [each.stem for each in ROOT.glob("docs/pictures/*.png")]
    assert sorted(shown) == sorted(taken[1].split()) == sorted(there)


def test_the_readme_shows_what_the_demo_prints():
    readme = (ROOT / "README.md").read_text()
    [shown] = re.findall(r"prints links for.+?```\n(.+?)```", readme, re.S)
    columns = PAGE.format_map(defaultdict(lambda: "…", mails=3)).splitlines()[1:]
    labels = [line[:44].replace("…", "").rstrip() for line in columns]
    assert [line[:44].rstrip() for line in shown.splitlines()] == labels
