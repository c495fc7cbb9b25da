"""
Which rows somebody may have in hand: found by who asks, only inside their own Jobcenter.

What is not one's own looks like what does not exist; an account is found by its login, too, before
anybody has signed in. Changes nothing, and knows no states.
"""

from sqlmodel import Session, col, select

from core import access
from core.appointment import Actor, By
from core.records import Appointment, Guest, Staff
from core.refused import Reason, Refused


def staff_member(session: Session, actor: Actor) -> Staff:
    """The account behind an actor, as it is now; a disabled one does nothing any more."""
    if actor.by != By.ADVISOR:
        raise Refused(Reason.NOT_ALLOWED)
    found = None if actor.id is None else session.get(Staff, actor.id)
    if found is None or found.disabled_at or found.jobcenter_id != actor.jobcenter_id:
        raise Refused(Reason.NOT_FOUND)
    return found


def own_appointment(session: Session, actor: Actor, appointment_id: int) -> Appointment:
    """The advisor's own appointment; anybody else's looks like an absent one."""
    staff_member(session, actor)
    found = _locked(session, appointment_id)
    if found is None or (found.jobcenter_id, found.advisor_id) != (actor.jobcenter_id, actor.id):
        raise Refused(Reason.NOT_FOUND)
    return found


def own_guest(session: Session, actor: Actor, guest_id: int) -> tuple[Guest, Appointment]:
    """A guest of one of the advisor's own appointments."""
    staff = staff_member(session, actor)
    guest = session.exec(
        select(Guest)
        .join(Appointment, col(Appointment.id) == Guest.appointment_id)
        .where(Guest.id == guest_id, Appointment.advisor_id == staff.id)
    ).one_or_none()
    if guest is None:
        raise Refused(Reason.NOT_FOUND)
    appointment = own_appointment(session, actor, guest.appointment_id)
    session.refresh(guest)  # as it is now that the appointment is locked
    return guest, appointment


def themself(session: Session, actor: Actor) -> tuple[Guest, Appointment]:
    """The guest who acts, and their appointment."""
    if actor.by != By.GUEST:
        raise Refused(Reason.NOT_ALLOWED)
    guest = None if actor.id is None else session.get(Guest, actor.id)
    if guest is None or guest.jobcenter_id != actor.jobcenter_id:
        raise Refused(Reason.NOT_FOUND)
    appointment = _locked(session, guest.appointment_id)
    if appointment is None:
        raise Refused(Reason.NOT_FOUND)
    session.refresh(guest)  # as it is now that the appointment is locked
    return guest, appointment


def _locked(session: Session, appointment_id: int) -> Appointment | None:
    """
    The appointment, kept from changing until this transaction ends if it is one that writes.

    Every deed locks the appointment before it looks at its guests, so that nobody enters
    the Warteraum between "is anybody there?" and "recorded as missed". SQLite locks the
    whole file instead (see `core.engine`).
    """
    return session.get(Appointment, appointment_id, with_for_update=bool(session.info))


def account_called(session: Session, login: str) -> Staff | None:
    """The account of this login, in whichever form it was written."""
    forms = access.login_forms(login)
    rows = session.exec(select(Staff).where(col(Staff.login).in_(forms))).all()
    return min(rows, key=lambda row: forms.index(row.login), default=None)
