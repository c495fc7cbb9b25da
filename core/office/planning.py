"""
Making appointments.

Only the hash of a link's secret stays. Where a press could come twice, the page has drawn the
secret before (`access.new_secret`): a deed with a secret it has used already is the same press
once more. It changes nothing, and answers as it has answered the first time.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from core import access
from core.appointment import Actor
from core.mailbox import mailbox
from core.office.ledger import checked, note, reading, transaction
from core.office.own_rows import staff_member
from core.records import Appointment, Guest, Staff
from core.refused import Reason, Refused
from core.settings import settings
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
    language: str | None = None  # of the invitation; None: nobody has said


def check(
    actor: Actor,
    now: datetime,
    name: str,
    email: str,
    starts_at: datetime,
    ends_at: datetime,
    language: str | None = None,
) -> Wanted:
    """What would be planned; to be looked at before a mail is on its way. Changes nothing."""
    with reading() as session:
        staff_member(session, actor)
    return _wanted(now, name, email, starts_at, ends_at, language)


def plan(
    actor: Actor,
    now: datetime,
    name: str,
    email: str,
    starts_at: datetime,
    ends_at: datetime,
    secret: str | None = None,
    language: str | None = None,
) -> Planned:
    """
    Plan an appointment with one client, invited in `language`; once only with one `secret`.
    """
    secret = secret or access.new_secret()
    with transaction() as session:
        staff = staff_member(session, actor)
        session.refresh(staff, with_for_update=True)  # one press after the other
        if twin := _planned_already(session, staff, secret):
            return twin
        wanted = _wanted(now, name, email, starts_at, ends_at, language)
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
            language=wanted.language,
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


def _wanted(
    now: datetime,
    name: str,
    email: str,
    starts_at: datetime,
    ends_at: datetime,
    language: str | None,
) -> Wanted:
    if ends_at <= starts_at:
        raise Refused(Reason.END_BEFORE_START)
    if starts_at < now.replace(second=0, microsecond=0):
        raise Refused(Reason.IN_THE_PAST)
    if language is not None and language not in settings().languages:
        raise Refused(Reason.NOT_FOUND)
    known = checked(person_name, name, Reason.BAD_NAME), mailbox(email)
    return Wanted(*known, starts_at, ends_at, language)


def _id(row: Appointment | Guest | Staff) -> int:
    if row.id is None:
        raise ValueError("row has no id before it is flushed")
    return row.id
