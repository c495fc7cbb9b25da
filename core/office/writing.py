"""
Real-time text (EN 301 549, 6.2): what somebody writes is read while they write it.

Says who may be read so, and what of it; nothing of it is stored or noted. Asked with what a
browser holds, from outside of any page: a link and a device, or a session.
"""

from dataclasses import dataclass
from datetime import datetime

from core.appointment import Actor, By
from core.office import guest_view, seat_names, seats, staff_sessions
from core.text import message_text

# The end of what stands in the field; who writes more has to send it some time.
LONGEST = 500  # characters


@dataclass(frozen=True)
class Writer:
    """Somebody inside a talk."""

    actor: Actor
    name: str
    private: bool = False  # among the guests alone, just now

    @property
    def seat(self) -> str:
        """Their place in the live room."""
        return seat_names.seat(self.actor)

    @property
    def is_guest(self) -> bool:
        return self.actor.by == By.GUEST


def guest(now: datetime, secret: str, device: str, appointment_id: int) -> Writer | None:
    """The guest behind this browser, while they are inside."""
    if not seats.guest_stays(now, secret, device, appointment_id):
        return None
    visit = guest_view.visit(secret, device)
    return _inside(visit.actor, visit.name, appointment_id, visit.private) if visit else None


def staff(now: datetime, token: str, appointment_id: int) -> Writer | None:
    """The advisor behind this session, while they are inside."""
    found = staff_sessions.signed_in(now, token, active=False)
    return _inside(found.actor, found.name, appointment_id) if found else None


def _inside(actor: Actor, name: str, appointment_id: int, private: bool = False) -> Writer | None:
    writer = Writer(actor, name, private)
    return writer if writer.seat in seats.inside(appointment_id) else None


def shown(text: str) -> str:
    """What is shown of it: the end, as a message would be cleaned."""
    return message_text(text[-LONGEST:])
