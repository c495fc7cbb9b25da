"""
Who may change what an appointment and a guest are, and from which state to which.

Two small tables of rules; every deed asks them. Knows no database, no page and no clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from core.appointment import By, Event, GuestEvent, GuestStatus, Status
from core.refused import Reason, Refused

EventT = TypeVar("EventT", bound=StrEnum)
StatusT = TypeVar("StatusT", bound=StrEnum)


@dataclass(frozen=True)
class Rule(Generic[EventT, StatusT]):
    """`event`, done by one of `by`, leads from `before` to `after`."""

    event: EventT
    by: frozenset[By]
    before: StatusT
    after: StatusT


def _by(*kinds: By) -> frozenset[By]:
    return frozenset(kinds)


RULES: tuple[Rule[Event, Status], ...] = (
    Rule(Event.OPEN_ROOM, _by(By.ADVISOR), Status.PLANNED, Status.OPEN),
    # Who leaves, leaves alone: an accidental press may cost nobody else the talk.
    Rule(Event.END, _by(By.ADVISOR, By.CLOCK), Status.OPEN, Status.ENDED),
    Rule(Event.CANCEL, _by(By.ADVISOR), Status.PLANNED, Status.CANCELLED),
    # Only a person may say that somebody was absent: it can cost them money.
    Rule(Event.RECORD_MISSED, _by(By.ADVISOR), Status.PLANNED, Status.MISSED),
    Rule(Event.RECORD_MISSED, _by(By.ADVISOR), Status.EXPIRED, Status.MISSED),
    # Time closes a link, nothing more.
    Rule(Event.EXPIRE, _by(By.CLOCK), Status.PLANNED, Status.EXPIRED),
)

GUEST_RULES: tuple[Rule[GuestEvent, GuestStatus], ...] = (
    Rule(GuestEvent.CONSENT, _by(By.GUEST), GuestStatus.INVITED, GuestStatus.CONSENTED),
    Rule(GuestEvent.ENTER_WAITING, _by(By.GUEST), GuestStatus.CONSENTED, GuestStatus.WAITING),
    Rule(GuestEvent.TEST_AGAIN, _by(By.GUEST), GuestStatus.WAITING, GuestStatus.CONSENTED),
    Rule(GuestEvent.ADMIT, _by(By.ADVISOR), GuestStatus.WAITING, GuestStatus.ADMITTED),
    Rule(GuestEvent.SEND_BACK, _by(By.ADVISOR), GuestStatus.ADMITTED, GuestStatus.WAITING),
    # Who holds a new link is not known yet: they begin at the beginning.
    *(
        Rule(GuestEvent.INVITE_AGAIN, _by(By.ADVISOR), before, GuestStatus.INVITED)
        for before in (
            GuestStatus.INVITED,
            GuestStatus.CONSENTED,
            GuestStatus.WAITING,
            GuestStatus.LEFT,
        )
    ),
    # From another device. Nobody is in the room on it before the advisor lets them in again.
    Rule(GuestEvent.TAKE_OVER, _by(By.GUEST), GuestStatus.CONSENTED, GuestStatus.CONSENTED),
    Rule(GuestEvent.TAKE_OVER, _by(By.GUEST), GuestStatus.WAITING, GuestStatus.WAITING),
    Rule(GuestEvent.TAKE_OVER, _by(By.GUEST), GuestStatus.ADMITTED, GuestStatus.WAITING),
    Rule(GuestEvent.TAKE_OVER, _by(By.GUEST), GuestStatus.LEFT, GuestStatus.WAITING),
    Rule(
        GuestEvent.LEAVE,
        _by(By.GUEST, By.ADVISOR, By.CLOCK),
        GuestStatus.ADMITTED,
        GuestStatus.LEFT,
    ),
    # It was a mistake, or the technique; the advisor lets them in again.
    Rule(GuestEvent.COME_BACK, _by(By.GUEST), GuestStatus.LEFT, GuestStatus.WAITING),
)


def _next(
    rules: tuple[Rule[EventT, StatusT], ...], event: EventT, by: By, before: StatusT
) -> StatusT:
    matching = [rule for rule in rules if rule.event == event and by in rule.by]
    if not matching:
        raise Refused(Reason.NOT_ALLOWED)
    for rule in matching:
        if rule.before == before:
            return rule.after
    raise Refused(Reason.CHANGED_MEANWHILE)


def next_status(event: Event, by: By, before: Status) -> Status:
    """The appointment's status after `event`, or Refused."""
    return _next(RULES, event, by, before)


def next_guest_status(event: GuestEvent, by: By, before: GuestStatus) -> GuestStatus:
    """The guest's status after `event`, or Refused."""
    return _next(GUEST_RULES, event, by, before)


@dataclass(frozen=True)
class Attendance:
    """What speaks for an invited person when somebody asks whether they were absent."""

    status: GuestStatus
    has_waited: bool
    technique_failed: bool


def refuse_if_present(guests: Iterable[Attendance]) -> None:
    """
    Nobody is recorded as absent who waits, was admitted, or whose technique failed.

    Who has waited and then went back to test their device was there, too.
    """
    there = (GuestStatus.WAITING, GuestStatus.ADMITTED, GuestStatus.LEFT)
    for guest in guests:
        if guest.status in there or guest.has_waited:
            raise Refused(Reason.SOMEBODY_WAITS)
        if guest.technique_failed:
            raise Refused(Reason.TECHNIQUE_FAILED)
