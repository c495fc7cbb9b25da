"""
What time takes away: chats, then names and links, then all that joins a person and an
appointment. What and how is in `core.office.kept`, how many days in the settings.

An appointment's time counts from its planned end. Never touches one that is planned or
open: time closes it first (`planning.expire_due`), and only then is it forgotten.

Each thing is found by an index and looked at once: a round costs what it forgets.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Table, exists, text
from sqlmodel import Session, SQLModel, col, delete, func, or_, select, update

from core import access
from core.appointment import CLOCK, Actor, Status
from core.office.kept import KEPT, SESSION_DAYS, Goes, Kept, Period
from core.office.ledger import note, transaction
from core.records import (
    ABOUT_NO_APPOINTMENT,
    Appointment,
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
ROWS_AT_ONCE = 10_000  # of the trail
_OVER = (Status.ENDED, Status.CANCELLED, Status.MISSED, Status.EXPIRED)
_INSTEAD: dict[Goes, Callable[[], str | None]] = {
    Goes.EMPTIED: str,
    Goes.REPLACED: lambda: access.digest(access.new_secret()),
    Goes.UNLINKED: lambda: None,
}
# In the order of time; so many of them are taken, says `Appointment.taken`.
_STAGES = (Period.CHAT, Period.NAMES, Period.REST)
# Tables whose file may still have bytes of what is forgotten. When a process begins, all: the
# last one may have ended before this.
_unclean = {row.place for row in KEPT if row.columns and row.goes != Goes.STAYS}


@dataclass(frozen=True)
class Forgotten:
    """How much one round has taken away."""

    chats: int = 0
    names: int = 0
    appointments: int = 0
    trail: int = 0
    happenings: int = 0
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
        happenings=forget_happenings(actor, now),
        sessions=forget_sessions(actor, now),
        accounts=forget_accounts(actor, now),
        mails=forget_mails(actor, now),
    )
    as_html.cache_clear()  # it holds messages
    if _unclean:
        overwrite_freed(engine(), sorted(_unclean))
        _unclean.clear()
    return done


def forget_chats(actor: Actor, now: datetime) -> int:
    """The chats of appointments long enough over. Returns how many chats."""
    return _take(actor, now, Period.CHAT, settings().chat_days)


def forget_names(actor: Actor, now: datetime) -> int:
    """Names, addresses, links and devices. Returns of how many appointments."""
    return _take(actor, now, Period.NAMES, settings().names_days)


def forget_appointments(actor: Actor, now: datetime) -> int:
    """The appointments themselves; the trail stays without knowing of whom."""
    return _take(actor, now, Period.REST, settings().rest_days)


def forget_who_did_it(actor: Actor, now: datetime) -> int:
    """
    Who did what belongs to no appointment, such as signing in. Returns how many rows.

    What belongs to one is unlinked together with it.
    """
    _refuse_all_but_the_clock(actor)
    linked = [column for row in _kept(Happening, Period.REST) for column in row.columns]
    with transaction() as session:
        return _count(
            session,
            update(Happening)
            .where(
                col(Happening.at) <= now - timedelta(days=settings().rest_days),
                text(ABOUT_NO_APPOINTMENT),
            )
            .values(dict.fromkeys(linked)),
        )


def forget_happenings(actor: Actor, now: datetime) -> int:
    """The trail's own end. Returns how many rows."""
    _refuse_all_but_the_clock(actor)
    old = (
        select(Happening.id)
        .where(
            col(Happening.at) <= now - timedelta(days=settings().trail_days),
            col(Happening.appointment_id).is_(None),
            # The newest stays: by its number open pages know what is new (`core.office.news`).
            col(Happening.id) < select(func.max(Happening.id)).scalar_subquery(),
        )
        .order_by(col(Happening.at))
        .limit(ROWS_AT_ONCE)
    )
    with transaction() as session:
        return _count(session, delete(Happening).where(col(Happening.id).in_(old)))


def forget_sessions(actor: Actor, now: datetime) -> int:
    """Sign-ins that have been over for days, however they ended. Returns how many."""
    _refuse_all_but_the_clock(actor)
    before = now - timedelta(days=SESSION_DAYS)
    with transaction() as session:
        old = delete(StaffSession).where(col(StaffSession.created_at) <= before)
        return _emptied(_count(session, old), Period.SESSION)


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
        return _emptied(_count(session, old), Period.ACCOUNT)


def forget_mails(actor: Actor, now: datetime) -> int:
    """Invitations in the outbox folder, where there is no mail server. Returns how many."""
    _refuse_all_but_the_clock(actor)
    before = (now - timedelta(days=settings().names_days)).timestamp()
    old = [mail for mail in settings().outbox.glob("*.eml") if mail.stat().st_mtime <= before]
    for mail in old:
        mail.unlink(missing_ok=True)
    return len(old)


def _take(actor: Actor, now: datetime, period: Period, days: int) -> int:
    """Take what goes by then from whatever ended so many days ago. Returns from how many."""
    _refuse_all_but_the_clock(actor)
    while True:
        with transaction() as session:
            due = session.exec(
                select(Appointment)
                .where(
                    col(Appointment.taken).in_(range(_STAGES.index(period) + 1)),
                    col(Appointment.status).in_(_OVER),
                    col(Appointment.ends_at) <= now - timedelta(days=days),
                )
                .order_by(col(Appointment.id))
                .limit(AT_ONCE)
                .with_for_update()
            ).all()
            taken = _take_from(session, actor, now, due, period)
        # Most have no chat: they are only marked, and do not count as a round.
        if taken or len(due) < AT_ONCE:
            return taken


def _take_from(
    session: Session, actor: Actor, now: datetime, due: Sequence[Appointment], period: Period
) -> int:
    if not due:
        return 0
    upto = _STAGES.index(period) + 1
    stages = _STAGES[min(appointment.taken for appointment in due) : upto]
    numbers = [appointment.id for appointment in due]
    said = select(Message.appointment_id).where(col(Message.appointment_id).in_(numbers)).distinct()
    had = set(session.exec(said)) if period == Period.CHAT else set(numbers)
    for appointment in due:
        appointment.taken = upto
        if appointment.id in had and period != Period.REST:
            note(session, actor, now, f"forget_{period.name.lower()}", appointment)
    session.flush()
    for each in stages:
        _empty(session, numbers, each)
        _emptied(len(had), each)
    return len(had)


def _empty(session: Session, appointments: list[int | None], period: Period) -> None:
    for table in reversed(SQLModel.metadata.sorted_tables):  # who refers before who is referred to
        rows = [row for row in KEPT if (row.place, row.period) == (table.name, period)]
        if not rows:
            continue
        theirs = table.c.get("appointment_id", table.c.id).in_(appointments)
        if Goes.DELETED in {row.goes for row in rows}:
            session.execute(delete(table).where(theirs))
            continue
        for row_id in session.scalars(select(table.c.id).where(theirs)).all():
            session.execute(update(table).where(table.c.id == row_id).values(_instead(rows)))


def _emptied(count: int, period: Period) -> int:
    """The files of these tables may still have bytes of that."""
    if count:
        _unclean.update(row.place for row in KEPT if row.columns and row.period == period)
    return count


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
