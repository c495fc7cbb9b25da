"""
The names by which our scripts and style sheets find what Streamlit has drawn.

Streamlit promises none of them. They are read from our own files, so that none is forgotten, and
`prepare` says at start which of them are no longer in Streamlit's scripts.
"""

import re
from collections import defaultdict
from pathlib import Path

from pages.ui.modules import HERE
from pages.upstream import installed
from pages.upstream.changed import refuse_missing

_NAME = re.compile(
    r"\bst[A-Z][A-Za-z]+\b|\bst-key\b|\bInputInstructions\b|\bdata-test-[a-z-]+(?![\w-])"
)
_KINDS = {".css", ".html", ".js"}


def used() -> dict[str, list[str]]:
    """Each name with the files that look for it, by their paths in pages/ui."""
    found = defaultdict(list)
    for path in sorted(each for each in HERE.rglob("*") if each.suffix in _KINDS):
        for name in sorted(set(_NAME.findall(path.read_text(encoding="utf-8")))):
            found[name].append(path.relative_to(HERE).as_posix())
    return dict(sorted(found.items()))


def prepare() -> None:
    """Once at start: refuse when Streamlit's scripts do not have one of them."""
    missing = set(used())
    for script in _scripts():
        if missing:
            missing -= set(_NAME.findall(script.read_text(encoding="utf-8")))
    refuse_missing("Streamlit's page", dict.fromkeys(sorted(missing), False))


def _scripts() -> list[Path]:
    """Streamlit's own, the main one first."""
    first = installed.main_scripts()
    return [*first, *sorted(set((installed.static() / "static" / "js").glob("*.js")) - set(first))]
