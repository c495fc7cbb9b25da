"""
The tables and the engine. Knows columns and constraints, no rules.

Times are UTC and aware; SQLModel refuses naive ones. Secrets are stored as
SHA-256 only. `Happening` has no foreign keys, so that the trail of what was done
never gets in the way of the rows it speaks of.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, CheckConstraint, Connection, Engine, Index, event, false, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlmodel import Field, SQLModel, create_engine

from core.appointment import GuestRole, GuestStatus, IdentityProof, StaffRole, Status
from core.settings import ROOT, settings

NAME_LENGTH = 100
PHONE_LENGTH = 40
MAIL_LENGTH = 254
MESSAGE_LENGTH = 2000
WRITES = {"writes": True}  # an execution option: this transaction is going to write

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Jobcenter(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=NAME_LENGTH, unique=True)
    phone: str = Field(max_length=PHONE_LENGTH)


class Staff(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    jobcenter_id: int = Field(foreign_key="jobcenter.id", index=True)
    name: str = Field(max_length=NAME_LENGTH)
    login: str = Field(max_length=NAME_LENGTH, unique=True)
    password_hash: str
    role: StaffRole = StaffRole.ADVISOR
    disabled_at: datetime | None = Field(default=None, index=True)


class StaffSession(SQLModel, table=True):
    __tablename__ = "staff_session"

    id: int | None = Field(default=None, primary_key=True)
    jobcenter_id: int = Field(foreign_key="jobcenter.id", index=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(index=True)
    seen_at: datetime
    ended_at: datetime | None = None


class Appointment(SQLModel, table=True):
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_appointment_advisor_id", "advisor_id", "starts_at"),  # the Tagesplan
        Index("ix_appointment_taken", "taken", "status", "ends_at"),  # what time does
    )

    id: int | None = Field(default=None, primary_key=True)
    jobcenter_id: int = Field(foreign_key="jobcenter.id", index=True)
    advisor_id: int = Field(foreign_key="staff.id")
    starts_at: datetime
    ends_at: datetime
    status: Status = Status.PLANNED
    # How far time has come with it: the chat is gone (1), names and links are gone (2).
    taken: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    screen_since: datetime | None = None  # since when the advisor shows a screen
    private_since: datetime | None = None  # since when the others talk without the advisor
    knocked_at: datetime | None = None  # when the advisor asked to come back


class Guest(SQLModel, table=True):
    __table_args__ = (
        CheckConstraint(
            "(identity_at IS NULL AND identity_by IS NULL AND identity_how IS NULL) OR "
            "(identity_at IS NOT NULL AND identity_by IS NOT NULL AND identity_how IS NOT NULL)",
            name="identity_all_or_nothing",
        ),
        CheckConstraint(
            "(consented_at IS NULL) = (consented_version IS NULL)",
            name="consent_all_or_nothing",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    jobcenter_id: int = Field(foreign_key="jobcenter.id", index=True)
    appointment_id: int = Field(foreign_key="appointment.id", index=True)
    role: GuestRole = GuestRole.CLIENT
    name: str = Field(max_length=NAME_LENGTH)
    email: str = Field(max_length=MAIL_LENGTH)
    secret_hash: str = Field(max_length=64, unique=True)
    # The one browser that speaks for this guest; None until they have consented.
    device_hash: str | None = Field(default=None, max_length=64)
    device_changed_at: datetime | None = None
    # When the seat moved away from somebody the advisor had let in.
    doubted_at: datetime | None = None
    # The one that always gets the seat back (docs/decisions/0022).
    own_device_hash: str | None = Field(default=None, max_length=64)
    status: GuestStatus = GuestStatus.INVITED
    consented_at: datetime | None = None
    consented_version: str | None = Field(default=None, max_length=20)
    waiting_since: datetime | None = None
    camera_worked: bool | None = None
    microphone_worked: bool | None = None
    loudspeaker_worked: bool | None = None
    technique_failed_at: datetime | None = None
    identity_at: datetime | None = None
    identity_by: int | None = Field(default=None, foreign_key="staff.id", index=True)
    identity_how: IdentityProof | None = None
    mail_sent_at: datetime | None = None

    @property
    def has_waited(self) -> bool:
        return self.waiting_since is not None

    @property
    def technique_failed(self) -> bool:
        """A device once failed; a later success does not take that back."""
        return self.technique_failed_at is not None


class Message(SQLModel, table=True):
    __table_args__ = (
        CheckConstraint(f"length(text) BETWEEN 1 AND {MESSAGE_LENGTH}", name="text_length"),
    )

    id: int | None = Field(default=None, primary_key=True)
    jobcenter_id: int = Field(foreign_key="jobcenter.id", index=True)
    appointment_id: int = Field(foreign_key="appointment.id", index=True)
    at: datetime
    guest_id: int | None = Field(default=None, foreign_key="guest.id", index=True)
    staff_id: int | None = Field(default=None, foreign_key="staff.id", index=True)
    text: str = Field(max_length=MESSAGE_LENGTH)
    private: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class MessageReader(SQLModel, table=True):
    """Somebody who was inside when a private message was written, and in which browser."""

    __tablename__ = "message_reader"

    id: int | None = Field(default=None, primary_key=True)
    appointment_id: int = Field(foreign_key="appointment.id", index=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    guest_id: int = Field(foreign_key="guest.id", index=True)
    device_hash: str | None = Field(default=None, max_length=64)


# As SQLite and PostgreSQL have to read it in a query, too, to use the index.
ABOUT_NO_APPOINTMENT = (
    "appointment_id IS NULL AND "
    "(guest_id IS NOT NULL OR staff_id IS NOT NULL OR actor_id IS NOT NULL)"
)


def _partial(name: str, column: str, where: str) -> Index:
    """An index of few of a table's rows."""
    only = text(where)
    return Index(name, column, sqlite_where=only, postgresql_where=only)


