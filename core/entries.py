"""
A day and a time as people type them, read in one way or not at all.

Nothing is guessed: what could mean two things, or does not exist, is refused, and anyone who asked
keeps what was typed. Without a year it is the coming such day, or, to look one up, the nearest.
Knows no page and no appointment.
"""

import re
from datetime import date, time, timedelta

from core.refused import Reason, Refused
from core.unseen import without_unseen

CENTURY = 100
_DAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_WEEKDAY = {name: number for number, day in enumerate(_DAYS) for name in (day, day[:2])}
_WEEKDAY["sonnabend"] = _WEEKDAY["samstag"]
# Months begin with these; "jän" and "feber" are Austria's.
_MONTHS = (
    ("jan", "januar", "jän", "jänner", "jaenner"),
    ("feb", "februar", "feber"),
    ("mär", "märz", "maerz", "mrz"),
    ("apr", "april"),
    ("mai",),
    ("jun", "juni"),
    ("jul", "juli"),
    ("aug", "august"),
    ("sep", "sept", "september"),
    ("okt", "oktober"),
    ("nov", "november"),
    ("dez", "dezember"),
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_FROM_TODAY = {"heute": 0, "morgen": 1, "übermorgen": 2, "uebermorgen": 2}
_NAMED = re.compile(r"([^\W\d_]+)\.?(?:\s*,\s*|\s+)(?:(?:den|dem|der)\s+)?(?=\d)")
_DAY = (
    re.compile(r"(?P<day>\d{1,2})\s*\.\s*(?P<month>\d{1,2})\s*(?:\.\s*(?P<year>\d{4}|\d{2})?)?"),
    re.compile(r"(?P<day>\d{1,2})\s*\.?\s*(?P<name>[^\W\d_]+)\.?(?:\s*(?P<year>\d{4}|\d{2}))?"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
    re.compile(r"(?P<day>\d{1,2})-(?P<month>\d{1,2})-(?P<year>\d{4})"),
    re.compile(r"(?P<day>\d{1,2})\s+(?P<month>\d{1,2})\s+(?P<year>\d{4}|\d{2})"),
    re.compile(r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4}|\d{2})"),
)
_TIME = re.compile(
    r"(?:um\s+)?(?P<hour>\d{1,2}?)(?:(?:\s*[:.h]\s*|\s+|\s*uhr\s*)?(?P<minute>\d{2}))?"
    r"\s*(?:uhr|h)?\.?"
)


def day_of(text: str, today: date, *, ahead: bool) -> date:
    """The day that is meant; without a year the next one from today on, or else the nearest."""
    typed = without_unseen(text).lower()
    if typed in _FROM_TODAY:
        return today + timedelta(days=_FROM_TODAY[typed])
    named = _NAMED.match(typed)
    found = _day(typed[named.end() :] if named else typed, today, ahead=ahead)
    if found is None or (named and found.weekday() != _WEEKDAY.get(named[1])):
        raise Refused(Reason.BAD_DAY)
    return found


def time_of(text: str) -> time:
    """The time of day that is meant: hours alone, or with two digits of minutes."""
    found = _TIME.fullmatch(without_unseen(text).lower())
    hour, minute = (int(found["hour"]), int(found["minute"] or 0)) if found else (24, 0)
    if hour > 23 or minute > 59:
        raise Refused(Reason.BAD_TIME)
    return time(hour, minute)


def as_day(day: date) -> str:
    """As it stands in a field, and is read again."""
    return f"{day:%d.%m.%Y}"


def as_time(at: time) -> str:
    return f"{at:%H:%M}"


def _day(typed: str, today: date, *, ahead: bool) -> date | None:
    found = next((found for each in _DAY if (found := each.fullmatch(typed))), None)
    if found is None:
        return None
    parts = found.groupdict()
    month = int(parts["month"]) if parts.get("month") else _MONTH.get(parts.get("name") or "", 0)
    days = [
        day
        for year in _years(parts["year"], today)
        if (day := _existing(year, month, int(parts["day"])))
        and (day >= today or parts["year"] or not ahead)
    ]
    return min(days, key=lambda day: abs(day - today), default=None)


def _years(digits: str | None, today: date) -> list[int]:
    """Two digits are of this century, and no appointment is in another."""
    if digits is None:
        return [today.year - 1, today.year, today.year + 1]
    begins = today.year - today.year % CENTURY
    year = int(digits) + (begins if len(digits) == 2 else 0)
    return [year] if begins <= year < begins + CENTURY else []


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
