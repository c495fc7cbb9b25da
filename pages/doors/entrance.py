"""
Who gets Streamlit's pages: only somebody with a live seat. Everybody else gets plain HTML.

Knows the pages' addresses, and no step of a visit.
"""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from core.office import views
from pages.doors import link, seats
from pages.doors.plain import go, page

STAFF_PAGES = ("tagesplan", "termin-anlegen", "beratung")


async def instead(request: Request) -> Response | None:
    """The plain answer for one of the pages' addresses, or None: Streamlit may show its page."""
    name = request.url.path.removeprefix(request.scope.get("root_path", "")).strip("/")
    if name == "termin":
        return await link.termin(request)
    if name in STAFF_PAGES:
        signed_in = await run_in_threadpool(seats.staff, request.cookies)
        return None if signed_in else go(request, "anmelden")
    return page(request, "home.html", phone=await run_in_threadpool(views.help_phone))
