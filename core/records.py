"""
The tables and the engine. Knows columns and constraints, no rules.

Times are UTC and aware; SQLModel refuses naive ones. Secrets are stored as
SHA-256 only. `Happening` has no foreign keys, so that the trail of what was done
never gets in the way of the rows it speaks of.
"""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import CheckConstraint, Connection, Engine, event, false
from sqlalchemy.engine import make_url
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
    disabled_at: datetime | None = None


class StaffSession(SQLModel, table=True):
    __tablename__ = "staff_session"

    id: int | None = Field(default=None, primary_key=True)
    jobcenter_id: int = Field(foreign_key="jobcenter.id", index=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None


class Appointment(SQLModel, table=True):
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_start"),)

    id: int | None = Field(default=None, primary_key=True)
    jobcenter_id: int = Field(foreign_key="jobcenter.id", index=True)
    advisor_id: int = Field(foreign_key="staff.id", index=True)
    starts_at: datetime = Field(index=True)
    ends_at: datetime
    status: Status = Status.PLANNED
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
    status: GuestStatus = GuestStatus.INVITED
    consented_at: datetime | None = None
    consented_version: str | None = Field(default=None, max_length=20)
    waiting_since: datetime | None = None
    camera_worked: bool | None = None
    microphone_worked: bool | None = None
    loudspeaker_worked: bool | None = None
    technique_failed_at: datetime | None = None
    identity_at: datetime | None = None
    identity_by: int | None = Field(default=None, foreign_key="staff.id")
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
    guest_id: int | None = Field(default=None, foreign_key="guest.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    text: str = Field(max_length=MESSAGE_LENGTH)
    private: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class Happening(SQLModel, table=True):
    """Who did what and when. No content, no name."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    jobcenter_id: int = Field(index=True)
    appointment_id: int | None = Field(default=None, index=True)
    guest_id: int | None = None
    staff_id: int | None = None  # the account it was done to; who did it is actor_id
    by: str = Field(max_length=20)
    actor_id: int | None = None
    what: str = Field(max_length=40)


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
    """An engine for `url`; a SQLite file's folder is made, its pragmas are set."""
    database = make_url(url)
    if database.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    if database.database:
        Path(database.database).parent.mkdir(parents=True, exist_ok=True)
    sqlite = create_engine(url, connect_args={"timeout": 5}, hide_parameters=True)
    event.listen(sqlite, "connect", _sqlite_pragmas)
    event.listen(sqlite, "begin", _sqlite_begin)
    return sqlite


@cache
def engine() -> Engine:
    """The engine of this process."""
    return open_engine(settings().database_url)


def overwrite_freed(target: Engine) -> None:
    """
    Leave nothing of deleted rows in a SQLite file or its write-ahead log.

    secure_delete alone misses copies that SQLite made when it moved rows between pages
    (docs/decisions/0012). PostgreSQL does this by itself, in its own time (autovacuum).
    """
    if target.dialect.name != "sqlite":
        return
    raw = target.raw_connection()  # VACUUM works outside of any transaction only
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        [(busy, _, _)] = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        if busy:
            raise TimeoutError("somebody has been reading the database for too long")
    finally:
        raw.close()


def migrate(target: Engine) -> None:
    """Bring the database to the newest version; an empty one gets every table."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with target.execution_options(**WRITES).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
