"""
Which seats a browser's cookies open now. Knows no page; changes nothing but counts misses.

A second device with the same link is a live seat, too: it has to get in to ask.
"""

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import Scope

from core import clock
from core.office import guest_view, seat_names, staff_sessions
from pages.doors import address, limits
from pages.tabs import credentials
from pages.words import goodbye


async def admitted(scope: Scope) -> frozenset[str]:
    """
    The seats of the person who opens a WebSocket, such as "staff:3" and "guest:17"; the gate asks.

    Unknown links among the cookies count as misses of this address, but no limit ever
    closes a seat that is live.
    """
    seats, misses = await run_in_threadpool(_looked_up, HTTPConnection(scope).cookies)
    if misses:
        limits.link_missed(address.of(scope), misses)
    return seats


def staff(cookies: Mapping[str, str]) -> bool:
    """Whether a member of staff is signed in; asking is no activity."""
    return bool(_staff(cookies))


def _staff(cookies: Mapping[str, str]) -> set[str]:
    token = credentials.staff_token(cookies)
    found = staff_sessions.signed_in(clock.now(), token, active=False) if token else None
    return {seat_names.seat(found.actor)} if found else set()


def _name(visit: guest_view.Visit) -> str:
    """
    What is opened is counted by it: anyone else who has the link uses up nothing of the guest's.
    """
    seat = seat_names.seat(visit.actor)
    if visit.here:
        return seat
    return f"{seat} own" if visit.own else f"{seat} elsewhere"


def _looked_up(cookies: Mapping[str, str]) -> tuple[frozenset[str], int]:
    """The live seats, and how many links never were or have been replaced."""
    # Our doors leave no more than so many in one browser.
    links = credentials.links(cookies)[: credentials.LINKS_KEPT]
    visits = guest_view.visits({link.secret: link.device for link in links})
    now = clock.now()
    guests = {_name(visit) for visit in visits if not goodbye.over(visit, now)}
    return frozenset(guests | _staff(cookies)), len(links) - len(visits)
