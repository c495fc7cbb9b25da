"""
What an appointment and a guest can be, and who may change it.

Two small tables of rules are the only place that knows the states; every deed
asks them. Knows no database, no page and no clock: `now` comes in as an argument.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from core.refused import Reason, Refused

LINK_OPENS_BEFORE = timedelta(minutes=30)
LINK_CLOSES_AFTER = timedelta(minutes=60)
# A room that nobody has closed: long enough after its end that nobody can be talking.
ROOM_CLOSES_AFTER = timedelta(hours=12)


class Status(StrEnum):
    """Of an appointment."""

    PLANNED = "planned"
    OPEN = "open"
    ENDED = "ended"
    CANCELLED = "cancelled"
    MISSED = "missed"
    EXPIRED = "expired"


class GuestStatus(StrEnum):
    """Of one invited person."""

    INVITED = "invited"
    CONSENTED = "consented"
    WAITING = "waiting"
    ADMITTED = "admitted"
    LEFT = "left"


class GuestRole(StrEnum):
    """In which role somebody is invited (Beistand: § 13 SGB X)."""

    CLIENT = "client"
    INTERPRETER = "interpreter"
    ASSISTANT = "assistant"
    GUARDIAN = "guardian"


class StaffRole(StrEnum):
    """What an account is for. Everybody who advises sees own appointments only, whatever it is."""

    ADVISOR = "advisor"
    LEAD = "lead"
    ADMIN = "admin"


class By(StrEnum):
    """The kinds of actor a rule can name."""

    GUEST = "guest"
    ADVISOR = "advisor"
    CLOCK = "clock"
    # The person at the server (`core.manage`): makes accounts, moves no appointment.
    OPERATOR = "operator"


class Event(StrEnum):
    """What can happen to an appointment's status."""

    OPEN_ROOM = "open_room"
    END = "end"
    CANCEL = "cancel"
    RECORD_MISSED = "record_missed"
    EXPIRE = "expire"


class GuestEvent(StrEnum):
    """What can happen to a guest's status."""

    CONSENT = "consent"
    ENTER_WAITING = "enter_waiting"
    TEST_AGAIN = "test_again"
    ADMIT = "admit"
    SEND_BACK = "send_back"
    LEAVE = "leave"
    COME_BACK = "come_back"
    INVITE_AGAIN = "invite_again"
    TAKE_OVER = "take_over"


class IdentityProof(StrEnum):
    """How the advisor became sure who is there. Never an image."""

    KNOWN_PERSON = "known_person"
    ID_SHOWN = "id_shown"
    QUESTIONS = "questions"


class MediaDevice(StrEnum):
    """What the device test tests."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    LOUDSPEAKER = "loudspeaker"


@dataclass(frozen=True)
class Actor:
    """Who does a deed: kind, row id and Jobcenter (None for the clock and the operator)."""

    by: By
    id: int | None
    jobcenter_id: int | None


CLOCK = Actor(By.CLOCK, None, None)
OPERATOR = Actor(By.OPERATOR, None, None)


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


def waiting_room_opens(starts_at: datetime) -> datetime:
    """From when on a guest may enter the Warteraum."""
    return starts_at - LINK_OPENS_BEFORE


def link_closes(ends_at: datetime) -> datetime:
    """From when on an unused link is closed."""
    return ends_at + LINK_CLOSES_AFTER


@dataclass(frozen=True)
class Attendance:
    """What speaks for an invited person when somebody asks whether they were absent."""

    status: GuestStatus
    has_waited: bool
    technique_failed: bool


def room_closes(ends_at: datetime) -> datetime:
    """From when on nobody can be talking or waiting any more, whatever the rows say."""
    return ends_at + ROOM_CLOSES_AFTER


def closed(status: Status, somebody_waits: bool, ends_at: datetime, now: datetime) -> bool:
    """
    Nothing is to come any more, whether or not anybody has noted it yet.

    While somebody waits a link stays open, but not for longer than a forgotten room.
    """
    if status not in (Status.PLANNED, Status.OPEN) or now >= room_closes(ends_at):
        return True
    unused = status == Status.PLANNED and not somebody_waits
    return unused and now >= link_closes(ends_at)


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
