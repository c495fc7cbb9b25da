"""
Who may read a message of the chat.

What guests write in a private minute is read by those who were inside then, each in the browser
they were inside with: who is let in later, or has taken a seat over, never reads it. Knows
neither what was written nor how much.
"""

from sqlalchemy import ColumnElement, exists, or_
from sqlmodel import Session, col

from core.appointment import Actor, By
from core.office.guests import guests_of, inside_of
from core.office.own_rows import themself
from core.records import Appointment, Message, MessageReader


def keep_readers(session: Session, appointment: Appointment, message: Message) -> None:
    """Everybody who is inside now."""
    for guest in inside_of(guests_of(session, appointment)):
        session.add(
            MessageReader(
                appointment_id=message.appointment_id,
                message_id=message.id or 0,
                guest_id=guest.id or 0,
                device_hash=guest.device_hash,
            )
        )


def meant_for(session: Session, actor: Actor) -> ColumnElement[bool]:
    """What others wrote in a private minute is never the advisor's to read, not later either."""
    for_all = col(Message.private).is_(False)
    if actor.by == By.ADVISOR:
        return for_all
    guest, _ = themself(session, actor)
    was_inside = exists().where(
        col(MessageReader.message_id) == Message.id,
        col(MessageReader.guest_id) == guest.id,
        # Who has taken the seat over may be somebody else.
        col(MessageReader.device_hash) == guest.device_hash,
    )
    return or_(for_all, was_inside)
