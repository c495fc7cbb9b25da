"""Who may do which deed: docs/rights.md, tried out cell by cell."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile

import pytest
from sqlalchemy import event

from core import access, office
from core.appointment import Actor, GuestStatus
from core.engine import engine
from core.office import hosting
from core.records import Guest, Staff
from core.refused import Reason, Refused
from tests.conftest import NOW, House
from tests.core.office import rights, scene
from tests.core.office.calls import CALLS
from tests.core.office.refusals import reason_of
from tests.core.office.rights import DEEDS, TABLES, WITHOUT_ACTOR, Row
from tests.core.office.scene import CLIENT, STATES, Scene, Tables

REFUSALS = {"–": Reason.NOT_FOUND, "no": Reason.NOT_ALLOWED}


@dataclass(frozen=True)
class Seen:
    """All that somebody can tell from outside when they try a deed, and what it did."""

    reason: Reason | None
    message: str
    answer: object
    statements: int
    changed: bool
    touched: bool  # something about this appointment, not only their own


@dataclass
class Stage:
    """A database that is set up again whenever something has changed in it."""

    house: House
    templates: dict[str, tuple[Path, Scene]]
    template: Path = Path()

    def show(self, state: str) -> Scene:
        """Set this state up: the first time by deeds, then from a copy."""
        if state not in self.templates:
            made = scene.build(self.house, state)
            engine().dispose()
            copy = self.house.database.with_name(f"{state}.sqlite")
            self.templates[state] = Path(copyfile(self.house.database, copy)), made
        self.template, made = self.templates[state]
        self.again()
        return made

    def again(self) -> None:
        engine().dispose()
        copyfile(self.template, self.house.database)

    def tried(self, deed: str, actor: Actor, it: Scene) -> Seen:
        """What comes of a deed; what it has changed is set up again."""
        before, reason, message, answer = self._tables(), None, "", None
        with _statements() as statements:
            try:
                answer = CALLS[deed](actor, it)
            except Refused as refused:
                reason, message = refused.reason, str(refused)
        after = self._tables()
        if after != before:
            self.again()
        touched = scene.about(before, it) != scene.about(after, it)
        return Seen(reason, message, answer, len(statements), after != before, touched)

    def _tables(self) -> Tables:
        with closing(sqlite3.connect(self.house.database)) as connection:
            connection.row_factory = sqlite3.Row
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return {
                name: [dict(row) for row in connection.execute(f"SELECT * FROM {name}")]  # noqa: S608
                for (name,) in names.fetchall()
            }


@contextmanager
def _statements() -> Iterator[list[str]]:
    """The SQL that is sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    yield sent
    event.remove(engine(), "before_cursor_execute", note)


@pytest.fixture(scope="module")
def templates() -> dict[str, tuple[Path, Scene]]:
    return {}


@pytest.fixture
def stage(
    house: House, templates: dict[str, tuple[Path, Scene]], monkeypatch: pytest.MonkeyPatch
) -> Stage:
    monkeypatch.setattr(access, "hash_password", lambda _: "!")  # slow on purpose elsewhere
    return Stage(house, templates)


def everybody(deed: str, it: Scene) -> Iterator[tuple[str, Row | None, str, Actor]]:
    """Each actor with the kind and the cell that stand for them."""
    for kind, people in it.people.items():
        row = TABLES[kind].get(deed)
        for column, actors in people.items():
            for actor in actors:
                yield f"{kind}, {column}", row, row.cells[column] if row else "no", actor


def holds(cell: str, row: Row | None, state: str, seen: Seen) -> bool:
    """Whether what was seen is what the cell says."""
    if cell in REFUSALS:
        return (seen.reason, seen.changed) == (REFUSALS[cell], False)
    if cell == "nothing" or row is None:
        return (seen.reason, bool(seen.answer), seen.changed) == (None, False, False)
    if cell == "own" and (seen.touched or CLIENT in repr(seen.answer)):
        return False
    if state in row.done_in:
        return seen.reason is None
    return seen.reason in row.otherwise and not seen.changed


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("deed", DEEDS)
def test_every_cell_is_true(stage, deed, state):
    it = stage.show(state)
    wrong = [
        (who, cell, seen)
        for who, row, cell, actor in everybody(deed, it)
        for seen in [stage.tried(deed, actor, it)]
        if not holds(cell, row, state, seen)
    ]
    assert wrong == []


