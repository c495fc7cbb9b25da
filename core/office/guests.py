"""
The guests of an appointment that was found already: who waits, who is inside, what follows.

Changes nothing, and asks nobody whose appointment it is (`core.office.own_rows` does).
"""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from core.appointment import GuestStatus, Lack, MediaDevice
from core.hours import closed
from core.records import Appointment, Guest
from core.refused import Reason, Refused

# What a guest's row says of somebody nobody has checked, and of a device nobody has tested.
UNKNOWN = {"identity_at": None, "identity_by": None, "identity_how": None}
_MAY_LACK = (MediaDevice.CAMERA, MediaDevice.MICROPHONE)
UNTESTED = {f"{each.value}_worked": None for each in MediaDevice} | {
    f"{each.value}_lacks": None for each in _MAY_LACK
}


def guests_of(session: Session, appointment: Appointment) -> list[Guest]:
    return list(
        session.exec(
            select(Guest).where(Guest.appointment_id == appointment.id).order_by(col(Guest.id))
        )
    )


def lacks_of(guest: Guest) -> tuple[tuple[MediaDevice, Lack], ...]:
    """Which of a guest's devices cannot be used just now, and why."""
    said = ((device, getattr(guest, f"{device.value}_lacks")) for device in _MAY_LACK)
    return tuple((device, Lack(lack)) for device, lack in said if lack)


def somebody_waits(guests: Iterable[Guest]) -> bool:
    return any(guest.status == GuestStatus.WAITING for guest in guests)


def inside_of(guests: Iterable[Guest]) -> list[Guest]:
    return [guest for guest in guests if guest.status == GuestStatus.ADMITTED]


def may_see_screen(guests: Iterable[Guest]) -> bool:
    """Somebody is inside, and the identity of everybody who is has been checked."""
    inside = inside_of(guests)
    return bool(inside) and all(guest.identity_at is not None for guest in inside)


def refuse_if_closed(
    session: Session, appointment: Appointment, now: datetime, but: Guest | None = None
) -> None:
    """Somebody who waits keeps it open; `but` does not count."""
    waits = somebody_waits(guest for guest in guests_of(session, appointment) if guest is not but)
    if closed(appointment.status, waits, appointment.ends_at, now):
        raise Refused(Reason.TOO_LATE)
