"""
Why a deed is refused. Knows no rule and no sentence: those are in `rules` and `words`.
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
    BAD_DAY = "bad_day"
    BAD_TIME = "bad_time"
    NO_SUCH_TIME = "no_such_time"
    AMBIGUOUS_TIME = "ambiguous_time"
    BAD_NAME = "bad_name"
    BAD_PHONE = "bad_phone"
    BAD_LOGIN = "bad_login"
    BAD_MAIL = "bad_mail"
    SEVERAL_MAILS = "several_mails"
    SPACE_IN_MAIL = "space_in_mail"
    LETTER_IN_MAIL = "letter_in_mail"
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
    BAD_CHARACTERS = "bad_characters"
    NOT_KEPT = "not_kept"


class Undone(Exception):
    """A deed that was not done. Says why, changes nothing."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Refused(Undone):
    """The rules do not allow it."""


class Away(Undone):
    """
    The database cannot be read, or keeps nothing, just now.

    Says nothing of what is allowed: nobody loses a seat by it, and nobody gets one.
    """

    def __init__(self) -> None:
        super().__init__(Reason.NOT_KEPT)
