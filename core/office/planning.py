"""
Making appointments and closing them unused.

Only the hash of a link's secret stays. Where a press could come twice, the page has drawn the
secret before (`access.new_secret`): a deed with a secret it has used already is the same press
once more. It changes nothing, and answers as it has answered the first time.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from core import access, clock
from core.appointment import (
    CLOCK,
    LINK_CLOSES_AFTER,
    Actor,
    Attendance,
    Event,
    GuestEvent,
    Status,
    closed,
    refuse_if_present,
)
from core.mailbox import mailbox
from core.office.ledger import (
    checked,
    end_for_everybody,
    guests_of,
    move_appointment,
    move_guest,
    note,
    own_appointment,
    own_guest,
    reading,
    somebody_waits,
    staff_member,
    transaction,
)
from core.office.visiting import UNKNOWN, UNTESTED
from core.records import Appointment, Guest, Staff
from core.refused import Reason, Refused
from core.text import person_name


@dataclass(frozen=True)
class Planned:
    """A new appointment with its one-time view of the link's secret."""

    appointment_id: int
    guest_id: int
    secret: str


@dataclass(frozen=True)
class Wanted:
    """An appointment that could be planned, as it would be kept."""

    name: str
    email: str
    starts_at: datetime
    ends_at: datetime


def check(
    actor: Actor, now: datetime, name: str, email: str, starts_at: datetime, ends_at: datetime
) -> Wanted:
    """What would be planned; to be looked at before a mail is on its way. Changes nothing."""
    with reading() as session:
        staff_member(session, actor)
    return _wanted(now, name, email, starts_at, ends_at)


def plan(
    actor: Actor,
    now: datetime,
    name: str,
    email: str,
    starts_at: datetime,
    ends_at: datetime,
    secret: str | None = None,
) -> Planned:
    """Plan an appointment with one client; once only with one `secret`."""
    secret = secret or access.new_secret()
    with transaction() as session:
        staff = staff_member(session, actor)
        session.refresh(staff, with_for_update=True)  # one press after the other
        if twin := _planned_already(session, staff, secret):
            return twin
        wanted = _wanted(now, name, email, starts_at, ends_at)
        appointment = Appointment(
            jobcenter_id=staff.jobcenter_id,
            advisor_id=_id(staff),
            starts_at=wanted.starts_at,
            ends_at=wanted.ends_at,
        )
        session.add(appointment)
        session.flush()
        guest = Guest(
            jobcenter_id=staff.jobcenter_id,
            appointment_id=_id(appointment),
            name=wanted.name,
            email=wanted.email,
            secret_hash=access.digest(secret),
        )
        session.add(guest)
        session.flush()
        note(session, actor, now, "plan", appointment)
        note(session, actor, now, "invite", guest)
        return Planned(_id(appointment), _id(guest), secret)


def _planned_already(session: Session, staff: Staff, secret: str) -> Planned | None:
    """What this advisor has planned with this secret."""
    guest = session.exec(
        select(Guest)
        .join(Appointment, col(Appointment.id) == Guest.appointment_id)
        .where(Guest.secret_hash == access.digest(secret), Appointment.advisor_id == staff.id)
    ).one_or_none()
    return Planned(guest.appointment_id, _id(guest), secret) if guest else None


def new_link(actor: Actor, now: datetime, guest_id: int, secret: str | None = None) -> str:
    """
    Replace a guest's link; the old one opens nothing any more. Returns the new secret.

    The old link may have been in other hands, so consent, device test and
    identity are asked for again. Refused while they are in the room. Once only with one `secret`.
    """
    secret = secret or access.new_secret()
    with transaction() as session:
        guest, appointment = own_guest(session, actor, guest_id)
        if guest.secret_hash == access.digest(secret):
            return secret
        waits = somebody_waits(guests_of(session, appointment))
        if closed(appointment.status, waits, appointment.ends_at, now):
            raise Refused(Reason.TOO_LATE)
        move_guest(
            session,
            actor,
            now,
            guest,
            GuestEvent.INVITE_AGAIN,
            secret_hash=access.digest(secret),
            mail_sent_at=None,
            consented_at=None,
            consented_version=None,
            device_hash=None,
            own_device_hash=None,
            device_changed_at=None,
            doubted_at=None,
            **UNKNOWN,
            **UNTESTED,
        )
    return secret


def mail_sent(actor: Actor, now: datetime, guest_id: int) -> None:
    """Note that the invitation was handed to the mail server."""
    with transaction() as session:
        guest, _ = own_guest(session, actor, guest_id)
        guest.mail_sent_at = now
        note(session, actor, now, "mail_sent", guest)


def address_of(actor: Actor, guest_id: int) -> str:
    """The mail address an invitation goes to."""
    with reading() as session:
        guest, _ = own_guest(session, actor, guest_id)
        return guest.email


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


def _wanted(now: datetime, name: str, email: str, starts_at: datetime, ends_at: datetime) -> Wanted:
    if ends_at <= starts_at:
        raise Refused(Reason.END_BEFORE_START)
    if starts_at < now.replace(second=0, microsecond=0):
        raise Refused(Reason.IN_THE_PAST)
    return Wanted(checked(person_name, name, Reason.BAD_NAME), mailbox(email), starts_at, ends_at)


def _id(row: Appointment | Guest | Staff) -> int:
    if row.id is None:
        raise ValueError("row has no id before it is flushed")
    return row.id
