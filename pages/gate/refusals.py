"""What somebody reads who is not let through: plain pages, with the right status."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from pages.doors.plain import NO_STORE, page
from pages.gate import headers
from pages.parts.words import _


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


def foreign(scope: Scope) -> Response:
    return _message(
        scope,
        403,
        _("Das hat nicht geklappt"),
        _("Bitte öffnen Sie die Seite noch einmal und senden Sie das Formular von dort ab."),
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
