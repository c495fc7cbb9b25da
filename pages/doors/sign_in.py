"""The staff sign-in: a plain form, checked once, answered with a session of its own."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core import clock
from core.office import accounts
from core.refused import Refused
from pages.doors.plain import NO_STORE, page, set_cookie
from pages.gate import same_origin
from pages.parts import credentials
from pages.parts.words import _, why

AFTER_SIGN_IN = "tagesplan"
FORM = "application/x-www-form-urlencoded"


async def sign_in_form(request: Request) -> Response:
    token = credentials.staff_token(request.cookies)
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
    await run_in_threadpool(_end_session, credentials.staff_token(request.cookies))
    answer = RedirectResponse(AFTER_SIGN_IN, 303, NO_STORE)
    seconds = int(accounts.LONGEST.total_seconds())
    set_cookie(answer, credentials.staff_cookie(), token, seconds)
    return answer


def _end_session(token: str | None) -> None:
    """The session this browser had before is over."""
    before = accounts.signed_in(clock.now(), token) if token else None
    if token and before:
        accounts.sign_out(before.actor, clock.now(), token)


def _form(problem: str = "", login: str = "", status: int = 200) -> HTMLResponse:
    # With no-referrer a browser would call the form's origin "null", and we refuse that.
    headers = {**NO_STORE, "Referrer-Policy": "same-origin"}
    return page("sign_in.html", status, headers, problem=problem, login=login)
