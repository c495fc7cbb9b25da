"""
The one process that serves a database: its live rooms, its forms and its limits are in its memory,
and a second one beside it would know nothing of them.

A lock that the system, or PostgreSQL, gives back by itself when the process dies, however it dies.
Commands of the operator work beside it and take none. Knows no page.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from core.engine import file_of, name_of

# One that is just ending, or whose end PostgreSQL is about to notice, is waited for.
PATIENCE_SECONDS = 3.0
LOOK_SECONDS = 0.1
# Any number, but always the same: PostgreSQL keeps it apart for each database.
NUMBER = 0x62657261
log = structlog.get_logger()


class Taken(RuntimeError):
    """Another process serves this database."""


class Hold:
    """Our lock on a database, once it is `taken`."""

    def __init__(self, target: Engine) -> None:
        self._target = target
        self._file: int | None = None
        self._connection: Connection | None = None

    def take(self) -> bool:
        """Whether it is ours from now on, until it is given back or this process ends."""
        file = file_of(self._target)
        if file is not None:
            return self._lock(file)
        return self._target.dialect.name != "postgresql" or self._ask_for_it()

    def keep(self) -> None:
        """Take it again if PostgreSQL was restarted meanwhile; say so if somebody was faster."""
        if self._target.dialect.name != "postgresql":
            return
        if self._connection is not None:
            try:
                self._connection.execute(text("SELECT 1"))
            except DBAPIError:
                self.give_back()
            else:
                return
        if not self.take():
            _say(self._target)

    def give_back(self) -> None:
        if self._file is not None:
            os.close(self._file)
        if self._connection is not None:
            self._connection.invalidate()  # back in the pool it would keep what it has
            self._connection.close()
        self._file = self._connection = None

    def _lock(self, file: Path) -> bool:
        # Beside the database: SQLite has locks of its own in it, which closing ours would break.
        beside = file.with_name(f"{file.name}.lock")
        beside.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(beside, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.give_back()
            return False
        return True

    def _ask_for_it(self) -> bool:
        """For as long as one connection lives, which does nothing else."""
        alone = self._target.execution_options(isolation_level="AUTOCOMMIT")
        self._connection = alone.connect()
        asked = text("SELECT pg_try_advisory_lock(:number)"), {"number": NUMBER}
        if self._connection.scalar(*asked):
            return True
        self.give_back()
        return False


@contextmanager
def held(target: Engine) -> Iterator[Hold]:
    """In here, no other process serves the database; `Taken` if one does already."""
    hold, until = Hold(target), time.monotonic() + PATIENCE_SECONDS
    while not hold.take():
        if time.monotonic() > until:
            _say(target)
            raise Taken(f"another process serves this database: {name_of(target)}")
        time.sleep(LOOK_SECONDS)
    try:
        yield hold
    finally:
        hold.give_back()


def is_held(target: Engine) -> bool:
    """Whether some process serves it just now."""
    hold = Hold(target)
    taken = hold.take()
    hold.give_back()
    return not taken


def _say(target: Engine) -> None:
    log.error("another process serves this database", where=name_of(target))
