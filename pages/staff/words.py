"""Sentences that only staff read: in German and English (core/languages.py)."""

from datetime import datetime

from core.languages import LANGUAGES
from core.office.advisor_view import Person
from pages.words.words import _, language, plural


def minutes_since(then: datetime, now: datetime) -> str:
    """For how long somebody waits, in words."""
    minutes = max(0, int((now - then).total_seconds() // 60))
    if minutes == 0:
        return _("seit weniger als einer Minute")
    return plural("seit einer Minute", "seit {minutes} Minuten", minutes).format(minutes=minutes)


def language_name(code: str) -> str:
    """As the reader calls it."""
    if code == "de-simple":
        return _("Einfache Sprache")
    return LANGUAGES[code].called(LANGUAGES[language()])


def called(person: Person) -> str:
    """By name, as long as it is kept."""
    return person.name or _("gelöscht")
