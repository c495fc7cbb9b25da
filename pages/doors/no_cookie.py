"""
What somebody reads whose browser brings no cookie of ours: it takes none, or another one has it.

Knows no link and no account; says what is so, what to do, and whom to call.
"""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse

from core.office import helpline
from pages.doors.plain import page
from pages.words import goodbye
from pages.words.words import _


async def not_kept(request: Request) -> HTMLResponse:
    """A link was opened just now, and the browser has not kept what it was given."""
    return await _said(
        request,
        403,
        *_cookies(),
        _(
            "Bitte erlauben Sie Cookies in den Einstellungen Ihres Browsers und öffnen Sie dann "
            "noch einmal den Link aus Ihrer E-Mail. Oder öffnen Sie ihn in einem anderen Browser "
            "oder auf einem anderen Gerät."
        ),
        goodbye.not_your_fault(),
    )


async def not_signed_in(request: Request) -> HTMLResponse:
    """The same at the staff's door: a form came back at once, and without its cookie."""
    return await _said(
        request,
        403,
        *_cookies(),
        _(
            "Bitte erlauben Sie Cookies in den Einstellungen Ihres Browsers und öffnen Sie dann "
            "die Anmeldung noch einmal. Oder nehmen Sie einen anderen Browser."
        ),
        way=("anmelden", _("Zur Anmeldung")),
    )


async def elsewhere(request: Request) -> HTMLResponse:
    """The address of a running page, in a browser that has not opened the link."""
    return await _said(
        request,
        404,
        _("In diesem Browser ist Ihr Termin nicht offen."),
        _(
            "Die Adresse oben gilt nur in dem Browser, in dem Sie Ihren Link geöffnet haben. "
            "Möchten Sie hier weitermachen? Dann öffnen Sie bitte hier den Link aus Ihrer E-Mail."
        ),
        _(
            "So geht es: Drücken Sie in der E-Mail lange auf den Link, am Computer mit der rechten "
            "Maustaste. Wählen Sie „Link kopieren“ und fügen Sie ihn hier oben ein."
        ),
        goodbye.not_your_fault(),
    )


def _cookies() -> tuple[str, str]:
    return (
        _("Ihr Browser nimmt keine Cookies an."),
        _(
            "Cookies sind kleine Dateien. An ihnen erkennt unsere Seite Sie wieder, ohne sie geht "
            "es nicht. Für Werbung oder zur Verfolgung benutzen wir keine."
        ),
    )


async def _said(
    request: Request, status: int, *sentences: str, way: tuple[str, str] | None = None
) -> HTMLResponse:
    phone = await run_in_threadpool(helpline.help_phone)
    return page(request, "message.html", status, sentences=sentences, phone=phone, way=way)
