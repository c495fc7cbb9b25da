"""
Text from people: what is kept of it, and how a chat message becomes harmless HTML.

Everything is text; only http and https addresses become links. Knows no page.
"""

import html
import re
import unicodedata
from urllib.parse import urlsplit

import nh3
from linkify_it import LinkifyIt

from core.records import NAME_LENGTH

# Bidirectional controls and invisible characters can make one text look like another.
_INVISIBLE = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LINKS = LinkifyIt(options={"fuzzy_email": False})
_REL = "noopener noreferrer nofollow"


class BadText(ValueError):
    """Text that cannot be what it is meant to be."""


def person_name(text: str) -> str:
    """A name as it is kept: NFC, one line, 1 to 100 characters with a letter among them."""
    name = " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())
    broken = any(unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn") for char in name)
    if broken or not 1 <= len(name) <= NAME_LENGTH or not any(char.isalpha() for char in name):
        raise BadText(name)
    return name


def message_text(text: str) -> str:
    """A chat message as it is kept: NFC, without control and direction characters."""
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return "".join(
        char
        for char in visible
        if char == "\n" or unicodedata.category(char) not in ("Cc", "Cs", "Co", "Cn")
    ).strip()


def as_html(text: str) -> str:
    """The text as HTML that shows exactly it, with http(s) addresses as links to a new tab."""
    parts: list[str] = []
    end = 0
    for match in _LINKS.match(text) or []:
        if not _is_web_address(match.url):
            continue
        parts.append(html.escape(text[end : match.index]))
        parts.append(
            f'<a href="{html.escape(match.url)}" target="_blank">{html.escape(match.text)}</a>'
        )
        end = match.last_index
    parts.append(html.escape(text[end:]))
    return nh3.clean(
        "".join(parts).replace("\n", "<br>"),
        tags={"a", "br"},
        attributes={"a": {"href", "target"}},
        url_schemes={"http", "https"},
        link_rel=_REL,
    )


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        # A name before @ pretends to be the host: https://jobcenter.digital@evil.example
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        return False
