"""
Who is here. The only reader of cookies; knows no rule and changes nothing.

A visitor is known by the secret of their link, staff by a session token. Both lie in
HttpOnly cookies that only our own routes set, so no page can forge them.
"""

from collections.abc import Callable

import streamlit as st

from core import clock
from core.appointment import Actor
from core.office import accounts, views
from pages.parts import credentials

# Asked when something is done, not when the page was drawn.
Who = Callable[[], Actor | None]


def cookies() -> dict[str, str]:
    """The cookies of the page's WebSocket handshake."""
    return dict(st.context.cookies)


def visit() -> views.Visit | None:
    """The visit of the link in this browser tab, read anew from the database."""
    link = credentials.link(cookies(), st.query_params.get(credentials.LINK_PARAMETER, ""))
    return views.visit(link.secret) if link else None


def staff(active: bool = True) -> accounts.SignedIn | None:
    """The signed-in staff member, checked anew on every run; `active` as in `accounts`."""
    token = staff_token()
    return accounts.signed_in(clock.now(), token, active) if token else None


def visiting_actor() -> Actor | None:
    """The guest behind the link, as long as it opens a visit."""
    found = visit()
    return found.actor if found else None


def staff_actor() -> Actor | None:
    """The advisor behind the session, as long as it lives; a page asking again is no activity."""
    found = staff(active=False)
    return found.actor if found else None


def staff_token() -> str | None:
    return credentials.staff_token(cookies())
