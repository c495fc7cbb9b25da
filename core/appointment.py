"""
What an appointment and a guest can be, what can happen to them, and who acts.

Names only: who may change what is in `core.rules`. Knows no database, no page and no clock.
"""

from dataclasses import dataclass
from enum import StrEnum


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
    CONNECTION = "connection"


class Lack(StrEnum):
    """Why a camera or microphone cannot be used: the words of the browser's end (devices.js)."""

    MISSING = "missing"
    REFUSED = "refused"
    FORBIDDEN = "forbidden"
    BUSY = "busy"
    LOST = "lost"
    MUTED = "muted"
    UNABLE = "unable"
    FAILED = "failed"


@dataclass(frozen=True)
class Actor:
    """Who does a deed: kind, row id and Jobcenter (None for the clock and the operator)."""

    by: By
    id: int | None
    jobcenter_id: int | None


CLOCK = Actor(By.CLOCK, None, None)
OPERATOR = Actor(By.OPERATOR, None, None)
