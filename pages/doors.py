"""
The plain HTTP doors beside Streamlit: the invitation link and the staff sign-in.

Only here are cookies set. Redirects are relative, so that the whole app may live
under a path prefix. Opening a link changes nothing: mail scanners open links.
"""

from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from core import access, clock
from core.appointment import Refused
from core.office import accounts
from core.settings import settings
from pages.parts.people import LINK_COOKIE, LINK_PARAMETER, STAFF_COOKIE
from pages.parts.words import _, why

AFTER_SIGN_IN = "tagesplan"
LINK_SECONDS = 12 * 60 * 60
NO_STORE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "staff"), autoescape=select_autoescape()
)


async def invitation(request: Request) -> Response:
    """Remember the link in a cookie and go on to a clean address; the same for any link."""
    secret = request.path_params["secret"]
    if not access.looks_like_secret(secret):
        return RedirectResponse("../termin", 303, NO_STORE)
    key = access.link_key(secret)
    answer = RedirectResponse(f"../termin?{LINK_PARAMETER}={key}", 303, NO_STORE)
    _set_cookie(answer, LINK_COOKIE + key, secret, LINK_SECONDS)
    return answer


async def sign_in_form(request: Request) -> Response:
    token = request.cookies.get(STAFF_COOKIE)
    if token and await run_in_threadpool(accounts.signed_in, clock.now(), token):
        return RedirectResponse(AFTER_SIGN_IN, 303, NO_STORE)
    return _form()


async def sign_in(request: Request) -> Response:
    """Check login and password; a fresh session token for every sign-in."""
    if not _from_here(request):
        return _form(status=403)
    fields = await request.form()
    login, password = str(fields.get("login", "")), str(fields.get("password", ""))
    try:
        token = await run_in_threadpool(accounts.sign_in, clock.now(), login, password)
    except Refused as refused:
        return _form(why(refused), login, 401)
    answer = RedirectResponse(AFTER_SIGN_IN, 303, NO_STORE)
    _set_cookie(answer, STAFF_COOKIE, token, int(accounts.LONGEST.total_seconds()))
    return answer


def _form(problem: str = "", login: str = "", status: int = 200) -> HTMLResponse:
    page = _templates.get_template("sign_in.html").render(_=_, problem=problem, login=login)
    # With no-referrer a browser would call the form's origin "null", and `_from_here` refuses that.
    return HTMLResponse(page, status, {**NO_STORE, "Referrer-Policy": "same-origin"})


def _from_here(request: Request) -> bool:
    """False when another site's page sent the form."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _set_cookie(answer: Response, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(
        name, value, max_age=seconds, httponly=True, samesite="lax", secure=settings().https
    )


routes = [
    Route("/termin/{secret}", invitation),
    Route("/anmelden", sign_in_form, methods=["GET"]),
    Route("/anmelden", sign_in, methods=["POST"]),
]
