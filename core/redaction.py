"""
What the log may say: fields named here, and of them nothing that looks personal.

What looks like a secret, a session id, a mail address or an internet address is blotted
out; of an exception its place is said, never its message. Knows no log and no page.
Sources: OWASP ASVS 5.0, 16.2.5; OWASP Logging Cheat Sheet.
"""

import re
import traceback
from types import TracebackType
from typing import Any

from structlog.typing import EventDict

BLOT = "[…]"
# A field that is not named here does not get into the log.
FIELDS = frozenset(
    {"timestamp", "level", "event", "logger", "kind", "where", "code", "deed"}
    | {"count", "more_than", "within", "seconds"}
)
_LOOKS_PERSONAL = re.compile(
    r"(?<=/termin/)\S+"  # a personal link, whole or broken
    r"|(?<![^\s@<>\"'])[^\s@<>\"']+(?:@[^\s@<>\"']+)+"  # a mail address
    r"|[A-Za-z0-9_-]{43,}"  # a secret of ours, or the digest of one
    r"|[0-9A-Fa-f]{8}-?(?:[0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}"  # a session id of Streamlit
    r"|\d{1,3}(?:\.\d{1,3}){3}"  # IPv4
    r"|(?:[0-9A-Fa-f]{0,4}:){2,}[0-9A-Fa-f.]*"  # IPv6
)


def redact(text: str) -> str:
    """The text without anything that looks personal."""
    return _LOOKS_PERSONAL.sub(BLOT, text)


def discreet(_logger: Any, _level: str, entry: EventDict) -> EventDict:
    """Only the fields above, and each of them redacted; the time is our own."""
    return {
        name: value if name == "timestamp" or isinstance(value, int) else redact(str(value))
        for name, value in entry.items()
        if name in FIELDS
    }


def place(trace: TracebackType | None) -> str:
    """Where something failed: files, lines and functions, no values."""
    return "".join(traceback.format_list(traceback.extract_tb(trace)))
