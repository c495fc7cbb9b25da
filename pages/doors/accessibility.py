"""The statement on accessibility, for everybody to read."""

from babel.dates import format_date
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse

from core.languages import LANGUAGES
from core.office import helpline
from core.pieces import pieces
from core.settings import settings
from pages.doors.plain import page
from pages.words import statement
from pages.words.terms import voluntary
from pages.words.words import language


async def accessibility(request: Request) -> HTMLResponse:
    known = settings()
    return page(
        request,
        "accessibility.html",
        house=known.house,
        address=known.address,
        assessed=format_date(statement.ASSESSED, "long", LANGUAGES[language()].locale),
        not_met=statement.not_met(),
        unreviewed=statement.unreviewed(),
        not_tested=statement.not_tested(),
        otherwise=voluntary(),
        mail=known.accessibility_mail,
        phone=await run_in_threadpool(helpline.help_phone),
        arbitration=pieces(known.arbitration or statement.FEDERAL_ARBITRATION),
        law=known.accessibility_law,
    )
