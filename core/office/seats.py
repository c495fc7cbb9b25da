"""
Whose browser may sit in which live room, by what it holds: a link and a device, or a session.

Asked again and again from outside of any page (`core.watch`). Knows neither pages nor live rooms.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core.appointment import Actor, By, GuestRole, GuestStatus, Status
from core.office import advisor_view, guest_view, seat_names, staff_sessions
from core.office.guests import guests_of, inside_of, may_see_screen
from core.office.ledger import reading
from core.office.own_rows import own_appointment, themself
from core.records import Appointment, Guest, Staff
from core.refused import Reason, Refused

LIVE = (Status.PLANNED, Status.OPEN)
SITTING = (GuestStatus.CONSENTED, GuestStatus.WAITING, GuestStatus.ADMITTED)


@dataclass(frozen=True)
class Invited:
    """Somebody of an appointment, as the others may know them."""

    seat: str
    name: str
    role: GuestRole | None  # none for the advisor


@dataclass(frozen=True)
class Company:
    """The others of an appointment: how many are invited, and whom of them somebody may know."""

    invited: int
    known: tuple[Invited, ...]


def guest_stays(now: datetime, secret: str, device: str, appointment_id: int) -> bool:
    """Whether the browser with this link still holds the guest's seat."""
    visit = guest_view.visit(secret, device)
    return (
        visit is not None
        and visit.here
        and visit.appointment_id == appointment_id
        and visit.appointment_status in LIVE
        and visit.status in SITTING
        and not visit.expired(now)
    )


def staff_stays(now: datetime, token: str, appointment_id: int) -> bool:
    """Whether the session is alive and the appointment still the advisor's; no activity."""
    staff = staff_sessions.signed_in(now, token, active=False)
    try:
        return (
            staff is not None and advisor_view.meeting(staff.actor, appointment_id).status in LIVE
        )
    except Refused:
        return False


def screen_stays(now: datetime, token: str, appointment_id: int) -> bool:
    """Whether the browser with this session may send the screen that the advisor shows."""
    staff = staff_sessions.signed_in(now, token, active=False)
    try:
        return staff is not None and advisor_view.meeting(staff.actor, appointment_id).screen_shown
    except Refused:
        return False


def inside(appointment_id: int) -> frozenset[str]:
    """
    The seats that may hear each other now, as "guest:ID" and "staff:ID"; "screen:staff:ID",
    too, while the advisor shows a screen. Without the advisor in a private minute.

    Empty unless the room is open. The server asks, for nobody: the one who asked last might lose
    their right to, and everybody else's door would close.
    """
    with reading() as session:
        row = session.get(Appointment, appointment_id)
        if row is None or row.status != Status.OPEN:
            return frozenset()
        guests = guests_of(session, row)
        seats = {
            seat_names.seat(Actor(By.GUEST, guest.id, guest.jobcenter_id))
            for guest in inside_of(guests)
        }
        return frozenset({*seats, *_of_the_advisor(row, guests)})


def _of_the_advisor(row: Appointment, guests: list[Guest]) -> tuple[str, ...]:
    if row.private_since is not None:
        return ()
    seat = seat_names.seat(Actor(By.ADVISOR, row.advisor_id, row.jobcenter_id))
    shown = row.screen_since is not None and may_see_screen(guests)
    return (seat, seat_names.screen_of(seat)) if shown else (seat,)


def company(actor: Actor, appointment_id: int) -> Company:
    """
    The others of this appointment, the advisor first.

    A guest learns of nobody before they are let in, and then of those inside, too: until
    then somebody else may hold their link. How many others are invited is no secret: a browser
    lays a place for each of them before the door opens, so that the talk begins at once.
    """
    with reading() as session:
        row = _appointment(session, actor, appointment_id)
        guests = guests_of(session, row)
        everybody = [_advisor(session, row), *map(_guest, _may_meet(actor, row, guests))]
        met = actor.by == By.ADVISOR or seat_names.seat(actor) in [each.seat for each in everybody]
        others = [each for each in everybody if met and each.seat != seat_names.seat(actor)]
        return Company(len(guests), tuple(others))


def _may_meet(actor: Actor, row: Appointment, guests: list[Guest]) -> list[Guest]:
    if actor.by == By.ADVISOR:
        return guests
    return inside_of(guests) if row.status == Status.OPEN else []


def _advisor(session: Session, row: Appointment) -> Invited:
    advisor = session.get_one(Staff, row.advisor_id)
    return Invited(seat_names.seat(Actor(By.ADVISOR, advisor.id, None)), advisor.name, None)


def _guest(guest: Guest) -> Invited:
    return Invited(seat_names.seat(Actor(By.GUEST, guest.id, None)), guest.name, guest.role)


def _appointment(session: Session, actor: Actor, appointment_id: int) -> Appointment:
    """An advisor's own one, or a guest's."""
    if actor.by == By.ADVISOR:
        row = own_appointment(session, actor, appointment_id)
    else:
        _, row = themself(session, actor)
    if row.id != appointment_id:
        raise Refused(Reason.NOT_FOUND)
    return row
