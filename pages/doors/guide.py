"""The guide for everybody to read, before an appointment and on any device."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse

from core.office import helpline
from pages.doors.plain import page
from pages.words import goodbye
from pages.words import guide as words


async def guide(request: Request) -> HTMLResponse:
    return page(
        request,
        "guide.html",
        needed=words.needed(),
        way=words.way(),
        troubles=words.troubles(),
        phone=await run_in_threadpool(helpline.help_phone),
        not_your_fault=goodbye.not_your_fault(),
    )
