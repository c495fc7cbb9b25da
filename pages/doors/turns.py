"""
Whose turn it is to set up a call, and what that may cost: one offer of a tab at a time, and so
many seconds of the processor for each person. Knows no offer. Lives on the loop of the pages.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.media.packets.limit import Budget
from pages.tabs import refusals

# Seconds of one core a second, and at once. An offer takes some milliseconds; six tabs that
# cannot come through make four a second.
A_SECOND, AT_ONCE = 0.05, 0.4
ELSEWHERE = 0.003  # what an offer costs in threads that are not measured
SEATS_KEPT = 10_000


class Turns:
    """One at a time for each tab; of those that wait, the newest."""

    def __init__(self) -> None:
        self._busy: set[str] = set()
        self._next: dict[str, asyncio.Future[bool]] = {}

    @asynccontextmanager
    async def of(self, tab: str) -> AsyncIterator[None]:
        """In here nobody else of this tab is; raises Superseded when a newer one has come."""
        if tab in self._busy:
            await self._wait(tab)
        self._busy.add(tab)
        try:
            yield
        finally:
            self._pass_on(tab)

    def _pass_on(self, tab: str) -> None:
        waiting = self._next.pop(tab, None)
        if waiting is None or waiting.done():
            self._busy.discard(tab)
        else:
            waiting.set_result(True)

    async def _wait(self, tab: str) -> None:
        turn = asyncio.get_running_loop().create_future()
        older = self._next.get(tab)
        self._next[tab] = turn
        if older is not None and not older.done():
            older.set_result(False)
        try:
            is_next = await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.result():
                self._pass_on(tab)  # it was given the turn in the same moment
            raise
        if not is_next:
            raise refusals.Superseded


class Budgets:
    """What each person may spend; of whom nothing is known, everything."""

    def __init__(self) -> None:
        self._budgets: dict[str, Budget] = {}

    def of(self, seat: str) -> Budget:
        if len(self._budgets) >= SEATS_KEPT:
            self._budgets.clear()
        return self._budgets.setdefault(seat, Budget(A_SECOND, AT_ONCE))
