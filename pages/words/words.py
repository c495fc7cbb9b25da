"""
Sentences on pages, in the language of the person whose script run or request this is.

Anyone who begins a run or takes a request says `speak`; until then it is German.
"""

from collections.abc import Sequence
from contextvars import ContextVar
from datetime import date, datetime

from core import words
from core.appointment import GuestRole
from core.languages import SOURCE
from core.refused import Reason, Undone

_language: ContextVar[str] = ContextVar("language", default=SOURCE)


def speak(language: str) -> None:
    """In this thread or task from now on."""
    _language.set(language)


def language() -> str:
    """The language spoken in this thread or task."""
    return _language.get()


def translate() -> words.Translation:
    """The whole catalogue, for a function of `core` that takes one."""
    return words.translation(language())


def _(sentence: str) -> str:
    return translate()(sentence)


def plural(one: str, many: str, number: int) -> str:
    return translate().plural(one, many, number)


def why(undone: Undone) -> str:
    """The sentence for a deed that was not done."""
    return because(undone.reason)


def because(reason: Reason) -> str:
    """The sentence for a reason that was kept from an earlier run."""
    return words.reason(reason, translate())


def moment(at: datetime) -> str:
    """Day and time in Berlin, as one says it."""
    return _("{day}, {time} Uhr").format(day=words.day(at, language()), time=clock_time(at))


def clock_time(at: datetime) -> str:
    return words.clock_time(at, language())


def date_in_words(of: date) -> str:
    return words.date_in_words(of, language())


def listed(names: Sequence[str]) -> str:
    """Several names as one says them: with "und" before the last."""
    if len(names) < 2:
        return "".join(names)
    return _("{names} und {last}").format(names=", ".join(names[:-1]), last=names[-1])


def role(of: GuestRole, _: words.Translation) -> str:
    """In which role somebody is there."""
    return {
        GuestRole.CLIENT: _("Kundin oder Kunde"),
        GuestRole.INTERPRETER: _("dolmetscht"),
        GuestRole.ASSISTANT: _("Beistand"),
        GuestRole.GUARDIAN: _("rechtliche Betreuung"),
    }[of]
