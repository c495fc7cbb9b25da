"""
Whether a sent sign-in form opens a session: ours, good for one try, not after too many wrong ones.

Knows no password: `core.office.staff_sessions` checks it. Knows no request and no answer.
"""

from concurrent.futures import ThreadPoolExecutor

from core import access, clock
from core.office import staff_sessions
from core.refused import Reason, Refused
from pages.doors import form, limits, twins
from pages.tabs import credentials

# One password after the other: so the count before each is exact, and however many are
# sent, they take neither every thread nor every core from the talks.
one_by_one = ThreadPoolExecutor(1, "sign-in")


class NotChecked(Exception):
    """The password was not looked at, and will not be for so many minutes (0: send it again)."""

    def __init__(self, minutes: int = 0) -> None:
        self.minutes = minutes


class NoCookie(Exception):
    """The form is ours, and its cookie did not come along."""


def checked(sent: dict[str, str], cookies: dict[str, str], here: str) -> str:
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
        token = staff_sessions.sign_in(clock.now(), login, sent.get("password", ""))
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
