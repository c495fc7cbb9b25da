"""
A house for each test: a fresh, migrated SQLite file with two Jobcenters and three advisors.

Knows no page: Streamlit is never imported here.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile
from types import SimpleNamespace
from typing import TypeVar

import pytest
from sqlmodel import Session, SQLModel, delete, select

from core import access, clock
from core.appointment import OPERATOR, Actor, By, GuestRole, GuestStatus, IdentityProof, Status
from core.engine import engine, migrate
from core.media.rooms import line, room, tone
from core.office import accounts, hosting, outage, planning, visiting
from core.office.planning import Planned
from core.post import POST
from core.records import Appointment, Guest
from core.settings import settings
from core.trail import Happening

# A Monday in winter: 09:00 in Berlin.
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
PASSWORD = "a long enough password"

# Test runs beside each other: each app takes any port for media that is free.
os.environ.setdefault("BERATUNGSRAUM_MEDIA_PORT", "0")

RowT = TypeVar("RowT", bound=SQLModel)


@dataclass(frozen=True)
class House:
    """One installation, who works in it, and what a test asks of it most."""

    now: datetime
    database: Path
    outbox: Path
    advisor: Actor
    colleague: Actor  # same Jobcenter, other appointments
    stranger: Actor  # an advisor of the other Jobcenter

    def plan(self, by: Actor | None = None, starts_at: datetime | None = None) -> Planned:
        """An appointment of one hour, now unless `starts_at` says otherwise."""
        begin = starts_at or self.now
        return planning.plan(
            by or self.advisor, self.now, "Karla Beispiel", "karla@example.com", begin, begin + HOUR
        )

    def guest(self, planned: Planned) -> Actor:
        row = self.row(Guest, planned.guest_id)
        return Actor(By.GUEST, row.id, row.jobcenter_id)

    def second_guest(self, planned: Planned, role: GuestRole = GuestRole.INTERPRETER) -> Actor:
        """One more invited person; there is no deed for it yet."""
        with Session(engine()) as session:
            first = session.get_one(Guest, planned.guest_id)
            row = Guest(
                jobcenter_id=first.jobcenter_id,
                appointment_id=first.appointment_id,
                role=role,
                name="Ida Dolmetscherin",
                email="ida@example.com",
                secret_hash=access.digest(f"{role} of {planned.guest_id}"),
            )
            session.add(row)
            session.commit()
            return Actor(By.GUEST, row.id, row.jobcenter_id)

    def waiting(self, planned: Planned) -> Actor:
        """The guest, in the Warteraum."""
        guest = self.guest(planned)
        visiting.consent(guest, self.now, "1")
        visiting.enter_waiting(guest, self.now)
        return guest

    def talking(self, planned: Planned) -> Actor:
        """The guest, in the open room."""
        guest = self.waiting(planned)
        hosting.open_room(self.advisor, self.now, planned.appointment_id, {})
        return guest

    def identified(self, planned: Planned) -> Actor:
        guest = self.talking(planned)
        hosting.check_identity(self.advisor, self.now, planned.guest_id, IdentityProof.KNOWN_PERSON)
        return guest

    def row(self, table: type[RowT], row_id: int | None) -> RowT:
        with Session(engine()) as session:
            return session.get_one(table, row_id)

    def set(self, table: type[SQLModel], row_id: int | None, **values: object) -> None:
        """Put a row into a state that no deed leads to from here."""
        with Session(engine()) as session:
            row = session.get_one(table, row_id)
            for name, value in values.items():
                setattr(row, name, value)
            session.add(row)
            session.commit()

    def status(self, planned: Planned) -> tuple[Status, GuestStatus]:
        return (
            self.row(Appointment, planned.appointment_id).status,
            self.row(Guest, planned.guest_id).status,
        )

    def trail(self, appointment_id: int | None = None) -> list[tuple[str, str, int | None]]:
        """What happened: what, by which kind of actor, with which id; oldest first."""
        with Session(engine()) as session:
            rows = session.exec(select(Happening).order_by(Happening.id)).all()
        wanted = [row for row in rows if appointment_id in (None, row.appointment_id)]
        return [(row.what, row.by, row.actor_id) for row in wanted]


def _forget_engine() -> None:
    POST.forget()
    outage.over()
    if engine.cache_info().currsize:
        engine().dispose()
    engine.cache_clear()
    settings.cache_clear()
    clock.count_from(None)  # a process that has just begun


def _use(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    _forget_engine()
    monkeypatch.setenv("BERATUNGSRAUM_DATABASE_URL", f"sqlite:///{folder / 'house.sqlite'}")
    monkeypatch.setenv("BERATUNGSRAUM_OUTBOX", str(folder / "outbox"))


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Actor]]:
    """A migrated database with its accounts, made once: passwords are hashed slowly on purpose."""
    folder = tmp_path_factory.mktemp("furnished")
    with pytest.MonkeyPatch.context() as monkeypatch:
        _use(monkeypatch, folder)
        migrate(engine())
        here = accounts.add_jobcenter(OPERATOR, NOW, "Jobcenter Musterstadt", "030 23125-001")
        there = accounts.add_jobcenter(OPERATOR, NOW, "Jobcenter Nebenan", "0221 4710-001")
        people = [
            (here, "Anna Beraterin", "anna"),
            (here, "Bodo Kollege", "bodo"),
            (there, "Clara Fremde", "clara"),
        ]
        actors = [
            Actor(By.ADVISOR, staff_id, place)
            for place, name, login in people
            for staff_id in [accounts.add_staff(OPERATOR, NOW, place, name, login, PASSWORD)]
        ]
        with Session(engine()) as session:
            session.exec(delete(Happening))  # a test's trail begins with the test
            session.commit()
        _forget_engine()
    return folder / "house.sqlite", actors


@pytest.fixture
def house(
    furnished: tuple[Path, list[Actor]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    with a_house(furnished, tmp_path, monkeypatch) as new:
        yield new


@contextmanager
def a_house(
    furnished: tuple[Path, list[Actor]], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    """A fresh database in this folder, which this process uses meanwhile."""
    template, actors = furnished
    _use(monkeypatch, folder)
    copyfile(template, folder / "house.sqlite")
    yield House(NOW, folder / "house.sqlite", folder / "outbox", *actors)
    _forget_engine()


@pytest.fixture
def seconds_pass(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Moves the time the live rooms go by; it stands still until then."""
    hands = [time.monotonic()]  # what a test does before it asks for this is not in the past
    for module in (line, room, tone):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: hands[0]))
    return lambda seconds: hands.__setitem__(0, hands[0] + seconds)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Real browsers last: Playwright keeps an event loop running, and asyncio allows only one."""
    items.sort(key=lambda item: "browser" in item.path.parts)
