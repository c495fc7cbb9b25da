"""
What goes by its own age, whatever appointment there was: the trail, sign-ins, disabled
accounts, mails in the outbox.

Knows no appointment (`core.office.forgetting_appointments` does).
"""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Table, exists, text
from sqlmodel import Session, SQLModel, col, delete, func, or_, select, update

from core.appointment import Actor
from core.office.kept import KEPT, Kept
from core.office.ledger import refuse_all_but_the_clock, transaction
from core.office.overwriting import emptied
from core.office.periods import SESSION_DAYS, Period
from core.records import Staff, StaffSession
from core.settings import settings
from core.trail import ABOUT_NO_APPOINTMENT, Happening

ROWS_AT_ONCE = 10_000  # of the trail


def forget_who_did_it(actor: Actor, now: datetime) -> int:
    """
    Who did what belongs to no appointment, such as signing in. Returns how many rows.

    What belongs to one is unlinked together with it.
    """
    refuse_all_but_the_clock(actor)
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
    refuse_all_but_the_clock(actor)
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
    refuse_all_but_the_clock(actor)
    before = now - timedelta(days=SESSION_DAYS)
    with transaction() as session:
        old = delete(StaffSession).where(col(StaffSession.created_at) <= before)
        return emptied(_count(session, old), Period.SESSION)


def forget_accounts(actor: Actor, now: datetime) -> int:
    """Accounts that have been disabled for long and that no row speaks of any more."""
    refuse_all_but_the_clock(actor)
    spoken_of = [
        exists().where(key.parent == Staff.id)
        for table in SQLModel.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column is _table(Staff).c.id
    ]
    before = now - timedelta(days=settings().rest_days)
    with transaction() as session:
        old = delete(Staff).where(col(Staff.disabled_at) <= before, ~or_(*spoken_of))
        return emptied(_count(session, old), Period.ACCOUNT)


def forget_mails(actor: Actor, now: datetime) -> int:
    """Invitations in the outbox folder, where there is no mail server. Returns how many."""
    refuse_all_but_the_clock(actor)
    before = (now - timedelta(days=settings().names_days)).timestamp()
    old = [mail for mail in settings().outbox.glob("*.eml") if mail.stat().st_mtime <= before]
    for mail in old:
        mail.unlink(missing_ok=True)
    return len(old)


def _kept(table: type[SQLModel], period: Period) -> list[Kept]:
    return [row for row in KEPT if (row.place, row.period) == (_table(table).name, period)]


def _table(table: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(table.__tablename__)]


def _count(session: Session, statement: Any) -> int:
    return cast(CursorResult[Any], session.execute(statement)).rowcount
