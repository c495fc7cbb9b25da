"""
Why a deed is refused. Knows no rule and no sentence: those are in `appointment` and `words`.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Why a deed was refused; `core.words` has the sentence for each."""

    NOT_FOUND = "not_found"
    NOT_ALLOWED = "not_allowed"
    CHANGED_MEANWHILE = "changed_meanwhile"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    SOMEBODY_WAITS = "somebody_waits"
    TECHNIQUE_FAILED = "technique_failed"
    NOT_CONSENTED = "not_consented"
    NO_PROOF = "no_proof"
    NOT_IDENTIFIED = "not_identified"
    IN_THE_PAST = "in_the_past"
    END_BEFORE_START = "end_before_start"
    NO_SUCH_TIME = "no_such_time"
    AMBIGUOUS_TIME = "ambiguous_time"
    BAD_NAME = "bad_name"
    BAD_PHONE = "bad_phone"
    BAD_LOGIN = "bad_login"
    BAD_MAIL = "bad_mail"
    MESSAGE_EMPTY = "message_empty"
    MESSAGE_TOO_LONG = "message_too_long"
    ONLY_ONE_INSIDE = "only_one_inside"
    PRIVATE = "private"
    STILL_TALKING = "still_talking"
    TOO_FAST = "too_fast"
    CHAT_FULL = "chat_full"
    TOO_MANY_CHANGES = "too_many_changes"
    WRONG_LOGIN = "wrong_login"
    BAD_PASSWORD = "bad_password"  # noqa: S105 (a reason, no password)
    EASY_PASSWORD = "easy_password"  # noqa: S105


class Refused(Exception):
    """A deed that the rules do not allow. Says why, changes nothing."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
