"""
The staff sign-in: a plain form, good for one try, answered with a session of its own.

Two presses send it twice, and only the second answer is seen: that is the first one again
(pages/doors/twins.py). Knows no password: `core.office.accounts` checks it, unless there were too
many wrong ones.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from core import access, clock
from core.office import accounts
from core.refused import Away, Reason, Refused
from pages.doors import address, form, limits, no_cookie, twins
from pages.doors.plain import NO_STORE, go, page, set_cookie
from pages.tabs import credentials
from pages.words.words import _, why

AFTER_SIGN_IN = "tagesplan"
# One password after the other: so the count before each is exact, and however many are
# sent, they take neither every thread nor every core from the talks.
_one_by_one = ThreadPoolExecutor(1, "sign-in")


class NotChecked(Exception):
    """The password was not looked at, and will not be for so many minutes (0: send it again)."""

    def __init__(self, minutes: int = 0) -> None:
        self.minutes = minutes


class NoCookie(Exception):
    """The form is ours, and its cookie did not come along."""


async def sign_in_form(request: Request) -> Response:
    token = credentials.staff_token(request.cookies)
    with suppress(Away):  # sending the form will say so
        staff = await run_in_threadpool(accounts.signed_in, clock.now(), token) if token else None
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
            _one_by_one, _checked, sent, request.cookies, address.of(request.scope)
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


def _checked(sent: dict[str, str], cookies: dict[str, str], here: str) -> str:
    """The token of a new session. A form that nothing was done with stays good."""
    login = sent.get("login", "")
    account = access.digest(access.login_form(login))
    if first := twins.of(sent):
        return _again(first, sent, cookies)
    if form.without_cookie(sent.get("form", ""), cookies, clock.now()):
        raise NoCookie
    if not form.fits(sent.get("form", ""), cookies, clock.now()):
        raise NotChecked
    if minutes := limits.sign_in_wait(account, here):
        raise NotChecked(minutes)
    if not limits.first_use(sent["form"]):
        raise NotChecked
    try:
        token = accounts.sign_in(clock.now(), login, sent.get("password", ""))
    except Refused as refused:
        limits.sign_in_failed(account, here)
        twins.keep(sent, refused.reason)
        raise
    limits.signed_in(account, here)
    twins.keep(sent, token)
    return token


def _again(first: twins.Answer, sent: dict[str, str], cookies: dict[str, str]) -> str:
    """
    The answer this form has had, to the browser it was for.

    That is known by the form's own cookie, or by the session's: with it the form's was deleted.
    """
    here = first == credentials.staff_token(cookies)
    if not here and not form.fits(sent["form"], cookies, clock.now()):
        raise NotChecked
    if isinstance(first, Reason):
        raise Refused(first)
    return first


def _once_more() -> str:
    return _("Bitte senden Sie das Formular noch einmal ab.")


def _not_checked(request: Request, minutes: int, login: str) -> Response:
    if minutes == 0:
        return _form(request, _once_more(), login, 403)
    answer = _form(request, _wait(minutes), login, 429)
    answer.headers["Retry-After"] = str(minutes * 60)
    return answer


def _wait(minutes: int) -> str:
    if minutes == 1:
        return _("Das waren zu viele Versuche. Bitte versuchen Sie es in einer Minute wieder.")
    return _(
        "Das waren zu viele Versuche. Bitte versuchen Sie es in {minutes} Minuten wieder."
    ).format(minutes=minutes)


def _end_session(token: str | None) -> None:
    """The session this browser had before is over."""
    before = accounts.signed_in(clock.now(), token) if token else None
    if token and before:
        accounts.sign_out(before.actor, clock.now(), token)


def _signed_in(request: Request, token: str) -> Response:
    answer = go(request, AFTER_SIGN_IN)
    seconds = int(accounts.LONGEST.total_seconds())
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
