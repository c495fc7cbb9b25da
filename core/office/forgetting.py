"""
What time takes away: chats, then names and links, then all that joins a person and an
appointment. What and how is in `core.office.kept`, how many days in the settings.

An appointment's time counts from its planned end. Never touches one that is planned or
open: time closes it first (`planning.expire_due`), and only then is it forgotten.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Table, exists
from sqlmodel import Session, SQLModel, col, delete, or_, select, update

from core import access
from core.appointment import CLOCK, Actor, Status
from core.office.kept import KEPT, SESSION_DAYS, Goes, Kept, Period
from core.office.ledger import note, transaction
from core.records import (
    Appointment,
    Guest,
    Happening,
    Message,
    Staff,
    StaffSession,
    engine,
    overwrite_freed,
)
from core.refused import Reason, Refused
from core.settings import settings
from core.text import as_html

AT_ONCE = 500  # appointments in one transaction: everybody else waits for it
_OVER = (Status.ENDED, Status.CANCELLED, Status.MISSED, Status.EXPIRED)
_INSTEAD: dict[Goes, Callable[[], str | None]] = {
    Goes.EMPTIED: str,
    Goes.REPLACED: lambda: access.digest(access.new_secret()),
    Goes.UNLINKED: lambda: None,
}
# Set while no byte of what is forgotten can be left in the database's files.
_overwritten = Event()


@dataclass(frozen=True)
class Forgotten:
    """How much one round has taken away."""

    chats: int = 0
    names: int = 0
    appointments: int = 0
    trail: int = 0
    sessions: int = 0
    accounts: int = 0
    mails: int = 0


NOTHING = Forgotten()


def forget(actor: Actor, now: datetime) -> Forgotten:
    """One round; what does not fit into it is taken by the next."""
    _refuse_all_but_the_clock(actor)
    done = Forgotten(
        chats=forget_chats(actor, now),
        names=forget_names(actor, now),
        appointments=forget_appointments(actor, now),
        trail=forget_who_did_it(actor, now),
        sessions=forget_sessions(actor, now),
        accounts=forget_accounts(actor, now),
        mails=forget_mails(actor, now),
    )
    as_html.cache_clear()  # it holds messages
    # In a process's first round, too: the last one may have ended before this.
    if done != NOTHING or not _overwritten.is_set():
        _overwritten.clear()
        overwrite_freed(engine())
        _overwritten.set()
    return done


def forget_chats(actor: Actor, now: datetime) -> int:
    """The chats of appointments long enough over. Returns how many chats."""
    has_chat = exists().where(col(Message.appointment_id) == Appointment.id)
    return _take(actor, now, (Period.CHAT,), settings().chat_days, has_chat, "forget_chat")


def forget_names(actor: Actor, now: datetime) -> int:
    """Names, addresses, links and devices. Returns of how many appointments."""
    named = exists().where(col(Guest.appointment_id) == Appointment.id, col(Guest.name) != "")
    return _take(actor, now, (Period.NAMES,), settings().names_days, named, "forget_names")


def forget_appointments(actor: Actor, now: datetime) -> int:
    """The appointments themselves; the trail stays without knowing of whom."""
    periods = (Period.CHAT, Period.NAMES, Period.REST)
    return _take(actor, now, periods, settings().rest_days)


def forget_who_did_it(actor: Actor, now: datetime) -> int:
    """Who did what belongs to no appointment, such as signing in. Returns how many rows."""
    _refuse_all_but_the_clock(actor)
    linked = [column for row in _kept(Happening, Period.REST) for column in row.columns]
    known = exists().where(col(Appointment.id) == Happening.appointment_id)
    with transaction() as session:
        return _count(
            session,
            update(Happening)
            .where(
                col(Happening.at) <= now - timedelta(days=settings().rest_days),
                or_(*(col(getattr(Happening, column)).is_not(None) for column in linked)),
                ~known,
            )
            .values(dict.fromkeys(linked)),
        )


def forget_sessions(actor: Actor, now: datetime) -> int:
    """Sign-ins that have been over for days, however they ended. Returns how many."""
    _refuse_all_but_the_clock(actor)
    before = now - timedelta(days=SESSION_DAYS)
    with transaction() as session:
        return _count(session, delete(StaffSession).where(col(StaffSession.created_at) <= before))


def forget_accounts(actor: Actor, now: datetime) -> int:
    """Accounts that have been disabled for long and that no row speaks of any more."""
    _refuse_all_but_the_clock(actor)
    spoken_of = [
        exists().where(key.parent == Staff.id)
        for table in SQLModel.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column is _table(Staff).c.id
    ]
    before = now - timedelta(days=settings().rest_days)
    with transaction() as session:
        old = delete(Staff).where(col(Staff.disabled_at) <= before, ~or_(*spoken_of))
        return _count(session, old)


def forget_mails(actor: Actor, now: datetime) -> int:
    """Invitations in the outbox folder, where there is no mail server. Returns how many."""
    _refuse_all_but_the_clock(actor)
    before = (now - timedelta(days=settings().names_days)).timestamp()
    old = [mail for mail in settings().outbox.glob("*.eml") if mail.stat().st_mtime <= before]
    for mail in old:
        mail.unlink(missing_ok=True)
    return len(old)


def _take(
    actor: Actor,
    now: datetime,
    periods: tuple[Period, ...],
    days: int,
    still: ColumnElement[bool] | None = None,
    what: str | None = None,
) -> int:
    """Take these periods' columns from the appointments that ended so many days ago."""
    _refuse_all_but_the_clock(actor)
    with transaction() as session:
        due = session.exec(
            select(Appointment)
            .where(
                col(Appointment.status).in_(_OVER),
                col(Appointment.ends_at) <= now - timedelta(days=days),
                *([] if still is None else [still]),
            )
            .order_by(col(Appointment.id))
            .limit(AT_ONCE)
            .with_for_update()
        ).all()
        for appointment in due:
            if what:
                note(session, actor, now, what, appointment)
            for period in periods:
                _take_from(session, appointment.id, period)
    return len(due)


def _take_from(session: Session, appointment_id: int | None, period: Period) -> None:
    for table in reversed(SQLModel.metadata.sorted_tables):  # who refers before who is referred to
        rows = [row for row in KEPT if (row.place, row.period) == (table.name, period)]
        if not rows:
            continue
        number = table.c.get("appointment_id", table.c.id)
        if Goes.DELETED in {row.goes for row in rows}:
            session.execute(delete(table).where(number == appointment_id))
            continue
        for row_id in session.scalars(select(table.c.id).where(number == appointment_id)).all():
            session.execute(update(table).where(table.c.id == row_id).values(_instead(rows)))


def _instead(rows: list[Kept]) -> dict[str, str | None]:
    """What is put in the place of each of these columns."""
    return {column: _INSTEAD[row.goes]() for row in rows for column in row.columns}


def _kept(table: type[SQLModel], period: Period) -> list[Kept]:
    return [row for row in KEPT if (row.place, row.period) == (_table(table).name, period)]


def _table(table: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(table.__tablename__)]


def _count(session: Session, statement: Any) -> int:
    return cast(CursorResult[Any], session.execute(statement)).rowcount


def _refuse_all_but_the_clock(actor: Actor) -> None:
    if actor != CLOCK:
        raise Refused(Reason.NOT_ALLOWED)
