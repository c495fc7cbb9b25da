"""
The language of a request: who reads here, the list of languages, and what was chosen from it.

A page without scripts has the list as links to itself; following one changes a cookie and nothing
else.
"""

from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from core import access
from core.languages import LANGUAGES, Language
from core.settings import settings
from pages.tabs import reading
from pages.tabs.credentials import LINK_PARAMETER, language_cookie
from pages.words import words

STAFF_PAGES = ("tagesplan", "termin-anlegen", "beratung")
SIGN_IN = "anmelden"
OWN = "same-origin"
NO_STORE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def speak(scope: Scope, kept: str | None = None) -> None:
    """From now on in this request; `kept` is what is known of who asks."""
    headers = Headers(scope=scope)
    jar = cookie_parser(headers.get("cookie", ""))
    accepted = headers.get("accept-language", "")
    words.speak(reading.of(jar, accepted, kept=kept, staff=_is_staffs(scope)))


def chosen(request: Request) -> Response | None:
    """The same page once more, without the choice in its address, if one was made."""
    code = request.query_params.get(reading.CHOICE, "")
    if request.method != "GET" or code not in reading.offered(_is_staffs(request.scope)):
        return None
    # Relative to itself; with "./" a colon in it is no scheme.
    last = bytes(request.scope["raw_path"]).partition(b"?")[0].rpartition(b"/")[2].decode("latin-1")
    answer = RedirectResponse(f"./{last}{_query(request)}", 303, NO_STORE)
    if request.headers.get("sec-fetch-site", OWN) in (OWN, "none"):  # or another site has chosen
        answer.set_cookie(
            language_cookie(),
            code,
            max_age=reading.COOKIE_SECONDS,
            samesite="lax",
            secure=settings().https,
        )
    return answer


def ways(request: Request) -> list[tuple[Language, str]]:
    """Each language with the address of the same page in it, from that page."""
    return [
        (LANGUAGES[code], _query(request, **{reading.CHOICE: code}))
        for code in reading.offered(_is_staffs(request.scope))
    ]


def _query(request: Request, **more: str) -> str:
    """Of what was asked only the key of a link stays: nothing else is said back by a plain page."""
    key = request.query_params.get(LINK_PARAMETER, "")
    query = ({LINK_PARAMETER: key} if access.looks_like_key(key) else {}) | more
    return f"?{urlencode(query)}" if query else ""


def page_name(scope: Scope) -> str:
    """Which page is asked for: its path without the prefix the app is mounted under."""
    return str(scope["path"]).removeprefix(scope.get("root_path", "")).strip("/")


def _is_staffs(scope: Scope) -> bool:
    return page_name(scope) in (*STAFF_PAGES, SIGN_IN)
