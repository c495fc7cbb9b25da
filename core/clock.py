"""
Times: UTC inside, Europe/Berlin for people. Naive datetimes are refused.

The wall clock may be set, by hand or by a time server. What cannot be undone goes by a time that
is counted: from a moment that was right, by a counter of the system that nobody sets and that
goes on while the machine sleeps. Where that moment comes from, `core.office.timekeeping` knows.
"""

import time as system
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from core.refused import Reason, Refused

BERLIN = ZoneInfo("Europe/Berlin")
_THIS_BOOT = Path("/proc/sys/kernel/random/boot_id")
_boot = uuid4().hex  # of this process alone, where the system does not say
with suppress(OSError):
    _boot = _THIS_BOOT.read_text(encoding="ascii").strip()
# A moment, and what the counter said then; None in a process that has not begun to count.
_anchor: tuple[datetime, float] | None = None


def wall() -> datetime:
    """What the machine's clock says."""
    return datetime.now(UTC)


def running() -> float:
    """Seconds that have passed since some moment; sleep counts where the system can tell."""
    if hasattr(system, "CLOCK_BOOTTIME"):
        return system.clock_gettime(system.CLOCK_BOOTTIME)
    return system.monotonic()


def boot() -> str:
    """As long as this is the same, `running` has gone on without a gap."""
    return _boot


def count_from(moment: datetime | None, seconds: float = 0.0) -> None:
    """Count from `moment` on, at which `running` was at `seconds`; from None: count no more."""
    global _anchor
    _anchor = None if moment is None else (moment, seconds)


def counted() -> datetime | None:
    """What time it is by the counter alone."""
    if _anchor is None:
        return None
    moment, seconds = _anchor
    return moment + timedelta(seconds=max(0.0, running() - seconds))


def now() -> datetime:
    """The time for people, and of what is written: a clock that is set back takes nothing back."""
    by_wall, by_count = wall(), counted()
    return by_wall if by_count is None else max(by_wall, by_count)


def sure() -> datetime | None:
    """The time that has come for certain: both say so. None: nobody has begun to count."""
    by_wall, by_count = wall(), counted()
    return None if by_count is None else min(by_wall, by_count)


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
