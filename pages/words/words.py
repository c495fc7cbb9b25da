"""Sentences on pages, in the language of the person whose script run this is."""

from collections.abc import Sequence
from datetime import datetime

from core import words
from core.appointment import GuestRole
from core.refused import Reason, Undone


def _(sentence: str) -> str:
    return words.translation()(sentence)


def why(undone: Undone) -> str:
    """The sentence for a deed that was not done."""
    return because(undone.reason)


def because(reason: Reason) -> str:
    """The sentence for a reason that was kept from an earlier run."""
    return words.reason(reason, _)


def moment(at: datetime) -> str:
    """Day and time in Berlin, as one says it."""
    return _("{day}, {time} Uhr").format(day=words.day(at), time=words.clock_time(at))


def minutes_since(then: datetime, now: datetime) -> str:
    """For how long somebody waits, in words."""
    minutes = max(0, int((now - then).total_seconds() // 60))
    if minutes == 0:
        return _("seit weniger als einer Minute")
    if minutes == 1:
        return _("seit einer Minute")
    return _("seit {minutes} Minuten").format(minutes=minutes)


def listed(names: Sequence[str]) -> str:
    """Several names as one says them: with "und" before the last."""
    if len(names) < 2:
        return "".join(names)
    return _("{names} und {last}").format(names=", ".join(names[:-1]), last=names[-1])


def role(of: GuestRole) -> str:
    """In which role somebody is there."""
    return {
        GuestRole.CLIENT: _("Kundin oder Kunde"),
        GuestRole.INTERPRETER: _("dolmetscht"),
        GuestRole.ASSISTANT: _("Beistand"),
        GuestRole.GUARDIAN: _("rechtliche Betreuung"),
    }[of]
