"""
What has happened, told to anyone who listens: deeds of this process at once, deeds of others (a
command of the operator, another process beside this one) as soon as somebody looks.

The trail of happenings is the list of everything that was done; its rows name no content.
"""

from collections import deque
from collections.abc import Collection, Iterable

from sqlmodel import Session, col, func, select

from core import hub
from core.appointment import By
from core.engine import engine
from core.trail import Happening

MOST = 1000  # happenings at one look; and so many own ones are remembered

MESSAGE = "message"
_own: deque[int | None] = deque(maxlen=MOST)


def announce(rows: Collection[Happening]) -> None:
    """Of a transaction that is done."""
    _own.extend(row.id for row in rows)
    hub.HUB.changed(topics(rows))


def topics(rows: Iterable[Happening]) -> set[str]:
    """Whom these concern: anyone who looks at the appointment, at its chat, or has the account."""
    found: set[str] = set()
    for row in rows:
        if row.what == MESSAGE and row.appointment_id is not None:
            found.add(hub.chat(row.appointment_id))
            continue
        if row.appointment_id is not None:
            found.add(hub.appointment(row.appointment_id))
        accounts = (row.staff_id, row.actor_id if row.by == By.ADVISOR.value else None)
        found.update(hub.staff(account) for account in accounts if account is not None)
    return found


class Trail:
    """The newest happening that was seen. What was there in the beginning is no news."""

    def __init__(self) -> None:
        with Session(engine()) as session:
            self._newest = session.exec(select(func.max(Happening.id))).one() or 0

    def look(self) -> None:
        """Announce what others have done since. One at a time looks."""
        with Session(engine()) as session:
            rows = session.exec(
                select(Happening)
                .where(col(Happening.id) > self._newest)
                .order_by(col(Happening.id))
                .limit(MOST)
            ).all()
        self._newest = max((row.id or 0 for row in rows), default=self._newest)
        hub.HUB.changed(topics(row for row in rows if row.id not in _own))
