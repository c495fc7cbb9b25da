"""
Ways in which a real SQLite database can be away: each is true for as long as its block lasts.

A disk that is full or cannot be written is a small one of its own, which only root can make.
"""

import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from core.engine import engine

Outage = Callable[[Path], AbstractContextManager[None]]
DISK = "4m"


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Somebody else writes, and does not stop. What is only read can be read."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def removed(database: Path) -> Iterator[None]:
    """The file has gone, as when its volume is no longer there."""
    elsewhere = database.with_suffix(".elsewhere")
    database.rename(elsewhere)
    yield
    elsewhere.rename(database)


@contextmanager
def replaced(database: Path) -> Iterator[None]:
    """Something that is no database has its name. SQLite then throws the log away."""
    with closing(sqlite3.connect(database)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with removed(database):
        database.write_bytes(b"no database at all " * 1000)
        yield
        database.unlink()


@contextmanager
def full(database: Path) -> Iterator[None]:
    """Not a byte more fits on the disk, which is that of `small_disk`."""
    filler = database.with_suffix(".filler")
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            yield
    filler.unlink()


@contextmanager
def read_only(database: Path) -> Iterator[None]:
    """The disk, that of `small_disk`, takes nothing any more: as a broken one does."""
    engine().dispose()  # nothing may be open for writing
    _mount("-o", "remount,ro", database.parent)
    yield
    engine().dispose()
    _mount("-o", "remount,rw", database.parent)


ANY_DISK: list[Outage] = [locked, removed, replaced]
SMALL_DISK: list[Outage] = [full, read_only]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[None]:
    """The house that is built after it stands on a disk of its own."""
    if os.geteuid() != 0:
        pytest.skip("only root can make a disk")
    _mount("-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", tmp_path)
    yield
    engine().dispose()
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


def _mount(*words: object) -> None:
    subprocess.run(["mount", *map(str, words)], check=True)


def impatient(milliseconds: int = 20) -> None:
    """Nobody waits for a lock for as long as in a real house."""
    engine().dispose()
    pragma = f"PRAGMA busy_timeout = {milliseconds}"
    event.listen(engine(), "connect", lambda connection, _: connection.execute(pragma))
