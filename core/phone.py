"""
A phone number as people write it in Germany, and what a phone dials for it.

Of two numbers, an extension or a number without its area code a phone makes another one:
they are none. Knows no table and no page.
"""

import re
from functools import lru_cache

import phonenumbers

from core.unseen import without_unseen

HERE = "DE"
LONGEST = 15  # digits with the country's (E.164)
_SIGNS = re.compile(r"\(?\+?[0-9 ()/.‐‑‒–—−-]+", re.ASCII)


@lru_cache(maxsize=256)
def dialled(text: str) -> str:
    """The one number in it: `+49…`, or a short one as it is (115). Empty if there is not one."""
    text = without_unseen(text)
    if not _SIGNS.fullmatch(text):
        return ""
    parts = text.split("/")
    # 030/23125 has its area code before the stroke; 030 23125 / 23126 are two numbers.
    if any(_number("".join(parts[:end])) for end in range(1, len(parts))):
        return ""
    return _number("".join(parts))


def _number(text: str) -> str:
    try:
        parsed = phonenumbers.parse(text, HERE)
    except phonenumbers.NumberParseException:
        return ""
    if not text.lstrip("( ").startswith(("+", "0")):
        # Without an area code it is somewhere else's number, unless it is a short one: 116117.
        number = str(parsed.national_number)
        short = phonenumbers.is_valid_short_number_for_region(parsed, HERE)
        return number if short and not phonenumbers.is_emergency_number(number, HERE) else ""
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    right = phonenumbers.is_valid_number(parsed) and parsed.extension is None
    return written if right and len(written) - 1 <= LONGEST else ""
