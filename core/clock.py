"""
Times: UTC inside, Europe/Berlin for people. Naive datetimes are refused.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from core.refused import Reason, Refused

BERLIN = ZoneInfo("Europe/Berlin")


def now() -> datetime:
    return datetime.now(UTC)


def berlin(moment: datetime) -> datetime:
    """The wall clock in Berlin at `moment`."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime")
    return moment.astimezone(BERLIN)


def from_berlin(day: date, at: time) -> datetime:
    """
    The UTC instant of a Berlin wall-clock time.

    Refused for the hour that does not exist in March and the one that exists
    twice in October: an appointment must mean one moment.
    """
    local = datetime.combine(day, at.replace(tzinfo=None), tzinfo=BERLIN)
    if local.astimezone(UTC).astimezone(BERLIN).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Refused(Reason.NO_SUCH_TIME)
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        raise Refused(Reason.AMBIGUOUS_TIME)
    return local.astimezone(UTC)
