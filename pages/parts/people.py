"""
Who is here. The only reader of cookies; knows no rule and changes nothing.

A visitor is known by the secret of their link, staff by a session token. Both lie in
HttpOnly cookies that only our own routes set, so no page can forge them.
"""

from collections.abc import Callable

import streamlit as st

from core import access, clock
from core.appointment import Actor
from core.office import accounts, views

STAFF_COOKIE = "beratung"
LINK_COOKIE = "termin_"
LINK_PARAMETER = "t"
# Asked when something is done, not when the page was drawn.
Who = Callable[[], Actor | None]


def cookies() -> dict[str, str]:
    """The cookies of the page's WebSocket handshake."""
    return dict(st.context.cookies)


def visit() -> views.Visit | None:
    """The visit of the link in this browser tab, read anew from the database."""
    secret = _secret()
    return views.visit(secret) if secret else None


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
    return cookies().get(STAFF_COOKIE)


def _secret() -> str | None:
    jar = cookies()
    key = st.query_params.get(LINK_PARAMETER, "")
    secret = jar.get(LINK_COOKIE + key, "")
    # A forged cookie name must not open a link it does not belong to.
    if not access.looks_like_secret(secret) or access.link_key(secret) != key:
        return None
    return secret
