"""
What every deed does the same way: one transaction, rows found only inside the
actor's own Jobcenter, compare-and-set, and a `Happening` for the trail.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlmodel import Session, col, select

from core.appointment import (
    Actor,
    By,
    Event,
    GuestEvent,
    GuestStatus,
    next_guest_status,
    next_status,
)
from core.office import news, outage
from core.records import WRITES, Appointment, Guest, Happening, Staff, engine
from core.refused import Reason, Refused
from core.text import BadText

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


def staff_member(session: Session, actor: Actor) -> Staff:
    """The account behind an actor, as it is now; a disabled one does nothing any more."""
    if actor.by != By.ADVISOR:
        raise Refused(Reason.NOT_ALLOWED)
    found = None if actor.id is None else session.get(Staff, actor.id)
    if found is None or found.disabled_at or found.jobcenter_id != actor.jobcenter_id:
        raise Refused(Reason.NOT_FOUND)
    return found


def own_appointment(session: Session, actor: Actor, appointment_id: int) -> Appointment:
    """The advisor's own appointment; anybody else's looks like an absent one."""
    staff_member(session, actor)
    found = _locked(session, appointment_id)
    if found is None or (found.jobcenter_id, found.advisor_id) != (actor.jobcenter_id, actor.id):
        raise Refused(Reason.NOT_FOUND)
    return found


def own_guest(session: Session, actor: Actor, guest_id: int) -> tuple[Guest, Appointment]:
    """A guest of one of the advisor's own appointments."""
    staff = staff_member(session, actor)
    guest = session.exec(
        select(Guest)
        .join(Appointment, col(Appointment.id) == Guest.appointment_id)
        .where(Guest.id == guest_id, Appointment.advisor_id == staff.id)
    ).one_or_none()
    if guest is None:
        raise Refused(Reason.NOT_FOUND)
    appointment = own_appointment(session, actor, guest.appointment_id)
    session.refresh(guest)  # as it is now that the appointment is locked
    return guest, appointment


def themself(session: Session, actor: Actor) -> tuple[Guest, Appointment]:
    """The guest who acts, and their appointment."""
    if actor.by != By.GUEST:
        raise Refused(Reason.NOT_ALLOWED)
    guest = None if actor.id is None else session.get(Guest, actor.id)
    if guest is None or guest.jobcenter_id != actor.jobcenter_id:
        raise Refused(Reason.NOT_FOUND)
    appointment = _locked(session, guest.appointment_id)
    if appointment is None:
        raise Refused(Reason.NOT_FOUND)
    session.refresh(guest)  # as it is now that the appointment is locked
    return guest, appointment


def _locked(session: Session, appointment_id: int) -> Appointment | None:
    """
    The appointment, kept from changing until this transaction ends if it is one that writes.

    Every deed locks the appointment before it looks at its guests, so that nobody enters
    the Warteraum between "is anybody there?" and "recorded as missed". SQLite locks the
    whole file instead (see `core.records`).
    """
    return session.get(Appointment, appointment_id, with_for_update=bool(session.info))


def guests_of(session: Session, appointment: Appointment) -> list[Guest]:
    return list(
        session.exec(
            select(Guest).where(Guest.appointment_id == appointment.id).order_by(col(Guest.id))
        )
    )


def somebody_waits(guests: Iterable[Guest]) -> bool:
    return any(guest.status == GuestStatus.WAITING for guest in guests)


def inside_of(guests: Iterable[Guest]) -> list[Guest]:
    return [guest for guest in guests if guest.status == GuestStatus.ADMITTED]


def move_appointment(
    session: Session, actor: Actor, now: datetime, row: Appointment, event: Event
) -> None:
    """Compare and set the appointment's status by the rules; the loser of a race is refused."""
    after = next_status(event, actor.by, row.status)
    _compare_and_set(session, row, {"status": after})
    note(session, actor, now, event.value, row)


def move_guest(
    session: Session, actor: Actor, now: datetime, row: Guest, event: GuestEvent, **values: object
) -> None:
    """Compare and set a guest's status by the rules, with `values` in the same step."""
    after = next_guest_status(event, actor.by, row.status)
    _compare_and_set(session, row, {"status": after, **values})
    note(session, actor, now, event.value, row)


def _compare_and_set(session: Session, row: Appointment | Guest, values: dict[str, object]) -> None:
    table = type(row)
    done = session.execute(
        update(table).where(col(table.id) == row.id, col(table.status) == row.status).values(values)
    )
    if cast(CursorResult[Any], done).rowcount != 1:
        raise Refused(Reason.CHANGED_MEANWHILE)
    session.refresh(row)


def end_for_everybody(
    session: Session, actor: Actor, now: datetime, appointment: Appointment
) -> None:
    """The talk is over: nobody stays in the room, and what was only for them is over, too."""
    end_screen(session, actor, now, appointment)
    end_private(session, actor, now, appointment)
    move_appointment(session, actor, now, appointment, Event.END)
    for guest in guests_of(session, appointment):
        if guest.status == GuestStatus.ADMITTED:
            move_guest(session, actor, now, guest, GuestEvent.LEAVE)


def one_has_gone(session: Session, actor: Actor, now: datetime, appointment: Appointment) -> None:
    """Out of the room. Was it the last one, then nothing goes on in there for the next one."""
    if not inside_of(guests_of(session, appointment)):
        end_private(session, actor, now, appointment)


def end_private(session: Session, actor: Actor, now: datetime, appointment: Appointment) -> None:
    """The advisor hears and is heard again, if they were outside."""
    if appointment.private_since is not None:
        appointment.private_since = appointment.knocked_at = None
        note(session, actor, now, "private_ended", appointment)


def may_see_screen(guests: Iterable[Guest]) -> bool:
    """Somebody is inside, and the identity of everybody who is has been checked."""
    inside = inside_of(guests)
    return bool(inside) and all(guest.identity_at is not None for guest in inside)


def end_screen(session: Session, actor: Actor, now: datetime, appointment: Appointment) -> None:
    """The advisor's screen is not shown any more, if it was."""
    if appointment.screen_since is not None:
        appointment.screen_since = None
        note(session, actor, now, "screen_hidden", appointment)


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
