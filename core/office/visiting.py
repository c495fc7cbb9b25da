"""What a guest may do. Everything concerns only the guest who acts."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from core.appointment import (
    Actor,
    By,
    GuestEvent,
    GuestStatus,
    MediaDevice,
    closed,
    waiting_room_opens,
)
from core.office.ledger import (
    guests_of,
    move_guest,
    note,
    one_has_gone,
    somebody_waits,
    themself,
    transaction,
)
from core.records import Appointment, Guest, Happening
from core.refused import Reason, Refused

MOST_CHANGES, CHANGES_WITHIN = 5, timedelta(hours=1)  # of device, by one guest
MOST_DEEDS, DEEDS_WITHIN = 30, timedelta(minutes=1)  # of one guest; each is news for the others
UNKNOWN = {"identity_at": None, "identity_by": None, "identity_how": None}
UNTESTED = {f"{each.value}_worked": None for each in MediaDevice}


def consent(actor: Actor, now: datetime, version: str, device_hash: str | None = None) -> None:
    """Agree to `version` of the terms of use; from then on this device holds the seat."""
    with transaction() as session:
        guest, appointment = themself(session, actor)
        _refuse_if_closed(session, appointment, now)
        move_guest(
            session,
            actor,
            now,
            guest,
            GuestEvent.CONSENT,
            consented_at=now,
            consented_version=version,
            device_hash=device_hash,
            own_device_hash=device_hash,
        )


def take_over(actor: Actor, now: datetime, device_hash: str) -> None:
    """
    Go on with another device; the one before loses the seat.

    Who has the link may be somebody else: those who were in the room are let in again, and the
    identity is checked again. What was tested was the other device. Whom nobody has met yet nobody
    can have been exchanged for: then it is no news for the advisor.
    """
    with transaction() as session:
        guest, appointment = themself(session, actor)
        _refuse_if_closed(session, appointment, now)
        if guest.device_hash == device_hash:
            raise Refused(Reason.CHANGED_MEANWHILE)
        if device_hash != guest.own_device_hash:
            _refuse_if_too_many_changes(session, now, guest)
        was_inside = guest.status in (GuestStatus.ADMITTED, GuestStatus.LEFT)
        doubted_at = now if _was_met(session, guest) else guest.doubted_at
        move_guest(
            session,
            actor,
            now,
            guest,
            GuestEvent.TAKE_OVER,
            device_hash=device_hash,
            device_changed_at=now,
            doubted_at=doubted_at,
            waiting_since=now if was_inside else guest.waiting_since,
            **UNKNOWN,
            **UNTESTED,
        )
        one_has_gone(session, actor, now, appointment)


def _refuse_if_too_many_changes(session: Session, now: datetime, guest: Guest) -> None:
    """
    Two people with one link cannot go on forever taking the seat from each other.

    Never asked of the guest's own device: nobody may lock the right person out. And with a new
    link it starts over: that is how an advisor decides.
    """
    changes = select(func.count()).where(
        Happening.appointment_id == guest.appointment_id,
        Happening.guest_id == guest.id,
        Happening.what == GuestEvent.TAKE_OVER.value,
        col(Happening.at) > now - CHANGES_WITHIN,
        col(Happening.at) >= (guest.consented_at or now),
    )
    if session.exec(changes).one() >= MOST_CHANGES:
        raise Refused(Reason.TOO_MANY_CHANGES)


def _was_met(session: Session, guest: Guest) -> bool:
    """Whether the advisor has let in the holder of this link; not by the time, clocks are set."""
    deeds = select(Happening.what).where(
        Happening.appointment_id == guest.appointment_id,
        Happening.guest_id == guest.id,
        col(Happening.what).in_([GuestEvent.ADMIT.value, GuestEvent.INVITE_AGAIN.value]),
    )
    return session.exec(deeds.order_by(col(Happening.id).desc())).first() == GuestEvent.ADMIT.value


def _refuse_if_too_fast(session: Session, now: datetime, guest: Guest) -> None:
    """Somebody who presses for the sake of it has nobody's page redrawn all the time."""
    lately = select(func.count()).where(
        Happening.appointment_id == guest.appointment_id,
        Happening.guest_id == guest.id,
        Happening.by == By.GUEST.value,
        col(Happening.at) > now - DEEDS_WITHIN,
        col(Happening.at) <= now,
    )
    if session.exec(lately).one() >= MOST_DEEDS:
        raise Refused(Reason.TOO_FAST)


def record_device(actor: Actor, now: datetime, device: MediaDevice, worked: bool) -> None:
    """Keep what the device test showed; it speaks for the guest if technique fails."""
    with transaction() as session:
        guest, appointment = themself(session, actor)
        _refuse_if_closed(session, appointment, now)
        if guest.status == GuestStatus.INVITED:
            raise Refused(Reason.NOT_CONSENTED)
        column = f"{device.value}_worked"
        if getattr(guest, column) != worked:
            _refuse_if_too_fast(session, now, guest)
            setattr(guest, column, worked)
            if not worked and guest.technique_failed_at is None:
                guest.technique_failed_at = now
            note(session, actor, now, f"{device.value}_{'worked' if worked else 'failed'}", guest)


def enter_waiting(actor: Actor, now: datetime) -> None:
    """Go into the Warteraum; not before it opens."""
    with transaction() as session:
        guest, appointment = themself(session, actor)
        _refuse_if_closed(session, appointment, now)
        if now < waiting_room_opens(appointment.starts_at):
            raise Refused(Reason.TOO_EARLY)
        _refuse_if_too_fast(session, now, guest)
        # Who goes back to test a device has not lost their place.
        since = guest.waiting_since or now
        move_guest(session, actor, now, guest, GuestEvent.ENTER_WAITING, waiting_since=since)


def test_again(actor: Actor, now: datetime) -> None:
    """Leave the Warteraum for the device test."""
    with transaction() as session:
        guest, appointment = themself(session, actor)
        # Going back may not close what nothing but this guest's waiting keeps open.
        _refuse_if_closed(session, appointment, now, but=guest)
        _refuse_if_too_fast(session, now, guest)
        # waiting_since stays: it says that this person was here.
        move_guest(session, actor, now, guest, GuestEvent.TEST_AGAIN)


test_again.__test__ = False  # type: ignore[attr-defined]  # pytest would take it for a test


def leave(actor: Actor, now: datetime) -> None:
    """Leave the talk, alone. What becomes of it is for the advisor to say."""
    with transaction() as session:
        guest, appointment = themself(session, actor)
        move_guest(session, actor, now, guest, GuestEvent.LEAVE)
        one_has_gone(session, actor, now, appointment)


def come_back(actor: Actor, now: datetime) -> None:
    """
    Go to the Warteraum after having left, by mistake or for a while.

    Somebody else may sit at the same device now: the identity is checked again.
    """
    with transaction() as session:
        guest, appointment = themself(session, actor)
        _refuse_if_closed(session, appointment, now)
        event = GuestEvent.COME_BACK
        move_guest(session, actor, now, guest, event, waiting_since=now, **UNKNOWN)


def _refuse_if_closed(
    session: Session, appointment: Appointment, now: datetime, but: Guest | None = None
) -> None:
    """Somebody who waits keeps it open; `but` does not count."""
    waits = somebody_waits(guest for guest in guests_of(session, appointment) if guest is not but)
    if closed(appointment.status, waits, appointment.ends_at, now):
        raise Refused(Reason.TOO_LATE)
