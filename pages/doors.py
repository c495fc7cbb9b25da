"""
The plain HTTP doors beside Streamlit: the invitation link and the staff sign-in.

Only here are cookies set. Redirects are relative, so that the whole app may live
under a path prefix. Opening a link changes nothing: mail scanners open links.
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from core import access, clock
from core.appointment import Refused
from core.office import accounts
from core.settings import settings
from pages.gate import same_origin
from pages.parts.people import LINK_COOKIE, LINK_PARAMETER, STAFF_COOKIE
from pages.parts.words import _, why

AFTER_SIGN_IN = "tagesplan"
LINK_SECONDS = 24 * 60 * 60  # who tests the device in the evening comes back in the morning
LINKS_KEPT = 8
FORM = "application/x-www-form-urlencoded"
NO_STORE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "staff"), autoescape=select_autoescape()
)


async def invitation(request: Request) -> Response:
    """Remember the link in a cookie and go on to a clean address; the same for any link."""
    secret = request.path_params["secret"]
    if "_stcore" in secret:
        # Streamlit's page looks for its server below its own address first; there is none.
        return Response(status_code=404)
    # As the browser counts it: an encoded slash goes no deeper.
    below = request.scope["raw_path"].partition(b"/termin/")[2]
    termin = "../" * (below.count(b"/") + 1) + "termin"
    if not access.looks_like_secret(secret):
        return RedirectResponse(termin, 303, NO_STORE)
    key = access.link_key(secret)
    answer = RedirectResponse(f"{termin}?{LINK_PARAMETER}={key}", 303, NO_STORE)
    others = [name for name in request.cookies if name.startswith(LINK_COOKIE)]
    for name in others if len(others) >= LINKS_KEPT else []:
        # Too many would make every request too long to be served.
        answer.delete_cookie(name)
    _set_cookie(answer, LINK_COOKIE + key, secret, LINK_SECONDS)
    return answer


async def sign_in_form(request: Request) -> Response:
    token = request.cookies.get(STAFF_COOKIE)
    if token and await run_in_threadpool(accounts.signed_in, clock.now(), token):
        return RedirectResponse(AFTER_SIGN_IN, 303, NO_STORE)
    return _form()


async def sign_in(request: Request) -> Response:
    """Check login and password; a fresh session token for every sign-in."""
    if "origin" in request.headers and not same_origin(request.headers):
        return _form(_("Bitte senden Sie das Formular noch einmal ab."), status=403)
    if not request.headers.get("content-type", "").startswith(FORM):
        return _form(_("Bitte senden Sie das Formular noch einmal ab."), status=415)
    fields = await request.form()
    login, password = str(fields.get("login", "")), str(fields.get("password", ""))
    try:
        token = await run_in_threadpool(accounts.sign_in, clock.now(), login, password)
    except Refused as refused:
        return _form(why(refused), login, 401)
    await run_in_threadpool(_end_session, request.cookies.get(STAFF_COOKIE))
    answer = RedirectResponse(AFTER_SIGN_IN, 303, NO_STORE)
    _set_cookie(answer, STAFF_COOKIE, token, int(accounts.LONGEST.total_seconds()))
    return answer


def _end_session(token: str | None) -> None:
    """The session this browser had before is over."""
    before = accounts.signed_in(clock.now(), token) if token else None
    if token and before:
        accounts.sign_out(before.actor, clock.now(), token)


def _form(problem: str = "", login: str = "", status: int = 200) -> HTMLResponse:
    page = _templates.get_template("sign_in.html").render(_=_, problem=problem, login=login)
    # With no-referrer a browser would call the form's origin "null", and we refuse that.
    return HTMLResponse(page, status, {**NO_STORE, "Referrer-Policy": "same-origin"})


def _set_cookie(answer: Response, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(
        name, value, max_age=seconds, httponly=True, samesite="lax", secure=settings().https
    )


routes = [
    Route("/termin/{secret:path}", invitation),
    Route("/anmelden", sign_in_form, methods=["GET"]),
    Route("/anmelden", sign_in, methods=["POST"]),
]
