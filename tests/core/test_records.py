"""Tables and migrations: what the database itself refuses, and what it never holds."""

import re
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from random import Random

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import Session, SQLModel

from core.access import digest
from core.appointment import IdentityProof
from core.engine import engine, make, migrate, open_engine
from core.office import chat, hosting, inviting, staff_sessions
from core.office.ledger import note, transaction
from core.records import Appointment, Guest
from core.settings import ROOT
from core.sqlite_remains import overwrite_freed
from tests.conftest import HOUR, NOW, PASSWORD

NAIVE = datetime(2026, 12, 1, 9, 0)  # noqa: DTZ001 (that is the point)


def every_cell(path) -> list[str]:
    """All values of all columns of all tables, as text."""
    with sqlite3.connect(path) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return [
            str(cell)
            for (name,) in names
            for row in connection.execute(f"SELECT * FROM {name}")  # noqa: S608 (own names)
            for cell in row
        ]


def test_the_database_holds_hashes_of_secrets_and_no_secret(house):
    planned = house.plan()
    second = inviting.new_link(house.advisor, NOW, planned.guest_id)
    token = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    guest = house.talking(planned)
    chat.write(guest, NOW, planned.appointment_id, "Hallo")
    cells = every_cell(house.database)
    assert "Hallo" in cells
    for secret in (planned.secret, second, token, PASSWORD):
        assert [cell for cell in cells if secret in cell] == []
    assert (cells.count(digest(second)), cells.count(digest(token))) == (1, 1)
    assert cells.count(digest(planned.secret)) == 0
    # Nor in the pages and the write-ahead log of the file.
    for path in house.database.parent.glob("house.sqlite*"):
        content = path.read_bytes()
        assert [s for s in (planned.secret, second, token) if s.encode() in content] == []


IDENTITY = {
    "identity_at": NOW,
    "identity_by": 1,
    "identity_how": IdentityProof.ID_SHOWN,
}
SOME_OF_IT = [
    {name: IDENTITY[name] for name in names}
    for names in (
        ["identity_at"],
        ["identity_by"],
        ["identity_how"],
        ["identity_at", "identity_by"],
        ["identity_at", "identity_how"],
        ["identity_by", "identity_how"],
    )
]


@pytest.mark.parametrize("values", SOME_OF_IT)
def test_an_identity_check_is_whole_or_not_there(house, values):
    planned = house.plan()
    with pytest.raises(IntegrityError):
        house.set(Guest, planned.guest_id, **values)
    house.set(Guest, planned.guest_id, **IDENTITY)
    with pytest.raises(IntegrityError):
        house.set(Guest, planned.guest_id, identity_how=None)


@pytest.mark.parametrize("values", [{"consented_at": NOW}, {"consented_version": "1"}])
def test_a_consent_is_whole_or_not_there(house, values):
    planned = house.plan()
    with pytest.raises(IntegrityError):
        house.set(Guest, planned.guest_id, **values)
    house.set(Guest, planned.guest_id, consented_at=NOW, consented_version="1")


def test_the_database_refuses_an_end_before_the_start_and_rows_without_a_home(house):
    planned = house.plan()
    with pytest.raises(IntegrityError):
        house.set(Appointment, planned.appointment_id, ends_at=NOW)
    with pytest.raises(IntegrityError):
        house.set(Guest, planned.guest_id, appointment_id=999)


def test_two_guests_never_share_a_link(house):
    one, other = house.plan(), house.plan()
    with pytest.raises(IntegrityError):
        house.set(Guest, one.guest_id, secret_hash=digest(other.secret))


@pytest.mark.parametrize("column", ["consented_at", "waiting_since", "mail_sent_at"])
def test_a_time_without_a_zone_is_refused(house, column):
    planned = house.plan()
    with pytest.raises(StatementError):
        house.set(Guest, planned.guest_id, **{column: NAIVE})


def test_times_come_back_aware_and_in_utc(house):
    planned = house.plan()
    tokyo = NOW.astimezone(timezone(timedelta(hours=9)))
    house.set(Guest, planned.guest_id, waiting_since=tokyo)
    back = house.row(Guest, planned.guest_id).waiting_since
    assert (back, back.tzinfo) == (NOW, UTC)


def test_half_a_deed_is_no_deed(house):
    planned = house.plan()
    trail = house.trail()
    with suppress(RuntimeError), transaction() as session:
        note(session, house.advisor, NOW, "half")
        session.get_one(Guest, planned.guest_id).name = "Other"
        session.flush()
        raise RuntimeError
    assert (house.trail(), house.row(Guest, planned.guest_id).name) == (trail, "Karla Beispiel")


