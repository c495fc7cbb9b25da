"""
What an advisor does on the desk: open, admit, check, send back, end.

Who lets somebody in says when, for all they have seen, that guest last changed the device:
a seat that has moved since belongs to somebody the advisor has not decided about.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from core.appointment import Actor, Event, GuestEvent, GuestStatus, IdentityProof, Status
from core.hours import waiting_room_opens
from core.office.guests import guests_of
from core.office.ledger import note, transaction
from core.office.moves import (
    end_for_everybody,
    end_screen,
    move_appointment,
    move_guest,
    one_has_gone,
)
from core.office.own_rows import own_appointment, own_guest
from core.records import Appointment, Guest
from core.refused import Reason, Refused


def open_room(
    actor: Actor, now: datetime, appointment_id: int, seen: Mapping[int, datetime | None]
) -> None:
    """
    Open the Beratungsraum and let everybody in who waits; not before the Warteraum opens.

    `seen` has the last change of device by the guest's id.
    """
    with transaction() as session:
        appointment = own_appointment(session, actor, appointment_id)
        if now < waiting_room_opens(appointment.starts_at):
            raise Refused(Reason.TOO_EARLY)
        move_appointment(session, actor, now, appointment, Event.OPEN_ROOM)
        for guest in guests_of(session, appointment):
            if guest.status == GuestStatus.WAITING:
                _let_in(session, actor, now, appointment, guest, seen.get(guest.id or 0))


def admit(actor: Actor, now: datetime, guest_id: int, seen: datetime | None) -> None:
    """Let one more person into the open room; `seen` is their last change of device."""
    with transaction() as session:
        guest, appointment = own_guest(session, actor, guest_id)
        if appointment.status != Status.OPEN:
            raise Refused(Reason.CHANGED_MEANWHILE)
        _let_in(session, actor, now, appointment, guest, seen)


def _let_in(
    session: Session,
    actor: Actor,
    now: datetime,
    appointment: Appointment,
    guest: Guest,
    seen: datetime | None,
) -> None:
    if guest.device_changed_at != seen:
        raise Refused(Reason.CHANGED_MEANWHILE)
    if appointment.private_since is not None:  # nobody joins them whom nobody can see
        raise Refused(Reason.PRIVATE)
    if guest.identity_at is None:
        end_screen(session, actor, now, appointment)
    move_guest(session, actor, now, guest, GuestEvent.ADMIT)


def send_back(actor: Actor, now: datetime, guest_id: int) -> None:
    """Send somebody from the open room back to the Warteraum."""
    with transaction() as session:
        guest, appointment = own_guest(session, actor, guest_id)
        move_guest(session, actor, now, guest, GuestEvent.SEND_BACK, waiting_since=now)
        one_has_gone(session, actor, now, appointment)


def check_identity(actor: Actor, now: datetime, guest_id: int, how: IdentityProof) -> None:
    """
    Note that the advisor is sure who is there, and how. Only of somebody in the room.

    From now on this is the device that always gets the seat back.
    """
    with transaction() as session:
        guest, appointment = own_guest(session, actor, guest_id)
        if guest.status != GuestStatus.ADMITTED or guest.identity_at is not None:
            raise Refused(Reason.CHANGED_MEANWHILE)
        if appointment.private_since is not None:  # who cannot see them cannot be sure
            raise Refused(Reason.PRIVATE)
        guest.identity_at, guest.identity_by, guest.identity_how = now, actor.id, how
        guest.own_device_hash = guest.device_hash
        note(session, actor, now, f"identity_{how.value}", guest)


def end(actor: Actor, now: datetime, appointment_id: int) -> None:
    """End the talk for everybody."""
    with transaction() as session:
        appointment = own_appointment(session, actor, appointment_id)
        end_for_everybody(session, actor, now, appointment)
