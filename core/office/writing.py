"""
Real-time text (EN 301 549, 6.2): what somebody writes is read while they write it.

Says who may be read so, and what of it; nothing of it is stored or noted. Asked with what a
browser holds, from outside of any page: a link and a device, or a session.
"""

from dataclasses import dataclass
from datetime import datetime

from core.appointment import Actor, By
from core.office import accounts, seats, views
from core.text import message_text

# The end of what stands in the field; who writes more has to send it some time.
LONGEST = 500  # characters


@dataclass(frozen=True)
class Writer:
    """Somebody inside a talk."""

    seat: str
    name: str
    is_guest: bool
    private: bool = False  # among the guests alone, just now


def guest(now: datetime, secret: str, device: str, appointment_id: int) -> Writer | None:
    """The guest behind this browser, while they are inside."""
    if not seats.guest_stays(now, secret, device, appointment_id):
        return None
    visit = views.visit(secret, device)
    return _inside(visit.actor, visit.name, appointment_id, visit.private) if visit else None


def staff(now: datetime, token: str, appointment_id: int) -> Writer | None:
    """The advisor behind this session, while they are inside."""
    found = accounts.signed_in(now, token, active=False)
    return _inside(found.actor, found.name, appointment_id) if found else None


def _inside(actor: Actor, name: str, appointment_id: int, private: bool = False) -> Writer | None:
    seat = views.seat(actor)
    if seat not in seats.inside(appointment_id):
        return None
    return Writer(seat, name, actor.by == By.GUEST, private)


def shown(text: str) -> str:
    """What is shown of it: the end, as a message would be cleaned."""
    return message_text(text[-LONGEST:])