class Happening(SQLModel, table=True):
    """Who did what and when. No content, no name."""

    __table_args__ = (
        _partial("ix_happening_appointment_id", "appointment_id", "appointment_id IS NOT NULL"),
        _partial("ix_happening_linked", "at", ABOUT_NO_APPOINTMENT),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    jobcenter_id: int = Field(index=True)
    appointment_id: int | None = None
    guest_id: int | None = None
    staff_id: int | None = None  # the account it was done to; who did it is actor_id
    by: str = Field(max_length=20)
    actor_id: int | None = None
    what: str = Field(max_length=40)


class Timekeeping(SQLModel, table=True):
    """One row: the time as it was counted last, and what the counter said then (decision 24)."""

    id: int | None = Field(default=None, primary_key=True)
    moment: datetime
    boot: str = Field(max_length=64)
    seconds: float


_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "secure_delete=ON",  # what is deleted is overwritten
    "temp_store=MEMORY",  # VACUUM leaves no copy in a temporary folder
)


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # or sqlite3 would begin where it likes, see _sqlite_begin
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    # A writer takes the lock before it reads: what it has compared still holds when it sets,
    # and a second writer waits for it instead of failing with "database is locked".
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def open_engine(url: str) -> Engine:
    """An engine for `url`. A SQLite file has to be there: only `make` makes one."""
    database = make_url(url)
    if database.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    sqlite = create_engine(_existing(database), connect_args={"timeout": 5}, hide_parameters=True)
    event.listen(sqlite, "connect", _sqlite_pragmas)
    event.listen(sqlite, "begin", _sqlite_begin)
    if (file := file_of(sqlite)) is not None:
        event.listen(sqlite, "connect", lambda _, record: record.info.update(file=_which(file)))
        event.listen(sqlite, "checkout", lambda _, record, __: _refuse_another(file, record))
    return sqlite


def _existing(database: URL) -> URL:
    """The same, but SQLite does not put an empty file in the place of one that has gone."""
    if database.database in (None, "", ":memory:") or "uri" in database.query:
        return database
    file = quote(str(Path(database.database or "").resolve()))
    return database.set(database=f"file:{file}").update_query_dict({"mode": "rw", "uri": "true"})


def _which(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _refuse_another(file: Path, record: Any) -> None:
    """What is written into a file that has gone, or been replaced, is read by nobody any more."""
    if record.info["file"] != _which(file):
        raise DisconnectionError("another file")


def file_of(target: Engine) -> Path | None:
    """The file of a SQLite database."""
    database = target.url.database
    if target.dialect.name != "sqlite" or database in (None, "", ":memory:"):
        return None
    return Path(unquote((database or "").removeprefix("file:"))).resolve()


def name_of(target: Engine) -> str:
    """Which database it is, for anyone who runs it; never a password."""
    if target.dialect.name == "sqlite":
        return f"SQLite file {file_of(target) or 'in memory'}"
    url = target.url
    where = f"{url.host or 'this machine'}{f':{url.port}' if url.port else ''}"
    return f"{url.get_backend_name()} database {url.database} on {where}"


def is_made(target: Engine) -> bool:
    """Whether there is a database with our tables in it, of whatever version."""
    file = file_of(target)
    if file is not None and not file.exists():
        return False
    with target.connect() as connection:
        return inspect(connection).has_table("alembic_version")


def make(target: Engine) -> None:
    """The file of a SQLite database and its folder, if there are none. Knows no table yet."""
    if (file := file_of(target)) is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()


@cache
def engine() -> Engine:
    """The engine of this process."""
    return open_engine(settings().database_url)


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


def migrate(target: Engine) -> None:
    """Bring the database to the newest version; an empty or missing one gets every table."""
    make(target)
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with target.execution_options(**WRITES).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
