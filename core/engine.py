"""
The database: how it is opened, which one it is, how it comes to its newest version.

Which tables are in it, only the migrations know.
"""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError

from core.settings import ROOT, settings

WRITES = {"writes": True}  # an execution option: this transaction is going to write
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


def migrate(target: Engine) -> None:
    """Bring the database to the newest version; an empty or missing one gets every table."""
    make(target)
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with target.execution_options(**WRITES).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
