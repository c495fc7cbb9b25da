"""
What pages show: plain values read from the tables, never rows.

Scoped like deeds: an advisor sees own appointments only, a guest only their own.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy
from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from core import access, words
from core.appointment import (
    Actor,
    By,
    GuestRole,
    GuestStatus,
    IdentityProof,
    MediaDevice,
    Status,
    closed,
    waiting_room_opens,
)
from core.clock import BERLIN
from core.office.ledger import guests_of, may_see_screen, own_appointment, reading, staff_member
from core.records import Appointment, Guest, Jobcenter, Staff
from core.refused import Away
from core.settings import settings

# Made once: with a new alias every time SQLAlchemy would compile the query again every time.
_OTHER = aliased(Guest)
_WAITS = exists().where(
    col(_OTHER.appointment_id) == Appointment.id, col(_OTHER.status) == GuestStatus.WAITING
)

_PHONES: list[str] = []  # of the Jobcenter, up to two, when they were asked for last


@dataclass(frozen=True)
class Person:
    """A guest as staff sees them."""

    id: int
    name: str
    role: GuestRole
    status: GuestStatus
    waiting_since: datetime | None
    technique_failed: bool
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


@dataclass(frozen=True)
class Visit:
    """An appointment as one guest sees it."""

    actor: Actor
    appointment_id: int
    name: str
    role: GuestRole
    status: GuestStatus
    starts_at: datetime
    ends_at: datetime
    appointment_status: Status
    advisor_name: str
    advisor_seat: str
    jobcenter_name: str
    jobcenter_phone: str
    devices: tuple[tuple[MediaDevice, bool | None], ...]
    somebody_waits: bool  # this guest or another one of the appointment
    here: bool  # on the device that was asked about
    own: bool  # which is the guest's own, that always gets the seat back
    private: bool  # everybody inside talks without the advisor
    knocked: bool  # who would like to come back

    def worked(self, device: MediaDevice) -> bool | None:
        """What the device test showed last; None before it showed anything."""
        return dict(self.devices)[device]

    def expired(self, now: datetime) -> bool:
        """Time has closed the link, whether or not anybody has noted it yet."""
        by_time = self.appointment_status in (Status.PLANNED, Status.OPEN, Status.EXPIRED)
        return by_time and self.closed(now)

    def closed(self, now: datetime) -> bool:
        """Nothing is to come any more, no matter who has closed it."""
        return closed(self.appointment_status, self.somebody_waits, self.ends_at, now)

    def too_early(self, now: datetime) -> bool:
        return now < waiting_room_opens(self.starts_at)


def visit(secret: str, device: str = "") -> Visit | None:
    """The visit a link's secret belongs to, or None; `device` is the secret of a browser."""
    return next(iter(visits({secret: device})), None)


def visits(links: Mapping[str, str]) -> list[Visit]:
    """
    All visits these links belong to, secret to device; found in one query, however many are
    invented.
    """
    devices = {access.digest(secret): device for secret, device in links.items()}
    with reading() as session:
        found = session.execute(
            sqlalchemy.select(Guest, Appointment, Staff, Jobcenter, _WAITS)
            .select_from(Guest)
            .join(Appointment, col(Appointment.id) == Guest.appointment_id)
            .join(Staff, col(Staff.id) == Appointment.advisor_id)
            .join(Jobcenter, col(Jobcenter.id) == Guest.jobcenter_id)
            .where(col(Guest.secret_hash).in_(devices))
        ).all()
    return [_visit(devices[guest.secret_hash], guest, *rest) for guest, *rest in found]


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


def seat(actor: Actor) -> str:
    """The name of a person's seat in the live room."""
    return f"{'staff' if actor.by == By.ADVISOR else 'guest'}:{actor.id}"


def screen_of(seat: str) -> str:
    """The name of the seat of an advisor's screen: a picture beside the one of their camera."""
    return f"screen:{seat}"


def help_phone(ask: bool = True) -> str:
    """
    A number for somebody whose link says nothing: the one Jobcenter's or the installation's.

    During an outage, and for who does not `ask`, as it was known last.
    """
    if ask:
        with suppress(Away), reading() as session:
            _PHONES[:] = session.exec(select(Jobcenter.phone).limit(2)).all()
    return settings().help_phone or (_PHONES[0] if len(_PHONES) == 1 else "")


def _visit(
    browser: str,
    guest: Guest,
    appointment: Appointment,
    staff: Staff,
    jobcenter: Jobcenter,
    somebody_waits: bool,
) -> Visit:
    return Visit(
        actor=Actor(By.GUEST, guest.id, guest.jobcenter_id),
        appointment_id=guest.appointment_id,
        name=guest.name,
        role=guest.role,
        status=guest.status,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        appointment_status=appointment.status,
        advisor_name=staff.name,
        advisor_seat=seat(Actor(By.ADVISOR, staff.id, staff.jobcenter_id)),
        jobcenter_name=jobcenter.name,
        jobcenter_phone=jobcenter.phone,
        devices=tuple((each, getattr(guest, f"{each.value}_worked")) for each in MediaDevice),
        somebody_waits=somebody_waits,
        here=guest.device_hash in (None, access.digest(browser)),
        own=guest.own_device_hash == access.digest(browser),
        private=appointment.private_since is not None,
        knocked=appointment.knocked_at is not None,
    )


def _meeting(row: Appointment, guests: list[Guest]) -> Meeting:
    _ = words.translation()
    return Meeting(
        row.id or 0,
        row.starts_at,
        row.ends_at,
        row.status,
        tuple(
            Person(
                guest.id or 0,
                guest.name or _("gelöscht"),  # see core.office.forgetting
                guest.role,
                guest.status,
                guest.waiting_since if guest.status == GuestStatus.WAITING else None,
                guest.technique_failed,
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
