"""
A link's secret in what has become of it on its way through mail programs and clipboards.

What cannot belong to a secret is taken out: marks and words behind it, breaks and signs nobody
sees inside it, rests of quoted-printable and of HTML. Knows no appointment; what is found here
is still to be looked up. Source: RFC 2045, 6.7 (quoted-printable).
"""

import re
from urllib.parse import unquote

from core import access

_ENTITY = re.compile(r"&#?\w{1,8};")
_QUOTED = re.compile(r"=[0-9A-F]{2}")
_OTHER = re.compile(r"[^A-Za-z0-9_-]")
_TIMES = 2  # so often it may have been encoded on its way, on top of what every address is


def secret(text: str) -> str | None:
    """The secret in the rest of the address; None if too little of one is left."""
    for _time in range(_TIMES):
        text = unquote(text)
    text = _ENTITY.sub("", text)
    # "=20" is a space, or a line's end with a "20" behind it: the length tells.
    whole, quoted = (_OTHER.sub("", each) for each in (text, _QUOTED.sub("", text)))
    found = quoted if access.looks_like_secret(quoted) else whole[: access.SECRET_LENGTH]
    return found if access.looks_like_secret(found) else None
