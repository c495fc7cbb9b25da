"""
Who gets Streamlit's pages: only somebody with a live seat. Everybody else gets plain HTML.

Knows the pages' addresses, and no step of a visit.
"""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from core.office import helpline
from pages.doors import link, live_seats
from pages.doors.languages import STAFF_PAGES, page_name
from pages.doors.plain import go, page
from pages.words.visit import facts


def by_link(request: Request) -> bool:
    """Whether one of the pages' addresses is that of a visitor."""
    return page_name(request.scope) == "termin"


async def foreword(request: Request) -> tuple[str, dict[str, str]]:
    """What a page says before it is drawn: whom to call when it is not; with whom and when."""
    visit = await link.visit_here(request) if by_link(request) else None
    if visit is None:
        return await run_in_threadpool(helpline.help_phone), {}
    return visit.jobcenter_phone, (facts(visit) if visit.here else {})


async def instead(request: Request) -> Response | None:
    """The plain answer for one of the pages' addresses, or None: Streamlit may show its page."""
    name = page_name(request.scope)
    if name == "termin":
        return await link.termin(request)
    if name in STAFF_PAGES:
        signed_in = await run_in_threadpool(live_seats.staff, request.cookies)
        return None if signed_in else go(request, "anmelden")
    return page(request, "home.html", phone=await run_in_threadpool(helpline.help_phone))
