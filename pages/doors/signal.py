"""
POST /signal: a browser's offer in, our answer out (SDP), so that a call can begin or come back.

Not through Streamlit's page: a call comes back before its WebSocket does. Knows only tabs; what
an offer may contain, core.media knows. Answers JSON; a refusal has a code instead of a sentence.
Source: RFC 8829 (offers and answers).
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.media.transport.offer import MOST_BYTES, MOST_LINES
from core.refused import Away
from pages.doors import turns
from pages.doors.plain import NO_STORE
from pages.tabs import refusals
from pages.tabs import tab as tabs

MAX_BYTES = MOST_BYTES + 2 * MOST_LINES + 200  # JSON writes the end of each line in four bytes
# Of its own: no page waits for an offer.
_threads = ThreadPoolExecutor(4, "signal")
_turns = turns.Turns()
_budgets = turns.Budgets()


class Asked(BaseModel):
    """An offer, or how large the others' pictures may be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    tab: str = Field(max_length=64)
    offer: str | None = None
    screen: bool = False
    little: bool | None = None


async def set_up(request: Request) -> Response:
    try:
        return await _answered(await request.body(), request)
    except refusals.Refusal as refusal:
        return _refused(refusal)
    except Away:
        return _refused(refusals.Busy())


def _refused(refusal: refusals.Refusal) -> Response:
    return JSONResponse({"error": refusal.code}, refusal.status, NO_STORE)


async def _answered(body: bytes, request: Request) -> Response:
    if len(body) > MAX_BYTES:
        raise refusals.TooLarge
    try:
        asked = Asked.model_validate_json(body)
    except ValidationError as invalid:
        raise refusals.Malformed from invalid
    tab = tabs.of(asked.tab, request.cookies)
    call = tab.call if tab is not None else None
    if call is None:
        raise refusals.Unknown
    async with _turns.of(asked.tab):
        budget = _budgets.of(call.seat)
        if not budget.allows(time.monotonic()):
            raise refusals.TooMany
        loop = asyncio.get_running_loop()

        def charge(seconds: float) -> None:
            loop.call_soon_threadsafe(budget.charge, seconds)

        done = await loop.run_in_executor(_threads, _measured, charge, call, asked)
    return JSONResponse(done, headers=NO_STORE)


def _measured(charge: Callable[[float], None], call: tabs.Call, asked: Asked) -> dict[str, Any]:
    """What is done; what it costs, in seconds of the processor, is charged on every path."""
    began = time.thread_time()
    try:
        return _done(call, asked)
    finally:
        charge(time.thread_time() - began + turns.ELSEWHERE)


def _done(call: tabs.Call, asked: Asked) -> dict[str, Any]:
    if not call.stays():
        raise refusals.NotAllowed
    if asked.offer is not None:
        return {"answer": call.answer(asked.offer, asked.screen)}
    if asked.little is None:
        raise refusals.Malformed
    call.take_little(asked.little)
    return {}
