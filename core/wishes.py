"""
What somebody's browser asks for: the Accept-Language header (RFC 9110, 12.5.4).

Knows no language. A browser says what it likes, and anybody may write anything.
"""

from collections.abc import Collection

LONGEST_WISH = 200  # of a header that is read; a browser sends a few dozen letters


def wished(accept_language: str, offered: Collection[str]) -> str | None:
    """The first offered one of an Accept-Language header (RFC 9110, 12.5.4), by its weights."""
    wishes: list[tuple[float, str]] = []
    for wish in accept_language[:LONGEST_WISH].split(","):
        tag, _, parameter = wish.strip().lower().partition(";")
        wishes.append((_weight(parameter), tag.strip()))
    wishes.sort(key=lambda wish: -wish[0])  # the first of equals first
    found = (_offered(tag, offered) for weight, tag in wishes if weight)
    return next((code for code in found if code), None)


def _weight(parameter: str) -> float:
    """Of "q=0.8"; 1 without any, 0 if it cannot be read."""
    name, _, value = parameter.partition("=")
    if not name.strip():
        return 1.0
    digits = value.strip()
    good = name.strip() == "q" and digits.replace(".", "", 1).isdecimal() and len(digits) <= 5
    return min(1.0, float(digits)) if good and digits.isascii() else 0.0


def _offered(tag: str, offered: Collection[str]) -> str | None:
    """It, or what it is a kind of: "uk-ua" is "uk"."""
    while tag:
        if tag in offered:
            return tag
        tag = tag.rpartition("-")[0]
    return None
