"""
What every deed does the same way: one transaction, checked texts, and a `Happening` for the trail.

Whose rows they are is in `core.office.own_rows`, how they change in `core.office.moves`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlmodel import Session

from core.appointment import CLOCK, Actor
from core.engine import WRITES, engine
from core.office import news, outage
from core.records import Appointment, Guest, Staff
from core.refused import Reason, Refused
from core.text import BadText
from core.trail import Happening

NOTED = "noted"  # in a session's info: the happenings of its transaction


@contextmanager
def transaction() -> Iterator[Session]:
    """
    One transaction that writes: everything inside is kept, or nothing. Writers take turns.

    What was noted in it is announced once it is kept. `Away` if it cannot be kept just now.
    """
    noted: list[Happening] = []
    info = {**WRITES, NOTED: noted}
    with (
        outage.noticed(),
        Session(engine(), expire_on_commit=False, info=info) as session,
        session.begin(),
    ):
        session.connection(execution_options=WRITES)
        yield session
    news.announce(noted)


@contextmanager
def reading() -> Iterator[Session]:
    """One consistent look at the tables; waits for no writer. `Away` if nobody answers."""
    with (
        outage.noticed(),
        Session(engine(), expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


def refuse_all_but_the_clock(actor: Actor) -> None:
    if actor != CLOCK:
        raise Refused(Reason.NOT_ALLOWED)


def checked(check: Callable[[str], str], text: str, why: Reason) -> str:
    """The text as it is kept, by one of the checks in `core.text`."""
    try:
        return check(text)
    except BadText:
        raise Refused(why) from None


def note(
    session: Session,
    actor: Actor,
    now: datetime,
    what: str,
    row: Appointment | Guest | Staff | None = None,
) -> None:
    """Write who did what to whom and when; never what was said or how somebody is called."""
    jobcenter_id = row.jobcenter_id if row else actor.jobcenter_id
    if jobcenter_id is None:
        raise ValueError("a happening belongs to a Jobcenter")
    happening = Happening(
        at=now,
        jobcenter_id=jobcenter_id,
        by=actor.by.value,
        actor_id=actor.id,
        what=what,
        **_whom(row),
    )
    session.add(happening)
    session.info[NOTED].append(happening)


def _whom(row: Appointment | Guest | Staff | None) -> dict[str, int | None]:
    if isinstance(row, Guest):
        return {"appointment_id": row.appointment_id, "guest_id": row.id}
    if isinstance(row, Staff):
        return {"staff_id": row.id}
    return {"appointment_id": row.id} if row else {}
