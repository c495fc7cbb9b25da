"""
What time takes from appointments: chats, then names and links, then all that joins a person
and an appointment.

An appointment's time counts from its planned end. Never touches one that is planned or
open: time closes it first (`closing.expire_due`), and only then is it forgotten.

Each thing is found by an index and looked at once: a round costs what it forgets.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, SQLModel, col, delete, select, update

from core import access
from core.appointment import Actor, Status
from core.office.kept import KEPT, Kept
from core.office.ledger import note, refuse_all_but_the_clock, transaction
from core.office.overwriting import emptied
from core.office.periods import Goes, Period
from core.records import Appointment, Message
from core.settings import settings

AT_ONCE = 500  # appointments in one transaction: everybody else waits for it
_OVER = (Status.ENDED, Status.CANCELLED, Status.MISSED, Status.EXPIRED)
_INSTEAD: dict[Goes, Callable[[], str | None]] = {
    Goes.EMPTIED: str,
    Goes.REPLACED: lambda: access.digest(access.new_secret()),
    Goes.UNLINKED: lambda: None,
}
# In the order of time; so many of them are taken, says `Appointment.taken`.
_STAGES = (Period.CHAT, Period.NAMES, Period.REST)


def forget_chats(actor: Actor, now: datetime) -> int:
    """The chats of appointments long enough over. Returns how many chats."""
    return _take(actor, now, Period.CHAT, settings().chat_days)


def forget_names(actor: Actor, now: datetime) -> int:
    """Names, addresses, links and devices. Returns of how many appointments."""
    return _take(actor, now, Period.NAMES, settings().names_days)


def forget_appointments(actor: Actor, now: datetime) -> int:
    """The appointments themselves; the trail stays without knowing of whom."""
    return _take(actor, now, Period.REST, settings().rest_days)


def _take(actor: Actor, now: datetime, period: Period, days: int) -> int:
    """Take what goes by then from whatever ended so many days ago. Returns from how many."""
    refuse_all_but_the_clock(actor)
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
        emptied(len(had), each)
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


def _instead(rows: list[Kept]) -> dict[str, str | None]:
    """What is put in the place of each of these columns."""
    return {column: _INSTEAD[row.goes]() for row in rows for column in row.columns}
