"""
Leaves nothing of deleted rows in a SQLite file.

Knows how a table is rewritten, not which one nor when: `core.office.forgetting` does.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine

from core.trail import Happening


def overwrite_freed(target: Engine, tables: Iterable[str]) -> None:
    """
    Leave nothing of deleted rows of these tables in a SQLite file or its write-ahead log.

    secure_delete alone misses copies that SQLite made when it moved rows between the pages of
    one table or index (docs/decisions/0012). So its pages are given back, all of them, which
    overwrites each, and the rows that stay are rewritten. PostgreSQL does this by itself, in
    its own time (autovacuum).
    """
    if target.dialect.name != "sqlite":
        return
    raw = target.raw_connection()
    try:
        cursor = raw.cursor()
        # Else SQLite would delete row by row; the very same rows are back before anybody looks.
        cursor.execute("PRAGMA foreign_keys=OFF")
        for table in tables:
            _lay_anew(cursor, table)
        [(busy, _, _)] = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        if busy:
            raise TimeoutError("somebody has been reading the database for too long")
    finally:
        raw.invalidate()  # nobody else gets this connection, without foreign keys


def _lay_anew(cursor: Any, table: str) -> None:
    """All or nothing, in memory (`temp_store`)."""
    if table == Happening.__tablename__:
        # The trail is long and only grows at its end, so none of its rows moves; of its indexes
        # this one is short and knows of which appointment a row is.
        cursor.execute("REINDEX ix_happening_appointment_id")
        return
    cursor.execute("BEGIN IMMEDIATE")
    cursor.execute(f'CREATE TEMP TABLE stays AS SELECT * FROM main."{table}"')  # noqa: S608 (own names)
    cursor.execute(f'DELETE FROM main."{table}"')  # noqa: S608 (own names)
    cursor.execute(f'INSERT INTO main."{table}" SELECT * FROM temp.stays')  # noqa: S608 (own names)
    cursor.execute("DROP TABLE temp.stays")
    cursor.execute("COMMIT")