def test_the_trail_outlives_the_rows_it_speaks_of(house):
    planned = house.plan()
    with Session(engine()) as session:
        session.delete(session.get_one(Guest, planned.guest_id))
        session.delete(session.get_one(Appointment, planned.appointment_id))
        session.commit()
    assert [what for what, _, _ in house.trail(planned.appointment_id)] == ["plan", "invite"]


def test_the_trail_holds_no_name_and_no_content(house):
    planned = house.plan()
    guest = house.identified(planned)
    chat.write(guest, NOW, planned.appointment_id, "geheimer Satz")
    hosting.end(house.advisor, NOW + HOUR, planned.appointment_id)
    with sqlite3.connect(house.database) as connection:
        trail = str(connection.execute("SELECT * FROM happening").fetchall())
    found = [word for word in ("Karla", "example.com", "geheim", "Anna") if word in trail]
    assert found == []


def differences(target) -> list[object]:
    with target.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "render_as_batch": True}
        )
        return compare_metadata(context, SQLModel.metadata)


def to_version(target, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with target.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, version)


def test_migrations_lead_from_nothing_to_the_models_and_back_and_again(tmp_path):
    target = open_engine(f"sqlite:///{tmp_path / 'new' / 'empty.sqlite'}")
    migrate(target)
    assert differences(target) == []
    migrate(target)
    assert differences(target) == []
    to_version(target, "base")
    assert inspect(target).get_table_names() == ["alembic_version"]
    migrate(target)
    assert differences(target) == []
    target.dispose()


@pytest.mark.parametrize(
    ("moved", "checked", "own"), [(None, None, "d"), (NOW, None, None), (NOW, NOW, "d")]
)
def test_a_guest_of_an_older_version_keeps_the_device_that_was_first_or_is_checked(
    house, moved, checked, own
):
    planned = house.plan()
    proof = {"identity_by": 1, "identity_how": IdentityProof.ID_SHOWN} if checked else {}
    device = {"device_hash": "d", "device_changed_at": moved}
    house.set(Guest, planned.guest_id, identity_at=checked, **proof, **device)
    to_version(engine(), "0007")
    migrate(engine())
    assert house.row(Guest, planned.guest_id).own_device_hash == own


@pytest.mark.parametrize("moved", [None, NOW])
def test_of_a_guest_of_an_older_version_the_desk_goes_on_saying_what_it_said(house, moved):
    planned = house.plan()
    house.set(Guest, planned.guest_id, device_hash="d", device_changed_at=moved)
    to_version(engine(), "0008")
    migrate(engine())
    assert house.row(Guest, planned.guest_id).doubted_at == moved


def test_a_missing_table_would_be_noticed(tmp_path):
    target = open_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    make(target)
    kinds = {difference[0] for difference in differences(target)}
    assert kinds == {"add_table", "add_index"}
    target.dispose()


def rows_come_and_go(target, steps: int) -> tuple[set[str], set[str]]:
    """Rows of very different lengths: SQLite moves them between pages. What went, what stayed."""
    random = Random(3)
    here: list[str] = []
    gone: set[str] = set()
    with target.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE person (name TEXT UNIQUE, text TEXT)")
        for step in range(steps):
            if random.random() < 0.5 or not here:
                here.append(f"Person{step:05}")
                values = (here[-1] + "x" * random.randint(0, 300), "y" * random.randint(0, 6000))
                connection.exec_driver_sql("INSERT INTO person VALUES (?, ?)", values)
            else:
                name = here.pop(random.randrange(len(here)))
                gone.add(name)
                connection.exec_driver_sql(
                    "DELETE FROM person WHERE name BETWEEN ? AND ?", (name, name + "y")
                )
            connection.commit()
    return gone, set(here)


def test_what_is_deleted_and_overwritten_is_in_no_file_of_the_database(tmp_path):
    target = open_engine(f"sqlite:///{tmp_path / 'house.sqlite'}")
    make(target)
    gone, here = rows_come_and_go(target, 3000)
    overwrite_freed(target, ["person"])
    raw = b"".join(file.read_bytes() for file in tmp_path.glob("house.sqlite*"))
    found = {name.decode() for name in re.findall(rb"Person\d{5}", raw)}
    assert (found & gone, found) == (set(), here)
    target.dispose()


def test_deleted_bytes_are_overwritten_at_once_and_nothing_is_copied_to_a_temporary_folder(house):
    with engine().connect() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("secure_delete", "temp_store")
        ]
    assert pragmas == [1, 2]
