"""
What stands in the head of Streamlit's page, and what no longer does: what a first visit fetches at
once, what it fetches when it is needed, and what it never needs.

Knows the names of Streamlit's scripts and of ours; no person and no word.
"""

import re
from collections.abc import Iterable
from functools import cache

from pages.ui import modules
from pages.upstream import installed

STAFF_ONLY = "call/share.js", "call/screen_line.js"
# What a step before the call does not run.
LATER = "call/", "chat/"
# Streamlit fetches these only when it draws one: a client's first page has them.
LAZY = "BidiComponent", "Button", "Checkbox", "Html"
# Streamlit's page asks this when it has begun, and its WebSocket waits for the answers.
ASKED = "_stcore/health", "_stcore/host-config"
# Its text font, which it would fetch before anything else.
FONT_LINK = re.compile(r'<link\s+rel="preload"\s+href="(\./static/media/SourceSans[^"]+)"[^>]*>')
FONT = "House Sans"
# For these letters only: an Arabic page would fetch it and find nothing.
UNICODE_RANGE = "U+0000-052F, U+1E00-1FFF, U+2000-22FF"
_IMPORTED = re.compile(r"""(?:from|import)\s*[`"']\./([\w.-]+\.js)[`"']""")


def first() -> str:
    """Before anything else: two questions that are asked by the page alone."""
    links = (f'<link rel="preload" as="fetch" crossorigin href="./{each}">' for each in ASKED)
    return "".join(links)


def last(by_link: bool) -> str:
    """
    Tokens, the font's face, and the scripts that the first page needs, while Streamlit's own are
    on their way; those of later steps in a template, until there is a page (first.js).
    """
    ours = [each for each in modules.MODULES if not (by_link and each in STAFF_ONLY)]
    later = [each for each in ours if each.startswith(LATER)]
    at_once = [each for each in ours if each not in later]
    return (
        f"<style>{_face()}{modules.TOKENS}</style>"
        f"{_links([*lazy(), *map(modules.address, at_once)])}"
        f'<template id="later">{_links(map(modules.address, later))}</template>'
    )


@cache
def lazy() -> list[str]:
    """Streamlit's scripts for what a client's first page has, which its own page does not name."""
    named = set(re.findall(r"static/js/([\w.-]+\.js)", installed.index()))
    found = dict[str, None]()
    ahead = [each.name for name in LAZY for each in installed.chunks(name)]
    while ahead:
        script = ahead.pop(0)
        if script not in named and script not in found:
            found[script] = None
            text = (installed.static() / "static" / "js" / script).read_text(encoding="utf-8")
            ahead += _IMPORTED.findall(text)
    return [f"./static/js/{each}" for each in found]


def _face() -> str:
    [file] = FONT_LINK.findall(installed.index())
    return (
        f'@font-face {{ font-family: "{FONT}"; src: url("{file}") format("woff2"); '
        f"font-weight: 200 900; font-display: swap; unicode-range: {UNICODE_RANGE}; }}"
    )


def _links(scripts: Iterable[str]) -> str:
    return "".join(f'<link rel="modulepreload" href="{each}">' for each in scripts)
