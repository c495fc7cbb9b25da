"""Streamlit's page as it is installed: its files, and what its index names. Changes nothing."""

import re
from functools import cache
from pathlib import Path

from streamlit import file_util

_MAIN_SCRIPT = re.compile(r'src="\./(static/js/[^"]+)"')


def static() -> Path:
    """Where Streamlit has its page."""
    return Path(file_util.get_static_dir())


def index() -> str:
    return (static() / "index.html").read_text(encoding="utf-8")


def main_scripts() -> list[Path]:
    """What the page loads first: one, unless it has changed."""
    return [static() / each for each in _MAIN_SCRIPT.findall(index())]


def chunks(name: str) -> list[Path]:
    """The scripts of this name, whatever version stands in it."""
    return list((static() / "static" / "js").glob(f"{name}.*.js"))


@cache
def files() -> frozenset[str]:
    """The paths of the page's own files. For any other, Streamlit would show its page again."""
    found = (static() / "static").rglob("*")
    return frozenset(
        f"/{each.relative_to(static()).as_posix()}" for each in found if each.is_file()
    )
