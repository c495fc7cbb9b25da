"""
Closing appointments that nobody ends by hand: called off, missed, or run out of time.

Time may close a link; only a person may record a missed appointment. Ending a talk is in
`core.office.hosting`.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from core import clock
from core.appointment import CLOCK, Actor, Event, Status
from core.hours import LINK_CLOSES_AFTER, closed
from core.office.guests import guests_of, somebody_waits
from core.office.ledger import transaction
from core.office.moves import end_for_everybody, move_appointment
from core.office.own_rows import own_appointment
from core.records import Appointment
from core.refused import Reason, Refused
from core.rules import Attendance, refuse_if_present


def cancel(actor: Actor, now: datetime, appointment_id: int) -> None:
    """Call a planned appointment off."""
    with transaction() as session:
        appointment = own_appointment(session, actor, appointment_id)
        move_appointment(session, actor, now, appointment, Event.CANCEL)


def record_missed(actor: Actor, now: datetime, appointment_id: int) -> None:
    """
    A person says that nobody came; refused while somebody waits or technique failed.

    Nobody can take it back, so a clock that is ahead is not believed.
    """
    with transaction() as session:
        appointment = own_appointment(session, actor, appointment_id)
        if min(now, clock.sure() or now) < appointment.ends_at:
            raise Refused(Reason.TOO_EARLY)
        guests = guests_of(session, appointment)
        refuse_if_present(
            Attendance(guest.status, guest.has_waited, guest.technique_failed) for guest in guests
        )
        move_appointment(session, actor, now, appointment, Event.RECORD_MISSED)


def expire_due(actor: Actor, now: datetime) -> int:
    """Close links that nobody has used, and rooms that nobody has closed. Returns how many."""
    if actor != CLOCK:
        raise Refused(Reason.NOT_ALLOWED)
    done = 0
    with transaction() as session:
        due = session.exec(
            select(Appointment)
            .where(
                col(Appointment.taken) == 0,  # as of everything that goes on; for the index
                col(Appointment.status).in_([Status.PLANNED, Status.OPEN]),
                col(Appointment.ends_at) <= now - LINK_CLOSES_AFTER,
            )
            .with_for_update()
        ).all()
        for appointment in due:
            done += _close_if_due(session, now, appointment)
    return done


def _close_if_due(session: Session, now: datetime, appointment: Appointment) -> bool:
    waits = somebody_waits(guests_of(session, appointment))
    if not closed(appointment.status, waits, appointment.ends_at, now):
        return False
    if appointment.status == Status.OPEN:
        end_for_everybody(session, CLOCK, now, appointment)
    else:
        move_appointment(session, CLOCK, now, appointment, Event.EXPIRE)
    return True
