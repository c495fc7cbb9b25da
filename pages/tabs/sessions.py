"""
With which credential each of Streamlit's sessions was begun.

A session's id alone lets somebody take it over, in Streamlit's own eyes. So the gate asks
here before it passes an id on, and every run of a page asks here again. In memory only,
like the sessions themselves; keeps digests, no credential.
"""

import threading
from collections import OrderedDict

KEPT = 20_000  # sessions; the ones not seen for the longest time are forgotten first

_lock = threading.Lock()
_holders: OrderedDict[str, str] = OrderedDict()


def bind(session_id: str, holder: str) -> bool:
    """The first holder of a session keeps it; True if that is this one."""
    with _lock:
        first = _holders.setdefault(session_id, holder)
        _holders.move_to_end(session_id)
        while len(_holders) > KEPT:
            _holders.popitem(last=False)
        return first == holder


def holder_of(session_id: str) -> str | None:
    """The digest of the credential this session was begun with."""
    with _lock:
        return _holders.get(session_id)