@pytest.mark.parametrize("deed", DEEDS)
def test_what_is_refused_looks_like_what_does_not_exist(stage, deed):
    it = stage.show("talking")
    differs = [
        who
        for who, _, cell, actor in everybody(deed, it)
        if cell in ("–", "no", "nothing")
        if stage.tried(deed, actor, it) != stage.tried(deed, actor, it.absent())
    ]
    assert differs == []


OWNED = [deed for deed, row in TABLES["staff"].items() if "–" in row.cells["elsewhere"]]


@pytest.mark.parametrize("deed", OWNED)
def test_to_another_jobcenter_it_is_as_absent_as_to_its_owner_what_never_was(stage, deed):
    it = stage.show("talking")
    missed = stage.tried(deed, stage.house.advisor, it.absent())
    assert missed.reason == Reason.NOT_FOUND
    assert stage.tried(deed, stage.house.stranger, it) == missed


@pytest.mark.parametrize("deed", OWNED)
def test_a_disabled_account_finds_nothing_of_what_was_its_own(stage, deed):
    it = stage.show("talking")
    stage.house.set(Staff, stage.house.advisor.id, disabled_at=NOW)
    assert stage.tried(deed, stage.house.advisor, it).reason == Reason.NOT_FOUND


@pytest.mark.parametrize("state", ["invited", "consented", "waiting"])
def test_a_visitor_cannot_let_themselves_in_by_anything_they_can_call(stage, state):
    it = stage.show(state)
    [client] = it.people["guests"]["client"]
    for deed in DEEDS * 2:
        reason_of(CALLS[deed], client, it)
        status = stage.house.row(Guest, it.guest_id).status
        assert status not in (GuestStatus.ADMITTED, GuestStatus.LEFT)


def test_the_page_speaks_of_every_function_and_the_test_tries_every_deed():
    assert rights.not_in_both() == set()
    assert set(CALLS) == set(DEEDS)


def test_every_column_is_somebody_and_every_cell_a_known_word(stage):
    people = stage.show("invited").people
    for kind, table in TABLES.items():
        assert {tuple(row.cells) for row in table.values()} == {tuple(people[kind])}
        cells = {cell for row in table.values() for cell in row.cells.values()}
        assert cells - {*REFUSALS, "yes", "own", "nothing"} == set()
        assert {state for row in table.values() for state in row.done_in} <= set(STATES)


def test_whoever_has_no_actor_to_ask_is_not_among_the_deeds():
    code = rights.functions()
    assert [deed for deed in DEEDS if not rights.begins_with_an_actor(code[deed])] == []
    others = [name for name in WITHOUT_ACTOR if name in code]
    # It only names a seat.
    assert [name for name in others if rights.begins_with_an_actor(code[name])] == [
        "seat_names.seat"
    ]


def test_a_new_deed_without_a_row_is_noticed(monkeypatch):
    def let_all_in(actor: Actor, appointment_id: int) -> None:
        """A deed that nobody has written down."""

    let_all_in.__module__ = hosting.__name__
    monkeypatch.setattr(hosting, "let_all_in", let_all_in, raising=False)
    assert rights.not_in_both() == {"hosting.let_all_in"}


def test_a_new_module_is_noticed(monkeypatch, tmp_path):
    (tmp_path / "shortcuts.py").write_text("def let_all_in(): ...")
    monkeypatch.setattr(office, "__path__", [*office.__path__, str(tmp_path)])
    monkeypatch.setattr(office, "shortcuts", None, raising=False)  # taken away again at the end
    assert rights.not_in_both() == {"shortcuts.let_all_in"}
    del sys.modules["core.office.shortcuts"]
