"""What the documents say is what the code has."""

import re
from pathlib import Path

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
