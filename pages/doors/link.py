"""
The personal link, and the page it leads to as long as there is nothing live behind it.

Opening it changes nothing: mail scanners open links, too. Whoever holds a link that is
unknown, replaced or closed by time learns the same, and after the same time.
"""

import asyncio
import time

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from core import access, clock
from core.office import views
from pages.doors import address, limits
from pages.doors.plain import NO_STORE, go, page, set_cookie
from pages.parts import credentials, goodbye
from pages.parts.words import _

LINK_SECONDS = 24 * 60 * 60  # who tests the device in the evening comes back in the morning
# Longer than any look into the database, and nobody notices it: every miss takes as long.
MISS_SECONDS = 0.1


async def invitation(request: Request) -> Response:
    """Remember the link in a cookie and go on to a clean address."""
    began = time.monotonic()
    secret = request.path_params["secret"]
    guess = secret if access.looks_like_secret(secret) else None
    if await _visit(guess) is None:
        return await _nowhere(request, began, guess)
    key = access.link_key(secret)
    # Opened again in the same browser it is the same device.
    link = credentials.link(request.cookies, key) or credentials.new_link(secret)
    answer = go(request, f"termin?{credentials.LINK_PARAMETER}={key}")
    _forget_others(request, answer)
    set_cookie(answer, credentials.link_cookie(key), str(link), LINK_SECONDS)
    return answer


async def termin(request: Request) -> Response | None:
    """The visitor's page: goodbye or nowhere in plain HTML; None while the visit lives."""
    began = time.monotonic()
    key = request.query_params.get(credentials.LINK_PARAMETER, "")
    link = credentials.link(request.cookies, key)
    guess = link.secret if link else None
    visit = await _visit(guess)
    if visit is None:
        return await _nowhere(request, began, guess)
    if not goodbye.over(visit, clock.now()):
        return None
    said, phone = goodbye.sentences(visit, clock.now()), visit.jobcenter_phone
    return page(request, "message.html", sentences=said, phone=phone)


async def _visit(secret: str | None) -> views.Visit | None:
    """The visit behind a link, unless time has closed it."""
    visit = await run_in_threadpool(views.visit, secret) if secret else None
    return visit if visit and not visit.expired(clock.now()) else None


async def _nowhere(request: Request, began: float, guess: str | None) -> Response:
    """The one answer to every link that leads nowhere; too many guesses are told to wait."""
    seconds = limits.link_missed(address.of(request.scope)) if guess else 0
    answer = page(
        request,
        "message.html",
        429 if seconds else 404,
        {**NO_STORE, "Retry-After": str(seconds)} if seconds else NO_STORE,
        sentences=goodbye.sentences(None, clock.now()),
        problem=_("Bitte warten Sie eine Minute, bevor Sie es wieder versuchen.")
        if seconds
        else "",
        phone=await run_in_threadpool(views.help_phone),
    )
    await asyncio.sleep(began + MISS_SECONDS - time.monotonic())
    return answer


def _forget_others(request: Request, answer: Response) -> None:
    """Too many links would make every request too long to be served."""
    start = credentials.link_cookie("")
    others = [name for name in request.cookies if name.startswith(start)]
    for name in others if len(others) >= credentials.LINKS_KEPT else []:
        set_cookie(answer, name, "", 0)
