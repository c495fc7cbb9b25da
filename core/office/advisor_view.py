"""
What an advisor's pages show: own appointments with their guests, as plain values, never rows.

Scoped like deeds: anybody else's appointment looks like an absent one. Knows no link.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import col, select

from core.appointment import (
    Actor,
    By,
    GuestRole,
    GuestStatus,
    IdentityProof,
    Lack,
    MediaDevice,
    Status,
)
from core.clock import BERLIN
from core.office.guests import guests_of, lacks_of, may_see_screen
from core.office.ledger import reading
from core.office.own_rows import own_appointment, staff_member
from core.office.seat_names import seat
from core.records import Appointment, Guest


@dataclass(frozen=True)
class Person:
    """A guest as staff sees them."""

    id: int
    name: str
    role: GuestRole
    language: str | None
    status: GuestStatus
    waiting_since: datetime | None
    technique_failed: bool
    lacks: tuple[tuple[MediaDevice, Lack], ...]
    identity_how: IdentityProof | None
    device_changed_at: datetime | None
    mailed: bool  # the mail server has the invitation with the present link
    doubted_at: datetime | None

    @property
    def other_device(self) -> bool:
        """Nobody has checked who is there since the seat moved away from somebody they had met."""
        return self.doubted_at is not None and self.identity_how is None

    @property
    def seat(self) -> str:
        """The name of this guest's seat in the live room."""
        return seat(Actor(By.GUEST, self.id, None))


@dataclass(frozen=True)
class Meeting:
    """An appointment as its advisor sees it."""

    id: int
    starts_at: datetime
    ends_at: datetime
    status: Status
    guests: tuple[Person, ...]
    screen_shown: bool
    screen_allowed: bool
    private_since: datetime | None
    knocked_at: datetime | None


def meeting(actor: Actor, appointment_id: int) -> Meeting:
    """One of the advisor's own appointments."""
    with reading() as session:
        row = own_appointment(session, actor, appointment_id)
        return _meeting(row, guests_of(session, row))


def agenda(actor: Actor, day: date) -> list[Meeting]:
    """The advisor's own appointments that start on this day in Berlin, in order."""
    begin = datetime.combine(day, time(), tzinfo=BERLIN)
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=BERLIN)
    with reading() as session:
        staff = staff_member(session, actor)
        found = session.exec(
            select(Appointment, Guest)
            .join(Guest, col(Guest.appointment_id) == Appointment.id, isouter=True)
            .where(
                Appointment.advisor_id == staff.id,
                Appointment.jobcenter_id == staff.jobcenter_id,
                col(Appointment.starts_at) >= begin,
                col(Appointment.starts_at) < end,
            )
            .order_by(col(Appointment.starts_at), col(Appointment.id), col(Guest.id))
        ).all()
    rows: dict[int | None, tuple[Appointment, list[Guest]]] = {}
    for row, guest in found:
        _row, guests = rows.setdefault(row.id, (row, []))
        guests += [guest] if guest else []
    return [_meeting(row, guests) for row, guests in rows.values()]


def _meeting(row: Appointment, guests: list[Guest]) -> Meeting:
    return Meeting(
        row.id or 0,
        row.starts_at,
        row.ends_at,
        row.status,
        tuple(
            Person(
                guest.id or 0,
                guest.name,  # empty once it is forgotten (core.office.forgetting)
                guest.role,
                guest.language,
                guest.status,
                guest.waiting_since if guest.status == GuestStatus.WAITING else None,
                guest.technique_failed,
                lacks_of(guest),
                guest.identity_how,
                guest.device_changed_at,
                guest.mail_sent_at is not None,
                guest.doubted_at,
            )
            for guest in guests
        ),
        screen_shown=row.screen_since is not None,
        screen_allowed=row.status == Status.OPEN and may_see_screen(guests),
        private_since=row.private_since,
        knocked_at=row.knocked_at,
    )
