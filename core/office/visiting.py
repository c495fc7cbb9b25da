"""
What a guest may do on the way into the room and out of it. Everything concerns only the guest
who acts. Moving the seat to another device is in `core.office.other_device`.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from core.appointment import Actor, By, GuestEvent, GuestStatus, Lack, MediaDevice
from core.hours import waiting_room_opens
from core.office.guests import UNKNOWN, lacks_of, refuse_if_closed
from core.office.ledger import note, transaction
from core.office.moves import move_guest, one_has_gone
from core.office.own_rows import themself
from core.records import Guest
from core.refused import Reason, Refused
from core.settings import settings
from core.trail import Happening

MOST_DEEDS, DEEDS_WITHIN = 30, timedelta(minutes=1)  # of one guest; each is news for the others


def consent(
    actor: Actor,
    now: datetime,
    version: str,
    device_hash: str | None = None,
    language: str | None = None,
) -> None:
    """
    Agree to `version` of the terms of use, read in `language`; from then on this device holds the
    seat.
    """
    with transaction() as session:
        guest, appointment = themself(session, actor)
        refuse_if_closed(session, appointment, now)
        move_guest(
            session,
            actor,
            now,
            guest,
            GuestEvent.CONSENT,
            consented_at=now,
            consented_version=version,
            language=language if language in settings().languages else guest.language,
            device_hash=device_hash,
            own_device_hash=device_hash,
        )


def _refuse_if_too_fast(
    session: Session, now: datetime, guest: Guest, most: int = MOST_DEEDS
) -> None:
    """Somebody who presses for the sake of it has nobody's page redrawn all the time."""
    lately = select(func.count()).where(
        Happening.appointment_id == guest.appointment_id,
        Happening.guest_id == guest.id,
        Happening.by == By.GUEST.value,
        col(Happening.at) > now - DEEDS_WITHIN,
        col(Happening.at) <= now,
    )
    if session.exec(lately).one() >= most:
        raise Refused(Reason.TOO_FAST)


def choose_language(actor: Actor, now: datetime, language: str) -> None:
    """
    What this guest reads in, on every device; those who invited them see it.

    Nothing is kept before they have consented: the link may be in other hands.
    """
    if language not in settings().languages:
        raise Refused(Reason.NOT_FOUND)
    with transaction() as session:
        guest, appointment = themself(session, actor)
        refuse_if_closed(session, appointment, now)
        if guest.language != language and guest.status != GuestStatus.INVITED:
            _refuse_if_too_fast(session, now, guest)
            guest.language = language
            note(session, actor, now, "language_chosen", guest)


def record_device(actor: Actor, now: datetime, device: MediaDevice, worked: bool) -> None:
    """Keep what the device test showed; it speaks for the guest if technique fails."""
    with transaction() as session:
        guest, appointment = themself(session, actor)
        refuse_if_closed(session, appointment, now)
        if guest.status == GuestStatus.INVITED:
            raise Refused(Reason.NOT_CONSENTED)
        column = f"{device.value}_worked"
        if worked and device in dict(lacks_of(guest)):
            _lacks(session, actor, now, guest, device, None)
        if getattr(guest, column) != worked:
            if worked or guest.technique_failed:  # the first failure is taken in any case
                _refuse_if_too_fast(session, now, guest)
            setattr(guest, column, worked)
            if not worked:
                _note_failure(guest, now)
            note(session, actor, now, f"{device.value}_{'worked' if worked else 'failed'}", guest)


def note_lack(actor: Actor, now: datetime, device: MediaDevice, lack: Lack | None) -> None:
    """
    Keep why a camera or microphone cannot be used just now, or that it can (None), as the guest's
    browser says. It speaks for the guest, and the advisor reads it.
    """
    with transaction() as session:
        guest, appointment = themself(session, actor)
        refuse_if_closed(session, appointment, now)
        if guest.status == GuestStatus.INVITED:
            raise Refused(Reason.NOT_CONSENTED)
        if dict(lacks_of(guest)).get(device) != lack:
            if lack is None or guest.technique_failed:
                # What a browser says by itself leaves enough for what its person presses.
                _refuse_if_too_fast(session, now, guest, MOST_DEEDS // 2)
            _lacks(session, actor, now, guest, device, lack)


def _lacks(
    session: Session,
    actor: Actor,
    now: datetime,
    guest: Guest,
    device: MediaDevice,
    lack: Lack | None,
) -> None:
    setattr(guest, f"{device.value}_lacks", lack)
    if lack is not None:
        _note_failure(guest, now)
    note(session, actor, now, f"{device.value}_lacks_{lack or 'nothing'}", guest)


def _note_failure(guest: Guest, now: datetime) -> None:
    """The first one counts, and is never taken back."""
    guest.technique_failed_at = guest.technique_failed_at or now


def enter_waiting(actor: Actor, now: datetime) -> None:
    """Go into the Warteraum; not before it opens."""
    with transaction() as session:
        guest, appointment = themself(session, actor)
        refuse_if_closed(session, appointment, now)
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
        refuse_if_closed(session, appointment, now, but=guest)
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
        refuse_if_closed(session, appointment, now)
        event = GuestEvent.COME_BACK
        move_guest(session, actor, now, guest, event, waiting_since=now, **UNKNOWN)
