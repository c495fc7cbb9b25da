"""
The chat of an open room: who may write and read, in the order it was written, and how much.

A message has at most MESSAGE_LENGTH characters, so at most four times as many bytes. Only the
newest are read: a page is drawn with every message, and stays quick however much was written.

What guests write in a private minute is read by those who were inside then, each in the browser
they were inside with: who is let in later, or has taken a seat over, never reads it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_
from sqlmodel import Session, col, func, select

from core.appointment import Actor, By, GuestStatus, Status
from core.office import views
from core.office.ledger import (
    guests_of,
    inside_of,
    note,
    own_appointment,
    reading,
    themself,
    transaction,
)
from core.office.news import MESSAGE
from core.records import MESSAGE_LENGTH, Appointment, Guest, Message, MessageReader, Staff
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
    author: str
    mine: bool
    text: str


@dataclass(frozen=True)
class Said:
    """What somebody has just written, as it is kept."""

    appointment_id: int
    number: int
    at: datetime
    text: str
    readers: frozenset[str] | None = None  # seats; None: everybody inside


def write(actor: Actor, now: datetime, appointment_id: int, text: str) -> Said:
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
        readers = _keep_readers(session, appointment, message) if message.private else None
        return Said(appointment_id, message.id or 0, now, cleaned, readers)


def _keep_readers(session: Session, appointment: Appointment, message: Message) -> frozenset[str]:
    """Everybody who is inside now; their seats."""
    inside = inside_of(guests_of(session, appointment))
    for guest in inside:
        session.add(
            MessageReader(
                appointment_id=message.appointment_id,
                message_id=message.id or 0,
                guest_id=guest.id or 0,
                device_hash=guest.device_hash,
            )
        )
    return frozenset(views.seat(Actor(By.GUEST, guest.id, None)) for guest in inside)


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


def read(actor: Actor, appointment_id: int, newest: int = NEWEST) -> list[Entry]:
    """The newest messages, oldest of them first."""
    with reading() as session:
        appointment = _room_of(session, actor, appointment_id)
        rows = session.exec(
            select(Message, Guest.name, Staff.name)
            .join(Guest, col(Guest.id) == Message.guest_id, isouter=True)
            .join(Staff, col(Staff.id) == Message.staff_id, isouter=True)
            .where(Message.appointment_id == appointment.id, _meant_for(session, actor))
            .order_by(col(Message.id).desc())
            .limit(newest)
        ).all()
    return [
        Entry(
            message.id or 0,
            message.at,
            guest_name or staff_name or "",
            actor.id == (message.guest_id if actor.by == By.GUEST else message.staff_id),
            message.text,
        )
        for message, guest_name, staff_name in reversed(rows)
    ]


def _meant_for(session: Session, actor: Actor) -> ColumnElement[bool]:
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


def _room_of(session: Session, actor: Actor, appointment_id: int) -> Appointment:
    if actor.by == By.ADVISOR:
        return own_appointment(session, actor, appointment_id)
    guest, appointment = themself(session, actor)
    if appointment.id != appointment_id or guest.status != GuestStatus.ADMITTED:
        raise Refused(Reason.NOT_FOUND)
    return appointment
