"""
Who is here. The only reader of the handshake; knows no rule. It binds a session to the first
credential that comes with it, and changes nothing else.

To be shown (`visit`, `staff`), somebody is who they were, while the database is away. To do
something (`…_actor`), they are looked up again.

A visitor is known by the secret of their link, staff by a session token. Both lie in
HttpOnly cookies that only our own routes set, so no page can forge them. A session of
Streamlit belongs to whom it was begun with: its id alone shows nothing to anybody else.
"""

from collections.abc import Callable

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core import access, clock
from core.appointment import Actor
from core.office import guest_view, staff_sessions
from core.settings import settings
from pages.parts import known
from pages.tabs import credentials, payers, sessions

# Asked when something is done, not when the page was drawn.
Who = Callable[[], Actor | None]
_STAFF = "staff"


def cookies() -> dict[str, str]:
    """The cookies of the page's WebSocket handshake."""
    return dict(st.context.cookies)


def payer() -> str | None:
    """The mark of the seat that pays for this tab's pages, as the gate has written it."""
    return st.context.headers.get(payers.HEADER)


def session_id() -> str | None:
    """Streamlit's name for this browser tab."""
    context = get_script_run_ctx()
    return context.session_id if context else None


def holder() -> str | None:
    """The digest of the credential that this tab's session was begun with."""
    return sessions.holder_of(session_id() or "")


def strange() -> bool:
    """Somebody else began this session: nothing of it is shown, and nothing in it is touched."""
    began = holder()
    held = [staff_token(), *map(str, credentials.links(cookies()))]
    return began is not None and began not in [access.digest(each) for each in held if each]


def link() -> credentials.Link | None:
    """The link of this browser tab."""
    found = credentials.link(cookies(), st.query_params.get(credentials.LINK_PARAMETER, ""))
    return found if found and _began_with(str(found)) else None


def visit() -> guest_view.Visit | None:
    """The visit of the link in this browser tab, read from the database each time, to be shown."""
    held = link()
    return known.read(_name(held), _visit, held) if held else None


def seated() -> guest_view.Visit | None:
    """The visit, if this is the device that holds its seat, or nobody holds it yet."""
    found = visit()
    return found if found and found.here else None


def is_visitor() -> bool:
    """Whether this tab is that of a link, no matter who else is signed in in this browser."""
    return link() is not None


def phone() -> str:
    """Whom somebody may call, as far as this tab knows it. Asks nobody."""
    held = link()
    seen: guest_view.Visit | staff_sessions.SignedIn | None = known.last(
        _name(held) if held else _STAFF
    )
    return seen.jobcenter_phone if seen else settings().help_phone


def _visit(held: credentials.Link | None) -> guest_view.Visit | None:
    return guest_view.visit(held.secret, held.device) if held else None


def _name(held: credentials.Link) -> str:
    return f"visit {held.key}"


def staff(active: bool = True) -> staff_sessions.SignedIn | None:
    """
    The signed-in staff member, asked for on every run, to be shown; `active`: `staff_sessions`.
    """
    return known.read(_STAFF, _staff, active)


def _staff(active: bool) -> staff_sessions.SignedIn | None:
    token = staff_token()
    if token is None or not _began_with(token):
        return None
    return staff_sessions.signed_in(clock.now(), token, active)


def visiting_actor() -> Actor | None:
    """The guest behind the link, on the device that holds the seat."""
    found = _visit(link())
    return found.actor if found and found.here else None


def arriving_actor() -> Actor | None:
    """The guest behind the link, on a device that does not hold the seat."""
    found = _visit(link())
    return found.actor if found and not found.here else None


def staff_actor() -> Actor | None:
    """The advisor behind the session, as long as it lives; a page asking again is no activity."""
    found = _staff(active=False)
    return found.actor if found else None


def staff_token() -> str | None:
    return credentials.staff_token(cookies())


def device_hash() -> str:
    """What is stored of this browser when it takes a seat."""
    held = link()
    return access.digest(held.device) if held else ""


def _began_with(credential: str) -> bool:
    known = session_id()
    return known is not None and sessions.bind(known, access.digest(credential))
