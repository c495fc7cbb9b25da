"""What an advisor does on the desk: open, admit, check, send back, end."""

from datetime import datetime

from core.appointment import (
    Actor,
    Event,
    GuestEvent,
    GuestStatus,
    IdentityProof,
    Status,
    waiting_room_opens,
)
from core.office.ledger import (
    end_for_everybody,
    guests_of,
    move_appointment,
    move_guest,
    note,
    own_appointment,
    own_guest,
    transaction,
)
from core.refused import Reason, Refused


def open_room(actor: Actor, now: datetime, appointment_id: int) -> None:
    """Open the Beratungsraum and let everybody in who waits; not before the Warteraum opens."""
    with transaction() as session:
        appointment = own_appointment(session, actor, appointment_id)
        if now < waiting_room_opens(appointment.starts_at):
            raise Refused(Reason.TOO_EARLY)
        move_appointment(session, actor, now, appointment, Event.OPEN_ROOM)
        for guest in guests_of(session, appointment):
            if guest.status == GuestStatus.WAITING:
                move_guest(session, actor, now, guest, GuestEvent.ADMIT)


def admit(actor: Actor, now: datetime, guest_id: int) -> None:
    """Let one more person into the open room."""
    with transaction() as session:
        guest, appointment = own_guest(session, actor, guest_id)
        if appointment.status != Status.OPEN:
            raise Refused(Reason.CHANGED_MEANWHILE)
        move_guest(session, actor, now, guest, GuestEvent.ADMIT)


def send_back(actor: Actor, now: datetime, guest_id: int) -> None:
    """Send somebody from the open room back to the Warteraum."""
    with transaction() as session:
        guest, _ = own_guest(session, actor, guest_id)
        move_guest(session, actor, now, guest, GuestEvent.SEND_BACK, waiting_since=now)


def check_identity(actor: Actor, now: datetime, guest_id: int, how: IdentityProof) -> None:
    """Note that the advisor is sure who is there, and how. Only of somebody in the room."""
    with transaction() as session:
        guest, _ = own_guest(session, actor, guest_id)
        if guest.status != GuestStatus.ADMITTED or guest.identity_at is not None:
            raise Refused(Reason.CHANGED_MEANWHILE)
        guest.identity_at, guest.identity_by, guest.identity_how = now, actor.id, how
        note(session, actor, now, f"identity_{how.value}", guest)


def end(actor: Actor, now: datetime, appointment_id: int) -> None:
    """End the talk for everybody."""
    with transaction() as session:
        appointment = own_appointment(session, actor, appointment_id)
        end_for_everybody(session, actor, now, appointment)
