"""
Text from people: what is kept of it, and how a chat message becomes harmless HTML.

Everything is text; only http and https addresses become links. Knows no page.
"""

import html
import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

import nh3
from linkify_it import LinkifyIt

from core.records import NAME_LENGTH

# Letters and marks by their category, yet nothing to see; format characters (Cf: direction,
# zero width, tags) come on top. They make one text look like another, or a name like none.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_BROKEN = ("Cc", "Cs", "Co")
_LINKS = LinkifyIt(options={"fuzzy_email": False})
_REL = "noopener noreferrer nofollow"


class BadText(ValueError):
    """Text that cannot be what it is meant to be."""


def person_name(text: str) -> str:
    """A name as it is kept: NFC, one line, 1 to 100 characters with a letter among them."""
    name = " ".join(_visible(text).split())
    broken = any(unicodedata.category(char) in (*_BROKEN, "Cn") for char in name)
    if broken or not 1 <= len(name) <= NAME_LENGTH or not any(char.isalpha() for char in name):
        raise BadText(name)
    return name


def message_text(text: str) -> str:
    """A chat message as it is kept: NFC, lines, without control and direction characters."""
    lines = _visible(text).replace("\t", " ").splitlines()
    return "\n".join("".join(filter(_shows, line)) for line in lines).strip()


def _visible(text: str) -> str:
    seen = (char for char in text if unicodedata.category(char) != "Cf" and char not in _BLANKS)
    return unicodedata.normalize("NFC", "".join(seen))


def _shows(char: str) -> bool:
    # Unassigned (Cn) may be an emoji younger than this Python, but never a noncharacter.
    never = "\ufdd0" <= char <= "\ufdef" or ord(char) & 0xFFFE == 0xFFFE
    return not never and unicodedata.category(char) not in _BROKEN


@lru_cache(maxsize=4096)
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
        host = bool(parts.hostname) and "@" not in parts.netloc
        return parts.scheme in ("http", "https") and host
    except ValueError:
        return False
