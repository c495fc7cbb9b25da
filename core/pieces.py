"""
A chat message in pieces: what of it is a link, and to which host it leads.

Only http and https addresses become links; everything else is text. Knows no page.
"""

from collections.abc import Iterator
from functools import lru_cache
from ipaddress import ip_address
from itertools import islice
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import idna

from core import links

# An address is sent twice over, and in ASCII; more of them in one message stay text.
_MOST_LINKS = 10
_HOST = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")
_ADDRESS = "!#$%&'()*+,-./:;=?@[]_~"  # what an address may hold besides letters and digits


class Piece(NamedTuple):
    """A piece of a message, exactly as it was typed."""

    text: str
    href: str = ""  # where it leads, in ASCII, if it is a link
    host: str = ""  # of the link, if it is not what was typed, letter by letter


@lru_cache(maxsize=256)
def pieces(text: str) -> tuple[Piece, ...]:
    """The text in order, its first http(s) addresses as links; nothing is left out or added."""
    found: list[Piece] = []
    end = 0
    for place, href, host in islice(_addresses(text), _MOST_LINKS):
        found += [Piece(text[end : place.start]), Piece(place.typed, href, host)]
        end = place.end
    return tuple(piece for piece in (*found, Piece(text[end:])) if piece.text)


def _addresses(text: str) -> Iterator[tuple[links.Found, str, str]]:
    for place in links.found(text):
        if address := _web_address(place.url):
            yield place, *address


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
