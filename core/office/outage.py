"""
Whether the database answers and keeps what it is given: gone, locked for too long, full.

Every deed and view notices it here (`ledger`); from then on somebody looks again and again
(`core.watch`) until something can be kept, and everybody is told of both. What the database can
never hold is no outage but refused. Knows no page.
"""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import text
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
    TimeoutError,
)

from core import hub
from core.engine import WRITES, engine, file_of
from core.refused import Away, Reason, Refused

# A disk with less is full, even if the little that is written to find out still fits.
LEAST_FREE = 1 << 20  # bytes
log = structlog.get_logger()
_lasts = threading.Event()


@contextmanager
def noticed() -> Iterator[None]:
    """Around everything that is asked of the database."""
    try:
        yield
    # A NUL for PostgreSQL, half a character or a number too large for SQLite.
    except (DataError, UnicodeEncodeError, OverflowError):
        raise Refused(Reason.BAD_CHARACTERS) from None
    except (IntegrityError, ProgrammingError, NotSupportedError):
        raise
    except (DBAPIError, TimeoutError) as problem:
        _begun(problem)
        raise Away from None


def lasts() -> bool:
    """Something could not be asked or kept, and nobody has found that it can be again."""
    return _lasts.is_set()


def ask() -> None:
    """Ask the database something, for somebody who could read nothing: `Away` if it is."""
    with noticed(), engine().connect() as connection:
        connection.execute(text("SELECT version_num FROM alembic_version"))


def look() -> None:
    """During an outage: try to keep something that changes nothing. One at a time looks."""
    if not lasts():
        return
    try:
        _keep_something()
    except (DBAPIError, TimeoutError, OSError):
        return
    over()
    log.info("database back")
    hub.HUB.changed({hub.OUTAGE})


def over() -> None:
    _lasts.clear()


def _begun(problem: Exception) -> None:
    if lasts():
        return
    _lasts.set()
    log.error("database away", kind=_kind(problem))
    hub.HUB.changed({hub.OUTAGE})


def _keep_something() -> None:
    file = file_of(engine())
    if file is not None and shutil.disk_usage(file.parent).free < LEAST_FREE:
        raise OSError("the disk is full")
    with engine().execution_options(**WRITES).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = version_num"))


def _kind(problem: Exception) -> str:
    """What the database calls it, without what it says of it."""
    own = getattr(problem, "orig", None) or problem
    named = getattr(own, "sqlite_errorname", None) or getattr(own, "sqlstate", None)
    return str(named or type(own).__name__)
