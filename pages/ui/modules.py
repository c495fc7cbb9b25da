"""
What runs in the browser: the ES modules in this folder, and where a page finds them.

They are served by a door (pages/doors/scripts.py) under a name that changes with any of them, so
that a browser may keep them for ever. Knows no page, no word and no Streamlit.
"""

import hashlib
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = "ui"
# What is written into the page itself (pages/upstream/frontend.py), and no module.
BEFORE = HERE / "before"
# Colours, radii and the font, for Streamlit's pages and the plain ones.
TOKENS = (HERE / "tokens.css").read_text(encoding="utf-8")


def _modules() -> dict[str, bytes]:
    found = sorted(each for each in HERE.rglob("*.js") if BEFORE not in each.parents)
    return {each.relative_to(HERE).as_posix(): each.read_bytes() for each in found}


MODULES = _modules()
VERSION = hashlib.sha256(b"\0".join(MODULES.values())).hexdigest()[:16]


def address(module: str) -> str:
    """Where a page finds it: all pages lie in one folder, whatever is before it."""
    if module not in MODULES:
        raise KeyError(module)
    return f"{FOLDER}/{VERSION}/{module}"
