"""
The one ASGI middleware around Streamlit: who answers, and what every answer says.

Knows the order of the questions; each is answered in a module of its own.
"""

from collections.abc import Callable
from functools import partial

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from core.refused import Away
from pages import doors
from pages.doors import address, languages, limits, live_seats, packing
from pages.gate import admission, body, cookies, headers, live_limits, origin, paths, refusals
from pages.gate.packed import packed
from pages.gate.paths import Kind
from pages.gate.seats import Seats
from pages.upstream import frontend

NO_STORE = {"Cache-Control": "no-store"}


class Gate:
    """Every request and every WebSocket passes here, or is answered here."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._admission = admission.Admission()
        self._seats = {paths.SOCKET: Seats(), paths.LIVE: Seats(live_limits.SPEECH)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._request(cookies.unquoted(scope), receive, send)
        elif scope["type"] == "websocket":
            await self._socket(cookies.unquoted(scope), receive, send)
        else:
            await self.app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        plain = headers.dressed(send, headers.plain_policy())
        place = paths.place(scope)
        languages.speak(scope)
        if again := languages.chosen(Request(scope)):
            await again(scope, receive, plain)
        elif place is None:
            await refusals.refuse(partial(refusals.not_found, scope), scope, receive, plain)
        elif refusal := _refusal(scope, place):
            await refusals.refuse(refusal, scope, receive, plain)
        elif place.kind is Kind.PAGE:
            await self._page(scope, receive, send)
        elif place.kind is Kind.HOST_CONFIG:
            await JSONResponse(frontend.HOST_CONFIG, headers=NO_STORE)(scope, receive, plain)
        elif place.kind is Kind.STREAMLIT:
            await self._streamlit(scope, receive, send)
        else:
            await self._door(scope, place, receive, plain)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            instead = await doors.instead(request)
            page = None if instead else await self._streamlits_page(scope, request)
        except Away:
            instead, page = refusals.away(scope), None
        if page is not None:
            await page(scope, receive, headers.dressed(send, headers.app_policy()))
        elif instead is not None:
            await instead(scope, receive, headers.dressed(send, headers.plain_policy()))

    async def _streamlits_page(self, scope: Scope, request: Request) -> Response:
        full = {}
        # Asked by a page whose WebSocket does not come about (sockets.js): is it that?
        if scope["method"] == "HEAD" and self._seats[paths.SOCKET].full(
            await live_seats.admitted(scope)
        ):
            full = {"Beratungsraum-Windows": "full"}
        if scope["method"] == "HEAD":
            return HTMLResponse(headers={**NO_STORE, **full})
        phone, facts = await doors.foreword(request)
        text = frontend.page(phone, doors.by_link(request), facts)
        return packing.page(request.headers, text, NO_STORE)

    async def _streamlit(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Asked by a foreign page, Streamlit would ask an outside host for its own address.
        sent = [(name, value) for name, value in scope["headers"] if name.lower() != b"origin"]
        dressed = headers.dressed(send, headers.app_policy(), cookies=False)
        if file := await packed(scope):
            await file(scope, receive, dressed)
            return
        await self.app({**scope, "headers": sent}, receive, dressed)

    async def _door(self, scope: Scope, place: paths.Place, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            form = await body.read(receive, place.longest)
            if form is None:
                await refusals.refuse(partial(refusals.too_large, scope), scope, receive, send)
                return
            receive = body.again(form, receive)
        try:
            await self.app(scope, receive, send)
        except Away:  # before anything was answered: a door asks first
            await refusals.away(scope)(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = paths.asked(scope)
        open_here = None if paths.disguised(scope) else self._seats.get(asked)
        if open_here is None:
            await refusals.deny(404, scope, receive, send)
            return
        try:
            admitted = await self._admission.seats(scope)
        except Away:
            await refusals.deny(503, scope, receive, send)
            return
        if not admitted:
            await refusals.deny(403, scope, receive, send)
            return
        socket = open_here.open(admitted, receive, send)
        if socket is None:
            await refusals.deny(429, scope, receive, send)
            return
        inside = admission.behind(scope, socket.seat.mark), socket.receive, socket.send
        try:
            if asked == paths.LIVE:
                await doors.listen(WebSocket(*inside))
            else:
                await self.app(*inside)
        finally:
            open_here.leave(socket)


def _refusal(scope: Scope, place: paths.Place) -> Callable[[], Response] | None:
    """Why a request for an address that exists is refused; None if it is not."""
    asked = Headers(scope=scope)
    if scope["method"] not in place.methods:
        return partial(refusals.not_allowed, scope, place.methods)
    if body.announced(asked) > place.longest:
        return partial(refusals.too_large, scope)
    if scope["method"] == "POST" and not origin.may_send(asked):
        return partial(refusals.foreign, scope)
    if scope["method"] == "POST" and place.form:
        seconds = limits.form_sent(address.of(scope))
        return partial(refusals.too_many, scope, seconds) if seconds else None
    return None
