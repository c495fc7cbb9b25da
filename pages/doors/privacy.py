"""What is stored and for how long, for everybody to read: the data map as a page."""

from itertools import groupby

from starlette.requests import Request
from starlette.responses import HTMLResponse

from core.office.kept import KEPT, Kept
from core.office.periods import Goes, Period, until, way
from core.settings import settings
from pages.doors.plain import page
from pages.words.words import _, translate


async def privacy(request: Request) -> HTMLResponse:
    """Grouped by how long: that is what people look for."""
    rows = sorted(KEPT, key=lambda row: list(Period).index(row.period))
    groups = [
        (until(period, settings(), translate()), [_item(row) for row in same])
        for period, same in groupby(rows, key=lambda row: row.period)
    ]
    return page(request, "privacy.html", groups=groups)


def _item(row: Kept) -> tuple[str, str]:
    """What it is, and a sentence about it."""
    where = "" if row.columns else _(row.place) + ": "
    goes = f" ({way(row.goes, translate())})" if row.goes is Goes.REPLACED else ""
    return where + _(row.what), _(row.why) + goes
