"""
The cookies that open something: how they are called and what is in them.

Knows no page and asks nobody whether a credential is still good. Under https the names
begin with __Host-: then no other host and no page without encryption can set them.
Source: draft-ietf-httpbis-rfc6265bis, 4.1.3.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core import access
from core.settings import settings

LINK_PARAMETER = "t"
LINKS_KEPT = 20  # in one browser: 2.3 KB of each request


@dataclass(frozen=True)
class Link:
    """What a browser holds of a personal link: its secret, and a secret of this browser alone."""

    secret: str
    device: str

    @property
    def key(self) -> str:
        return access.link_key(self.secret)

    def __str__(self) -> str:
        return f"{self.secret}.{self.device}"


def new_link(secret: str) -> Link:
    """The link in a browser that opens it for the first time."""
    return Link(secret, access.new_secret())


def staff_cookie() -> str:
    return _prefix() + "beratung"


def form_cookie() -> str:
    """Opens nothing; ties a form to the browser it was made for."""
    return _prefix() + "formular"


def language_cookie() -> str:
    """No credential: the page's own script sets it, too (pages/ui/head)."""
    return _prefix() + "sprache"


def link_cookie(key: str) -> str:
    return f"{_prefix()}termin_{key}"


def staff_token(jar: Mapping[str, str]) -> str | None:
    """The token of a staff session, if it could be one."""
    token = jar.get(staff_cookie(), "")
    return token if access.looks_like_secret(token) else None


def link(jar: Mapping[str, str], key: str) -> Link | None:
    """The link of this key. A forged name never opens a link it does not belong to."""
    secret, _, device = jar.get(link_cookie(key), "").partition(".")
    if not access.looks_like_secret(secret) or not access.looks_like_secret(device):
        return None
    found = Link(secret, device)
    return found if found.key == key else None


def links(jar: Mapping[str, str]) -> list[Link]:
    """All links in this browser."""
    start = link_cookie("")
    keys = [name.removeprefix(start) for name in jar if name.startswith(start)]
    return [found for key in keys if (found := link(jar, key))]


def digests(jar: Mapping[str, str]) -> set[str]:
    """Of each credential in this browser what is remembered of it elsewhere."""
    token = staff_token(jar)
    return {access.digest(each) for each in [*map(str, links(jar)), *([token] if token else [])]}


def _prefix() -> str:
    return "__Host-" if settings().https else ""
