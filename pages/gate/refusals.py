"""What somebody reads who is not let through: plain pages, with the right status."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from core.office import views
from pages.doors.plain import NO_STORE, page
from pages.gate import headers
from pages.words.words import _

AGAIN_SECONDS = 5


def not_found(scope: Scope) -> Response:
    return _message(
        scope,
        404,
        _("Diese Seite gibt es nicht"),
        _("Bitte öffnen Sie den Link aus Ihrer E-Mail noch einmal."),
    )


def not_allowed(scope: Scope, methods: frozenset[str]) -> Response:
    answer = _message(scope, 405, _("Das geht hier nicht"))
    answer.headers["Allow"] = ", ".join(sorted(methods))
    return answer


def too_large(scope: Scope) -> Response:
    return _message(scope, 413, _("Das ist zu viel auf einmal"))


def too_many(scope: Scope, seconds: int) -> Response:
    answer = _message(
        scope,
        429,
        _("Das waren zu viele Versuche"),
        _("Bitte warten Sie einige Sekunden und senden Sie das Formular dann noch einmal ab."),
    )
    answer.headers["Retry-After"] = str(seconds)
    return answer


def foreign(scope: Scope) -> Response:
    return _message(
        scope,
        403,
        _("Das hat nicht geklappt"),
        _("Bitte öffnen Sie die Seite noch einmal und senden Sie das Formular von dort ab."),
    )


def away(scope: Scope) -> Response:
    """The database is away: the page asks again by itself."""
    return page(
        Request(scope),
        "message.html",
        503,
        {**NO_STORE, "Retry-After": str(AGAIN_SECONDS), "Refresh": str(AGAIN_SECONDS)},
        sentences=[
            _("Das geht gerade nicht"),
            _("Das liegt nicht an Ihnen. Bitte warten Sie, wir versuchen es weiter."),
        ],
        phone=views.help_phone(ask=False),
    )


async def failed(request: Request, _problem: Exception) -> Response:
    """What nobody has foreseen; the log has more."""
    answer = _message(
        request.scope,
        500,
        _("Das hat leider nicht geklappt"),
        _("Bitte versuchen Sie es in einigen Minuten noch einmal."),
    )
    # Answered outside of the gate.
    answer.headers.update(headers.every(headers.plain_policy()))
    return answer


def _message(scope: Scope, status: int, *sentences: str) -> Response:
    return page(Request(scope), "message.html", status, NO_STORE, sentences=sentences)
