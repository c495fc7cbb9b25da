"""
A private minute: everybody inside talks among themselves, the advisor neither hears nor is heard.

For a client and anyone who came along (§ 13 SGB X). The advisor or the client begins it; anybody
inside ends it at once. The advisor alone knocks first and gives them time to finish
their sentence: nobody is overheard because they did not look at the page. Knows no media:
live rooms ask `seats.inside`.
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from core.appointment import Actor, By, GuestRole, GuestStatus, Status
from core.office.guests import guests_of, inside_of
from core.office.ledger import note, reading, transaction
from core.office.moves import end_private, end_screen
from core.office.own_rows import own_appointment, themself
from core.records import Appointment
from core.refused import Reason, Refused

KNOCKING = timedelta(seconds=30)


def begin(actor: Actor, now: datetime, appointment_id: int) -> None:
    """From now on they are among themselves; needs two of them."""
    with transaction() as session:
        appointment = _from_inside(session, actor, appointment_id, (GuestRole.CLIENT,))
        if appointment.status != Status.OPEN or appointment.private_since is not None:
            raise Refused(Reason.CHANGED_MEANWHILE)
        if len(inside_of(guests_of(session, appointment))) < 2:
            raise Refused(Reason.ONLY_ONE_INSIDE)
        end_screen(session, actor, now, appointment)
        appointment.private_since = now
        note(session, actor, now, "private_begun", appointment)


def knock(actor: Actor, now: datetime, appointment_id: int) -> None:
    """The advisor would like to come back; the others read it."""
    with transaction() as session:
        appointment = own_appointment(session, actor, appointment_id)
        if appointment.private_since is None:
            raise Refused(Reason.CHANGED_MEANWHILE)
        if appointment.knocked_at is None:  # the first time counts
            appointment.knocked_at = now
            note(session, actor, now, "private_knocked", appointment)


def end(actor: Actor, now: datetime, appointment_id: int) -> None:
    """The advisor is in the talk again: at once if somebody inside says so."""
    with transaction() as session:
        appointment = _from_inside(session, actor, appointment_id, tuple(GuestRole))
        if appointment.private_since is None:
            raise Refused(Reason.CHANGED_MEANWHILE)
        if actor.by == By.ADVISOR and not may_come_back(appointment.knocked_at, now):
            raise Refused(Reason.STILL_TALKING)
        end_private(session, actor, now, appointment)


def may_come_back(knocked_at: datetime | None, now: datetime) -> bool:
    """Whether the advisor has given the others their time."""
    return knocked_at is not None and now >= knocked_at + KNOCKING


def others(actor: Actor, appointment_id: int) -> tuple[str, ...]:
    """The names of everybody who is inside beside this guest."""
    with reading() as session:
        appointment = _of_guest(session, actor, appointment_id, tuple(GuestRole))
        inside = inside_of(guests_of(session, appointment))
        return tuple(guest.name for guest in inside if guest.id != actor.id)


def _from_inside(
    session: Session, actor: Actor, appointment_id: int, roles: tuple[GuestRole, ...]
) -> Appointment:
    if actor.by == By.ADVISOR:
        return own_appointment(session, actor, appointment_id)
    return _of_guest(session, actor, appointment_id, roles)


def _of_guest(
    session: Session, actor: Actor, appointment_id: int, roles: tuple[GuestRole, ...]
) -> Appointment:
    """The appointment of a guest who is inside, in one of these roles."""
    guest, appointment = themself(session, actor)
    if guest.role not in roles:
        raise Refused(Reason.NOT_ALLOWED)
    if appointment.id != appointment_id:
        raise Refused(Reason.NOT_FOUND)
    if guest.status != GuestStatus.ADMITTED:
        raise Refused(Reason.CHANGED_MEANWHILE)
    return appointment
