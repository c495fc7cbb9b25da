"""
The personal link, and the page it leads to as long as there is nothing live behind it.

Opening it changes nothing: mail scanners open links, too. Anyone who holds a link that is
unknown, replaced or closed by time learns the same, and after the same time.
"""

import asyncio
import time
from collections.abc import Mapping
from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from core import access, clock
from core.hours import room_closes
from core.office import guest_view, helpline
from pages.doors import address, languages, limits, no_cookie, pasted
from pages.doors.plain import NO_STORE, go, page, set_cookie
from pages.doors.windows import Limit
from pages.tabs import credentials
from pages.words import goodbye
from pages.words.words import _

TO_READ = timedelta(hours=1)  # what stands behind a link that has been over for long
# Longer than any look into the database, and nobody notices it: every miss takes as long.
MISS_SECONDS = 0.1
# Who was sent on from a good link, until they have come with its cookie: a browser follows at once.
_SENT_ON = Limit(1, minutes=0.5)


async def invitation(request: Request) -> Response:
    """Remember the link in a cookie and go on to a clean address."""
    began = time.monotonic()
    secret = pasted.secret(request.path_params["secret"])
    visit = await _visit(secret)
    if secret is None or visit is None:
        return await _nowhere(request, began, secret)
    key = access.link_key(secret)
    # Opened again in the same browser it is the same device.
    link = credentials.link(request.cookies, key) or credentials.new_link(secret)
    answer = go(request, f"termin?{credentials.LINK_PARAMETER}={key}")
    _SENT_ON.hit(*_browser(request, key))
    await _make_room(request, answer, key)
    # Somebody who tests the device days before is recognised when it begins.
    lives = max(room_closes(visit.ends_at) - clock.now(), TO_READ)
    set_cookie(answer, credentials.link_cookie(key), str(link), int(lives.total_seconds()))
    return answer


async def termin(request: Request) -> Response | None:
    """The visitor's page: plain HTML that says why there is none; None while the visit lives."""
    began = time.monotonic()
    key = request.query_params.get(credentials.LINK_PARAMETER, "")
    link = credentials.link(request.cookies, key)
    if link is None and access.looks_like_key(key):
        if _SENT_ON.wait(*_browser(request, key)):
            return await no_cookie.not_kept(request)
        return await no_cookie.elsewhere(request)
    _SENT_ON.clear(*_browser(request, key))
    guess = link.secret if link else None
    visit = await _visit(guess, link.device if link else "")
    if visit is None:
        return await _nowhere(request, began, guess)
    languages.speak(request.scope, visit.language if visit.here else None)
    if not goodbye.over(visit, clock.now()):
        return None
    said, phone = goodbye.sentences(visit, clock.now()), visit.jobcenter_phone
    return page(request, "message.html", sentences=said, phone=phone)


async def visit_here(request: Request) -> guest_view.Visit | None:
    """The visit that this browser's page shows."""
    key = request.query_params.get(credentials.LINK_PARAMETER, "")
    link = credentials.link(request.cookies, key)
    return await _visit(link.secret, link.device) if link else None


def _browser(request: Request, key: str) -> tuple[str, str, str]:
    """As well as it can be known without a cookie."""
    program = access.digest(request.headers.get("user-agent", ""))
    return key, address.of(request.scope), program


async def _visit(secret: str | None, device: str = "") -> guest_view.Visit | None:
    """The visit behind a link, unless time has closed it."""
    visit = await run_in_threadpool(guest_view.visit, secret, device) if secret else None
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
        phone=await run_in_threadpool(helpline.help_phone),
    )
    await asyncio.sleep(began + MISS_SECONDS - time.monotonic())
    return answer


async def _make_room(request: Request, answer: Response, key: str) -> None:
    """Too many links would make every request too long to be served."""
    start = credentials.link_cookie("")
    names = {name for name in request.cookies if name.startswith(start)} - {start + key}
    if len(names) >= credentials.LINKS_KEPT:
        kept = await run_in_threadpool(_soonest, request.cookies, key)
        for name in sorted(names - {credentials.link_cookie(each) for each in kept}):
            set_cookie(answer, name, "", 0)


def _soonest(cookies: Mapping[str, str], but: str) -> list[str]:
    """The keys of the other links whose appointments come first, without those that are over."""
    now = clock.now()
    ends = {}
    for link in credentials.links(cookies)[: 2 * credentials.LINKS_KEPT]:
        visit = guest_view.visit(link.secret, link.device) if link.key != but else None
        if visit and not goodbye.over(visit, now):
            ends[link.key] = visit.ends_at
    return sorted(ends, key=ends.__getitem__)[: credentials.LINKS_KEPT - 1]
