"""
Text from people: what is kept of it, and how a chat message becomes harmless HTML.

Everything is text; only http and https addresses become links, and a link says to which
host it leads. Knows no page.
"""

import html
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import ip_address
from itertools import islice, pairwise
from urllib.parse import quote, urlsplit

import idna
import nh3

from core import links
from core.access import login_form
from core.phone import dialled
from core.records import NAME_LENGTH, PHONE_LENGTH
from core.unseen import BLANKS, without_unseen

_BROKEN = ("Cc", "Cs", "Co")
_NON_JOINER, _JOINER, _AS_EMOJI = "\u200c", "\u200d", "\ufe0f"
_SKINS = frozenset("\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
_VIRAMA = 9  # the combining class of the signs that join two Indic letters
# No word of a living language has more on one letter; with hundreds a line covers the page.
_MARKS = 4
# A link is written several times over in HTML; more of them in one message stay text.
_MOST_LINKS = 10
_REL = "noopener noreferrer nofollow"
_HOST = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")
_ADDRESS = "!#$%&'()*+,-./:;=?@[]_~"  # what an address may hold besides letters and digits


class BadText(ValueError):
    """Text that cannot be what it is meant to be."""


def person_name(text: str) -> str:
    """A name as it is kept: NFC, one line, 1 to 100 characters with a letter among them."""
    name = " ".join(_tidy(text).split())
    broken = any(unicodedata.category(char) in (*_BROKEN, "Cn") for char in name)
    if broken or not 1 <= len(name) <= NAME_LENGTH or not any(char.isalpha() for char in name):
        raise BadText(name)
    return name


def phone_number(text: str) -> str:
    """A number as it is shown: at most 40 characters, of which a phone makes one number."""
    number = without_unseen(text)
    if len(number) > PHONE_LENGTH or not dialled(number):
        raise BadText(number)
    return number


def login_name(text: str) -> str:
    """What somebody signs in as: 1 to 100 characters; upper and lower case are the same."""
    login = login_form(text)
    if not 1 <= len(login) <= NAME_LENGTH or not login.isprintable():
        raise BadText(login)
    return login


def message_text(text: str) -> str:
    """A chat message as it is kept: NFC, lines, without control and direction characters."""
    lines = text.replace("\t", " ").splitlines()
    return _tidy("\n".join("".join(filter(_shows, line)) for line in lines)).strip()


def _shows(char: str) -> bool:
    # Unassigned (Cn) may be an emoji younger than this Python, but never a noncharacter.
    never = "\ufdd0" <= char <= "\ufdef" or ord(char) & 0xFFFE == 0xFFFE
    return not never and unicodedata.category(char) not in _BROKEN


def _tidy(text: str) -> str:
    """NFC without what cannot be seen; again as long as leaving out one thing betrays another."""
    text = unicodedata.normalize("NFC", text)
    while (tidied := unicodedata.normalize("NFC", "".join(_seen(text)))) != text:
        text = tidied
    return text


def _seen(text: str) -> list[str]:
    """Its characters but for invisible ones, and marks in heaps or on no letter."""
    visible = [char for char in text if _is_visible(char)]
    kept: list[str] = []
    marks = _MARKS
    for char, after in pairwise([*visible, ""]):
        if char in (_NON_JOINER, _JOINER):
            if not _joins("".join(kept[-1:]), char, after):
                continue
        elif unicodedata.category(char) in ("Mn", "Me"):
            marks += 1
            if marks > _MARKS:
                continue
        else:
            marks = _MARKS if char.isspace() else 0
        kept.append(char)
    return kept


def _is_visible(char: str) -> bool:
    joins = char in (_NON_JOINER, _JOINER)
    return joins or (unicodedata.category(char) != "Cf" and char not in BLANKS)


def _joins(before: str, joiner: str, after: str) -> bool:
    """Whether it changes how its neighbours look: Indic and Arabic letters, parts of an emoji."""
    if not before:
        return False
    if _VIRAMA in (unicodedata.combining(before), unicodedata.combining(after or " ")):
        return True
    if joiner == _NON_JOINER:
        return unicodedata.bidirectional(before) == "AL" == unicodedata.bidirectional(after or " ")
    emoji = before == _AS_EMOJI or before in _SKINS or unicodedata.category(before) == "So"
    return emoji and unicodedata.category(after or " ") == "So"


@lru_cache(maxsize=256)
def as_html(text: str) -> str:
    """
    The text as HTML that shows exactly it, with its first http(s) addresses as links to a new tab.

    A host that is not what was typed, letter by letter, stands behind its link in brackets.
    """
    parts: list[str] = []
    end = 0
    for place, href, host in islice(_addresses(text), _MOST_LINKS):
        parts.append(html.escape(text[end : place.start]))
        parts.append(_link(href, place.typed, host))
        end = place.end
    parts.append(html.escape(text[end:]))
    return nh3.clean(
        "".join(parts).replace("\n", "<br>"),
        tags={"a", "br", "span"},
        attributes={"a": {"href", "target", "dir"}, "span": {"class"}},
        url_schemes={"http", "https"},
        link_rel=_REL,
    )


def _addresses(text: str) -> Iterator[tuple[links.Found, str, str]]:
    for place in links.found(text):
        if address := _web_address(place.url):
            yield place, *address


def _link(href: str, typed: str, host: str) -> str:
    # Left to right as one piece: its host stands first, whatever is written around it.
    note = f'<span class="host"> ({html.escape(host)})</span>' if host else ""
    return f'<a href="{html.escape(href)}" target="_blank" dir="ltr">{html.escape(typed)}{note}</a>'


def _web_address(url: str) -> tuple[str, str] | None:
    """
    The address in ASCII as a browser opens it, and its host if that is not the typed one.

    None if it is no plain address of the web.
    """
    try:
        parts = urlsplit(url)
        typed, port = parts.hostname or "", parts.port
        host = _ascii_host(typed)
    except ValueError:
        return None
    # A name before @ pretends to be the host: https://jobcenter.digital@evil.example
    if not host or "@" in parts.netloc or parts.scheme not in ("http", "https"):
        return None
    rest = quote(url[len(f"{parts.scheme}://{parts.netloc}") :], safe=_ADDRESS)
    opened = f"{parts.scheme}://{host}{'' if port is None else f':{port}'}{rest}"
    return opened, "" if host == typed else host


def _ascii_host(host: str) -> str:
    """The host as it is looked up, by the same table as browsers (UTS 46); "" if it is none."""
    if not host.isascii() or "xn--" in host:
        host = idna.encode(host, uts46=True).decode("ascii")
    if host.rpartition(".")[2][:1].isdigit():
        ip_address(host)  # 2130706433 and 0x7f.1 are 127.0.0.1, but do not say so
    return host if set(host) <= _HOST and host.strip(".") else ""
