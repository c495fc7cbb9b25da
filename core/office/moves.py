"""
How rows get from one state to the next: compare and set by the rules, each step noted.

Knows no right: whose rows they are is asked before (`core.office.own_rows`).
"""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlmodel import Session, col

from core.appointment import Actor, Event, GuestEvent, GuestStatus
from core.office.guests import guests_of, inside_of
from core.office.ledger import note
from core.records import Appointment, Guest
from core.refused import Reason, Refused
from core.rules import next_guest_status, next_status


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


def end_screen(session: Session, actor: Actor, now: datetime, appointment: Appointment) -> None:
    """The advisor's screen is not shown any more, if it was."""
    if appointment.screen_since is not None:
        appointment.screen_since = None
        note(session, actor, now, "screen_hidden", appointment)
