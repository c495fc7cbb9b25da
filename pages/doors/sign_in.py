"""
The staff sign-in: a plain form, good for one try, answered with a session of its own.

Two presses send it twice, and only the second answer is seen: that is the first one again
(pages/doors/twins.py). Knows no rule: `sign_in_check` says whether the form opens a session.
"""

import asyncio
from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from core import clock
from core.office import staff_sessions
from core.refused import Away, Refused
from pages.doors import address, form, no_cookie
from pages.doors.plain import NO_STORE, go, page, set_cookie
from pages.doors.sign_in_check import NoCookie, NotChecked, checked, one_by_one
from pages.tabs import credentials
from pages.words.words import _, plural, why

AFTER_SIGN_IN = "tagesplan"


async def sign_in_form(request: Request) -> Response:
    token = credentials.staff_token(request.cookies)
    with suppress(Away):  # sending the form will say so
        staff = (
            await run_in_threadpool(staff_sessions.signed_in, clock.now(), token) if token else None
        )
        if staff is not None:
            return go(request, AFTER_SIGN_IN)
    return _form(request)


async def sign_in(request: Request) -> Response:
    """Check login and password; a fresh session token for every sign-in."""
    if not request.headers.get("content-type", "").startswith(form.TYPE):
        return _form(request, _once_more(), status=415)
    sent = await form.fields(request)
    login = sent.get("login", "")
    try:
        token = await asyncio.get_running_loop().run_in_executor(
            one_by_one, checked, sent, request.cookies, address.of(request.scope)
        )
    except NoCookie:
        return await no_cookie.not_signed_in(request)
    except NotChecked as problem:
        return _not_checked(request, problem.minutes, login)
    except Refused as refused:
        return _form(request, why(refused), login, 401)
    except Away:
        sentence = _("Die Anmeldung geht gerade nicht. Bitte versuchen Sie es gleich noch einmal.")
        return _form(request, sentence, login, 503)
    before = credentials.staff_token(request.cookies)
    if before != token:
        with suppress(Away):  # it ends by itself
            await run_in_threadpool(_end_session, before)
    return _signed_in(request, token)


def _once_more() -> str:
    return _("Bitte senden Sie das Formular noch einmal ab.")


def _not_checked(request: Request, minutes: int, login: str) -> Response:
    if minutes == 0:
        return _form(request, _once_more(), login, 403)
    answer = _form(request, _wait(minutes), login, 429)
    answer.headers["Retry-After"] = str(minutes * 60)
    return answer


def _wait(minutes: int) -> str:
    return plural(
        "Das waren zu viele Versuche. Bitte versuchen Sie es in einer Minute wieder.",
        "Das waren zu viele Versuche. Bitte versuchen Sie es in {minutes} Minuten wieder.",
        minutes,
    ).format(minutes=minutes)


def _end_session(token: str | None) -> None:
    """The session this browser had before is over."""
    before = staff_sessions.signed_in(clock.now(), token) if token else None
    if token and before:
        staff_sessions.sign_out(before.actor, clock.now(), token)


def _signed_in(request: Request, token: str) -> Response:
    answer = go(request, AFTER_SIGN_IN)
    seconds = int(staff_sessions.LONGEST.total_seconds())
    set_cookie(answer, credentials.staff_cookie(), token, seconds)
    set_cookie(answer, credentials.form_cookie(), "", 0)
    return answer


def _form(request: Request, problem: str = "", login: str = "", status: int = 200) -> HTMLResponse:
    """A new form, and the cookie it fits."""
    nonce = form.nonce(request.cookies)
    # With no-referrer a browser would call the form's origin "null", and we refuse that.
    headers = {**NO_STORE, "Referrer-Policy": "same-origin"}
    token = form.token(nonce, clock.now())
    answer = page(
        request, "sign_in.html", status, headers, problem=problem, login=login, form=token
    )
    set_cookie(answer, credentials.form_cookie(), nonce, int(form.GOOD_FOR.total_seconds()))
    return answer
