"""
POST /signal: a browser's offer in, our answer out (SDP), so that a call can begin or come back.

Not through Streamlit's page: a call comes back before its WebSocket does. Knows only tabs; what
an offer may contain, core.media knows. Answers JSON; a refusal has a code instead of a sentence.
Source: RFC 8829 (offers and answers), RFC 8838 (addresses that come later).
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pages.doors import limits
from pages.doors.plain import NO_STORE
from pages.parts import tabs

MAX_BYTES = 60_000  # four pictures and four sounds make 40,000


class Candidate(BaseModel):
    """RTCIceCandidate.toJSON()."""

    candidate: str = Field(max_length=400)
    sdpMid: str | None = Field(None, max_length=16)  # noqa: N815  (WebRTC's name)
    sdpMLineIndex: int | None = Field(None, ge=0, le=16)  # noqa: N815


class Asked(BaseModel):
    """An offer, or addresses for the offer before, or how large the others' pictures may be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    tab: str = Field(max_length=64)
    offer: str | None = None
    screen: bool = False
    candidates: list[Candidate] = Field(default_factory=list, max_length=40)
    little: bool | None = None


async def set_up(request: Request) -> Response:
    try:
        return await _answered(await request.body(), request)
    except tabs.Refusal as refusal:
        return JSONResponse({"error": refusal.code}, refusal.status, NO_STORE)


async def _answered(body: bytes, request: Request) -> Response:
    if len(body) > MAX_BYTES:
        raise TooLarge
    try:
        asked = Asked.model_validate_json(body)
    except ValidationError as invalid:
        raise tabs.Malformed from invalid
    tab = tabs.of(asked.tab, request.cookies)
    if tab is None:
        raise Unknown
    if not limits.may_signal(tab.tab, tab.seat):
        raise TooMany
    return JSONResponse(await run_in_threadpool(_done, tab, asked), headers=NO_STORE)


def _done(tab: tabs.Tab, asked: Asked) -> dict[str, Any]:
    if not tab.stays():
        raise tabs.NotAllowed
    if asked.offer is not None:
        return {"answer": tab.answer(asked.offer, asked.screen)}
    if asked.little is not None:
        tab.take_little(asked.little)
        return {}
    tab.reach([each.model_dump() for each in asked.candidates], asked.screen)
    return {}


class Unknown(tabs.Refusal):
    """No such tab, or not this browser's: the page is about to get another one."""

    code, status = "unknown_tab", 404


class TooLarge(tabs.Refusal):
    code, status = "too_large", 413


class TooMany(tabs.Refusal):
    code, status = "too_many", 429
