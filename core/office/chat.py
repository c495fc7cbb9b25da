"""
The chat of an open room: who may write and read, in the order it was written, and how much.

A message has at most MESSAGE_LENGTH characters, so at most four times as many bytes. Only the
newest are read: a page is drawn with every message, and stays quick however much was written.

Which message is meant for whom is in `core.office.chat_readers`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from core.appointment import Actor, By, GuestStatus, Status
from core.columns import MESSAGE_LENGTH
from core.office import seat_names
from core.office.chat_readers import keep_readers, meant_for
from core.office.ledger import note, reading, transaction
from core.office.news import MESSAGE
from core.office.own_rows import own_appointment, themself
from core.records import Appointment, Guest, Message, Staff
from core.refused import Reason, Refused
from core.text import message_text

MOST_AT_ONCE, AT_ONCE = 10, timedelta(seconds=10)  # of one person
MOST_IN_ALL = 1000  # of one appointment
NEWEST = 100  # are read
# What is typed may hold characters that are not kept; no more is looked at than this.
MOST_TYPED = 4 * MESSAGE_LENGTH


@dataclass(frozen=True)
class Entry:
    """One message as the reader sees it."""

    number: int
    at: datetime
    seat: str
    author: str
    mine: bool
    text: str


def write(actor: Actor, now: datetime, appointment_id: int, text: str) -> None:
    """Say something in the chat of an open room one is in."""
    if len(text) > MOST_TYPED:
        raise Refused(Reason.MESSAGE_TOO_LONG)
    cleaned = message_text(text)
    if not cleaned:
        raise Refused(Reason.MESSAGE_EMPTY)
    if len(cleaned) > MESSAGE_LENGTH:
        raise Refused(Reason.MESSAGE_TOO_LONG)
    with transaction() as session:
        appointment = _room_of(session, actor, appointment_id)
        if appointment.status != Status.OPEN:
            raise Refused(Reason.TOO_LATE)
        message = Message(
            jobcenter_id=appointment.jobcenter_id,
            appointment_id=appointment_id,
            at=now,
            guest_id=actor.id if actor.by == By.GUEST else None,
            staff_id=actor.id if actor.by == By.ADVISOR else None,
            text=cleaned,
            private=actor.by == By.GUEST and appointment.private_since is not None,
        )
        _refuse_if_too_many(session, message)
        session.add(message)
        note(session, actor, now, MESSAGE, appointment)
        session.flush()
        if message.private:
            keep_readers(session, appointment, message)


def _refuse_if_too_many(session: Session, message: Message) -> None:
    """Nobody can flood the other side or the disk; the appointment is locked meanwhile."""
    here = select(func.count()).where(Message.appointment_id == message.appointment_id)
    if session.exec(here).one() >= MOST_IN_ALL:
        raise Refused(Reason.CHAT_FULL)
    lately = here.where(
        Message.guest_id == message.guest_id,
        Message.staff_id == message.staff_id,
        col(Message.at) > message.at - AT_ONCE,
    )
    if session.exec(lately).one() >= MOST_AT_ONCE:
        raise Refused(Reason.TOO_FAST)


def read(actor: Actor, appointment_id: int, newest: int = NEWEST, after: int = 0) -> list[Entry]:
    """The newest messages, of those `after` a number, oldest of them first."""
    with reading() as session:
        appointment = _room_of(session, actor, appointment_id)
        rows = session.exec(
            select(Message, Guest.name, Staff.name)
            .join(Guest, col(Guest.id) == Message.guest_id, isouter=True)
            .join(Staff, col(Staff.id) == Message.staff_id, isouter=True)
            .where(
                Message.appointment_id == appointment.id,
                col(Message.id) > after,
                meant_for(session, actor),
            )
            .order_by(col(Message.id).desc())
            .limit(newest)
        ).all()
    own = seat_names.seat(actor)
    return [
        Entry(message.id or 0, message.at, seat, name, seat == own, message.text)
        for message, guest_name, staff_name in reversed(rows)
        for seat, name in [(_seat(message), guest_name or staff_name or "")]
    ]


def _seat(message: Message) -> str:
    by, number = By.ADVISOR, message.staff_id
    if message.guest_id is not None:
        by, number = By.GUEST, message.guest_id
    return seat_names.seat(Actor(by, number, None))


def _room_of(session: Session, actor: Actor, appointment_id: int) -> Appointment:
    if actor.by == By.ADVISOR:
        return own_appointment(session, actor, appointment_id)
    guest, appointment = themself(session, actor)
    if appointment.id != appointment_id or guest.status != GuestStatus.ADMITTED:
        raise Refused(Reason.NOT_FOUND)
    return appointment
