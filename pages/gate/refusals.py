"""
What somebody reads who is not let through: plain pages, with the right status; of a WebSocket the
status alone.

To refuse costs something, too: whoever sends without a pause waits for the answer.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketClose

from core.office import helpline
from pages.doors.plain import NO_STORE, page
from pages.gate import headers
from pages.gate.bucket import Bucket
from pages.gate.socket_limits import POLICY
from pages.words.words import _

AGAIN_SECONDS = 5
GONE_SECONDS = 1
CLOSE = {"Connection": "close"}
# One refusal costs half a millisecond on the loop that carries the talks, most of it the page. So
# many a second, of all addresses together, are answered at once; an honest one is made now and
# then. Of more than `MOST_WAITING` nobody gets a page.
_at_once = Bucket(rate=50, burst=100)
LATER_SECONDS = 2
MOST_WAITING = 200
_waiting: set[object] = set()


async def refuse(
    answer: Callable[[], Response], scope: Scope, receive: Receive, send: Send
) -> None:
    """Answer with it, later when very much is refused, and with a bare 429 when even more is."""
    late = not _at_once.take_now()
    if late and len(_waiting) >= MOST_WAITING:
        await Response(status_code=429, headers=CLOSE)(scope, receive, send)
        return
    if late:
        me = object()
        _waiting.add(me)
        try:
            # Nothing is read meanwhile: what is sent on stays where it is limited.
            await asyncio.sleep(LATER_SECONDS)
        finally:
            _waiting.discard(me)
    made = answer()
    if late:
        made.headers.update(CLOSE)
    await made(scope, receive, send)


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
        phone=helpline.help_phone(ask=False),
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


async def deny(status: int, scope: Scope, receive: Receive, send: Send) -> None:
    """Before a WebSocket is accepted: as an answer with headers if the server can."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await WebSocketClose(POLICY)(scope, receive, send)
        return
    dressed = headers.dressed(send, headers.plain_policy())
    await WebSocket(scope, receive, dressed).send_denial_response(Response(status_code=status))
    # uvicorn reports an error for an app that returns before the connection is gone: it says
    # so once for the answer and once for the connection.
    with suppress(TimeoutError):
        async with asyncio.timeout(GONE_SECONDS):
            for _said in range(2):
                while (await receive())["type"] != "websocket.disconnect":
                    pass


def _message(scope: Scope, status: int, *sentences: str) -> Response:
    return page(Request(scope), "message.html", status, NO_STORE, sentences=sentences)
