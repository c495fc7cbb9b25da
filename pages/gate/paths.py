"""
Which addresses there are: our pages, our doors, and what Streamlit's page asks for.

The list of the latter is from the record of a whole journey in a browser; everything else
that Streamlit answers (metrics, uploads, media, its agent API) does not exist here.
"""

from dataclasses import dataclass
from enum import Enum

from starlette.routing import Match
from starlette.types import Scope

from pages import doors
from pages.gate import body
from pages.upstream import installed

PAGES = ("/", "/termin", "/tagesplan", "/termin-anlegen", "/beratung")
LINK = b"/termin/"
SOCKET = "/_stcore/stream"
LIVE = "/live"
HOST_CONFIG = "/_stcore/host-config"
_STREAMLIT = ("/_stcore/health", "/favicon.png")
_READ = frozenset({"GET", "HEAD"})


class Kind(Enum):
    PAGE = "Streamlit's page, or what the doors show instead"
    HOST_CONFIG = "how Streamlit's page behaves"
    STREAMLIT = "a file of Streamlit's page"
    DOOR = "a plain page of our own"


@dataclass(frozen=True)
class Place:
    """What is at an address, and what may be asked of it."""

    kind: Kind
    methods: frozenset[str] = _READ
    longest: int = body.MAX_BYTES  # what may be sent there
    form: bool = False  # by anybody


def asked(scope: Scope) -> str:
    """The path as our routes count it: without the prefix the app is mounted under."""
    return str(scope["path"]).removeprefix(scope.get("root_path", "")) or "/"


def disguised(scope: Scope) -> bool:
    """
    Whether the address is written in an unusual way, "%74ermin" for "termin".

    No page asks so, and a rule of the reverse proxy for an address would not know it. Only of
    a link a mail program may have made something else: its page is calm about that.
    """
    written = bytes(scope.get("raw_path") or b"").removeprefix(scope.get("root_path", "").encode())
    return b"%" in written and not written.startswith(LINK)


def place(scope: Scope) -> Place | None:
    """What is at the address that is asked for; None if there is nothing."""
    if disguised(scope):
        return None
    path = asked(scope)
    if path in PAGES:
        return Place(Kind.PAGE)
    if path == HOST_CONFIG:
        return Place(Kind.HOST_CONFIG)
    if path in _STREAMLIT or path in installed.files():
        return Place(Kind.STREAMLIT)
    if "_stcore" in path:
        # Where Streamlit's page would look, if connection.html did not say where its server is.
        return None
    return _door(scope)


def _door(scope: Scope) -> Place | None:
    routes = [route for route in doors.routes if route.matches(scope)[0] is not Match.NONE]
    methods = frozenset().union(*(route.methods or () for route in routes))
    path = asked(scope)
    longest = doors.FORMS.get(path, body.MAX_BYTES)
    return Place(Kind.DOOR, methods, longest, path in doors.FORMS) if routes else None
