"""
Going on with another device: the seat moves to it, and the one before loses it.

Knows a device only by the digest of a browser's secret.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from core.appointment import Actor, GuestEvent, GuestStatus
from core.office.guests import UNKNOWN, UNTESTED, refuse_if_closed
from core.office.ledger import transaction
from core.office.moves import move_guest, one_has_gone
from core.office.own_rows import themself
from core.records import Guest
from core.refused import Reason, Refused
from core.trail import Happening

MOST_CHANGES, CHANGES_WITHIN = 5, timedelta(hours=1)  # of device, by one guest


def take_over(actor: Actor, now: datetime, device_hash: str) -> None:
    """
    Go on with another device; the one before loses the seat.

    Who has the link may be somebody else: those who were in the room are let in again, and the
    identity is checked again. What was tested was the other device. Whom nobody has met yet nobody
    can have been exchanged for: then it is no news for the advisor.
    """
    with transaction() as session:
        guest, appointment = themself(session, actor)
        refuse_if_closed(session, appointment, now)
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
