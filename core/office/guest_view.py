"""
What a guest's pages show: the visit behind a link, as plain values, never rows.

Whoever holds a link sees its visit and no other. Knows nobody else who is invited.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy
from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import col

from core import access
from core.appointment import Actor, By, GuestRole, GuestStatus, Lack, MediaDevice, Status
from core.hours import closed, waiting_room_opens
from core.office.guests import lacks_of
from core.office.ledger import reading
from core.office.seat_names import seat
from core.records import Appointment, Guest, Jobcenter, Staff

# Made once: with a new alias every time SQLAlchemy would compile the query again every time.
_OTHER = aliased(Guest)
_WAITS = exists().where(
    col(_OTHER.appointment_id) == Appointment.id, col(_OTHER.status) == GuestStatus.WAITING
)


@dataclass(frozen=True)
class Visit:
    """An appointment as one guest sees it."""

    actor: Actor
    appointment_id: int
    name: str
    role: GuestRole
    language: str | None
    status: GuestStatus
    starts_at: datetime
    ends_at: datetime
    appointment_status: Status
    advisor_name: str
    advisor_seat: str
    jobcenter_name: str
    jobcenter_phone: str
    devices: tuple[tuple[MediaDevice, bool | None], ...]
    lacks: tuple[tuple[MediaDevice, Lack], ...]
    somebody_waits: bool  # this guest or another one of the appointment
    here: bool  # on the device that was asked about
    own: bool  # which is the guest's own, that always gets the seat back
    private: bool  # everybody inside talks without the advisor
    knocked: bool  # who would like to come back

    def worked(self, device: MediaDevice) -> bool | None:
        """What the device test showed last; None before it showed anything."""
        return dict(self.devices)[device]

    def lack(self, device: MediaDevice) -> Lack | None:
        """Why this guest's browser cannot use it just now, as far as it has said."""
        return dict(self.lacks).get(device)

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
        language=guest.language,
        status=guest.status,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        appointment_status=appointment.status,
        advisor_name=staff.name,
        advisor_seat=seat(Actor(By.ADVISOR, staff.id, staff.jobcenter_id)),
        jobcenter_name=jobcenter.name,
        jobcenter_phone=jobcenter.phone,
        devices=tuple((each, getattr(guest, f"{each.value}_worked")) for each in MediaDevice),
        lacks=lacks_of(guest),
        somebody_waits=somebody_waits,
        here=guest.device_hash in (None, access.digest(browser)),
        own=guest.own_device_hash == access.digest(browser),
        private=appointment.private_since is not None,
        knocked=appointment.knocked_at is not None,
    )
