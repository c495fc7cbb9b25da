"""
The second of two presses of one button: the same form once more, with the same words in it.

The browser shows the answer to the last one only, so that is the answer to the first. It is kept
in memory for seconds, and opens nothing but what the first one opened: a session that has been
ended since stays so. Of the password a sealed digest is kept, never the word. Knows no rule.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from time import monotonic

from core.refused import Reason

SECONDS = 20  # from the first answer; anyone who waits that long does not press twice
Answer = str | Reason  # the token of a session, or why there is none


@dataclass(frozen=True)
class _First:
    seal: bytes
    answer: Answer
    ends: float


FIELDS = ("login", "password")
_key = secrets.token_bytes(32)
_first: dict[str, _First] = {}  # by the form's token; in the order in which they end


def keep(sent: dict[str, str], answer: Answer) -> None:
    """What this form was answered with."""
    _forget_old()
    _first[sent["form"]] = _First(_seal(sent), answer, monotonic() + SECONDS)


def of(sent: dict[str, str]) -> Answer | None:
    """What the first form like this was answered with, if there has just been one."""
    _forget_old()
    found = _first.get(sent.get("form", ""))
    if found is None or not hmac.compare_digest(found.seal, _seal(sent)):
        return None
    return found.answer


def _forget_old() -> None:
    now = monotonic()
    for token in [token for token, first in _first.items() if first.ends <= now]:
        del _first[token]


def _seal(sent: dict[str, str]) -> bytes:
    words = "\0".join(f"{len(sent.get(name, ''))} {sent.get(name, '')}" for name in FIELDS)
    return hmac.digest(_key, words.encode(errors="surrogatepass"), hashlib.sha256)
