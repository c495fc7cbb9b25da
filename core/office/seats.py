"""
Whose browser may sit in which live room, by what it holds: a link and a device, or a session.

Asked every second from outside of any page. Knows neither pages nor live rooms.
"""

from datetime import datetime

from core.appointment import Actor, GuestStatus, Status
from core.office import accounts, views
from core.refused import Refused

LIVE = (Status.PLANNED, Status.OPEN)
SITTING = (GuestStatus.CONSENTED, GuestStatus.WAITING, GuestStatus.ADMITTED)


def guest_stays(now: datetime, secret: str, device: str, appointment_id: int) -> bool:
    """Whether the browser with this link still holds the guest's seat."""
    visit = views.visit(secret, device)
    return (
        visit is not None
        and visit.here
        and visit.appointment_id == appointment_id
        and visit.appointment_status in LIVE
        and visit.status in SITTING
        and not visit.expired(now)
    )


def staff_stays(now: datetime, token: str, appointment_id: int) -> bool:
    """Whether the session is alive and the appointment still the advisor's; no activity."""
    staff = accounts.signed_in(now, token, active=False)
    try:
        return staff is not None and views.meeting(staff.actor, appointment_id).status in LIVE
    except Refused:
        return False


def inside(actor: Actor, appointment_id: int) -> frozenset[str]:
    """The seats that may hear each other now; nobody, when this person may no longer ask."""
    try:
        return views.admitted(actor, appointment_id)
    except Refused:
        return frozenset()
