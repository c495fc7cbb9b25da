"""A real installation's first steps, as they are typed."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy import Engine, make_url

from core.clock import berlin, now
from core.engine import name_of
from core.manage import clock_is_right
from core.office import timekeeping
from tests import outages

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "ein langes Passwort"


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of this test's database; there is none yet."""
    file = tmp_path / "new.sqlite"
    monkeypatch.setenv("BERATUNGSRAUM_DATABASE_URL", f"sqlite:///{file}")
    return file


def manage(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "core.manage", *words]
    return subprocess.run(command, cwd=ROOT, input=typed, capture_output=True, text=True)


def test_a_jobcenter_and_an_account(own: Path) -> None:
    assert manage("jobcenter", "--new", "Jobcenter Beispielstadt", "030 23125-001").returncode == 0
    done = manage("staff", "1", "Eva Beispiel", "Beispiel", typed=f"{PASSWORD}\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{works_on(own)}beispiel can sign in now.\n"


def works_on(file: Path) -> str:
    return f"Database: SQLite file {file}\n"


@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        (("jobcenter", "Jobcenter Nord", "030 23125-002"), "", "of this name already"),
        (("jobcenter", "   ", "030 23125-002"), "", "geben Sie einen Namen ein"),
        (("jobcenter", "Jobcenter Süd", "keine"), "", "genau eine Telefonnummer ein"),
        (("staff", "1", "Eva Beispiel", "eva"), "kurz\n", "12 bis 200 Zeichen"),
        (("staff", "1", "...", "eva"), PASSWORD, "geben Sie einen Namen ein"),
        (("staff", "1", "Eva Beispiel", " "), PASSWORD, "einen Anmeldenamen ein"),
        (("staff", "9", "Eva Beispiel", "eva"), PASSWORD, "Das gibt es nicht"),
        (("disable", "eva"), "", "Das gibt es nicht"),
        (("password", "eva"), PASSWORD, "Das gibt es nicht"),
        (("staff", "1", "Eva Beispiel", "eva"), "passwort123456\n", "zu leicht zu erraten"),
    ],
)
def test_a_refusal_is_one_sentence(words: tuple[str, ...], typed: str, sentence: str) -> None:
    manage("jobcenter", "--new", "Jobcenter Nord", "030 23125-001")
    done = manage(*words, typed=typed)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_login_is_given_once() -> None:
    manage("jobcenter", "--new", "Jobcenter Nord", "030 23125-001")
    manage("staff", "1", "Eva Beispiel", "eva", typed=PASSWORD)
    again = manage("staff", "1", "Eva Muster", "EVA", typed=PASSWORD)
    assert again.returncode == 1
    assert "taken already" in again.stderr


def test_an_account_is_disabled_enabled_and_gets_a_new_password(own: Path) -> None:
    manage("jobcenter", "--new", "Jobcenter Nord", "030 23125-001")
    made = manage("staff", "1", "Eva Beispiel", "eva", "--role", "admin", typed=PASSWORD)
    done = [
        manage("disable", "eva"),
        manage("enable", "EVA"),
        manage("password", "eva", typed=PASSWORD),
    ]
    assert [made.returncode, *(one.returncode for one in done)] == [0, 0, 0, 0]
    assert [one.stdout for one in done] == [
        f"{works_on(own)}eva is signed out and cannot sign in any more.\n",
        f"{works_on(own)}EVA can sign in again.\n",
        f"{works_on(own)}eva is signed out and has a new password.\n",
    ]


def test_the_operator_says_that_the_clock_is_right_and_sees_which_time_that_is(own: Path) -> None:
    manage("jobcenter", "--new", "Jobcenter Nord", "030 23125-001")
    before = berlin(now())
    done = manage("clock-is-right")
    assert (done.returncode, done.stderr) == (0, "")
    times = {f"{each:%A, %d %B %Y, %H:%M}" for each in (before, berlin(now()))}
    said = re.fullmatch(
        r"It is (.*) in Berlin; the count was \+0\.0 hours off\. Forgetting goes on\.\n",
        done.stdout.removeprefix(works_on(own)),
    )
    assert said is not None
    assert said[1] in times


def test_a_count_a_moment_ahead_is_not_called_minus_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timekeeping, "confirm", lambda *_: timedelta(seconds=-1))
    assert "the count was +0.0 hours off" in clock_is_right()


COMMANDS = {
    "jobcenter": ("jobcenter", "Jobcenter Süd", "030 23125-002"),
    "staff": ("staff", "1", "Eva Beispiel", "eva"),
    "disable": ("disable", "eva"),
    "enable": ("enable", "eva"),
    "password": ("password", "eva"),
    "clock-is-right": ("clock-is-right",),
}
EXISTING = {name: ("core.manage", *words) for name, words in COMMANDS.items()}
EXISTING["forget"] = ("core.forget",)


def run(module: str, *words: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *words]
    path = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=folder, env=path, input=PASSWORD, capture_output=True, text=True
    )


@pytest.mark.parametrize("command", EXISTING.values(), ids=EXISTING)
def test_no_command_makes_a_database_by_mistake_and_each_says_which_one_it_would_be(
    own: Path, command: tuple[str, ...]
) -> None:
    done = run(*command)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, works_on(own), 1)
    assert done.stderr.startswith("There is no database. Is BERATUNGSRAUM_DATABASE_URL set as")
    assert list(own.parent.iterdir()) == []


NOTHING_YET = {"an empty file": b"", "a database of something else": None}


@pytest.mark.parametrize("content", NOTHING_YET.values(), ids=NOTHING_YET)
def test_a_file_without_our_tables_is_no_database_yet(own: Path, content: bytes | None) -> None:
    if content is None:
        with closing(sqlite3.connect(own)) as other:
            other.execute("CREATE TABLE other (id INTEGER)")
    else:
        own.write_bytes(content)
    done = manage("disable", "eva")
    assert (done.returncode, "There is no database" in done.stderr) == (1, True)
    with closing(sqlite3.connect(own)) as other:
        tables = other.execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == ([("other",)] if content is None else [])


def test_what_is_no_database_at_all_is_left_alone(own: Path) -> None:
    own.write_bytes(b"something else " * 1000)
    done = manage("jobcenter", "--new", "Jobcenter Nord", "030 23125-001")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("The database does not answer")
    assert own.read_bytes() == b"something else " * 1000


def test_a_new_one_is_made_once() -> None:
    made = manage("jobcenter", "--new", "Jobcenter Nord", "030 23125-001")
    again = manage("jobcenter", "--new", "Jobcenter Süd", "030 23125-002")
    assert (made.returncode, again.returncode) == (0, 1)
    assert again.stderr == "There is a database already; leave out --new.\n"
    assert manage("jobcenter", "Jobcenter Süd", "030 23125-002").returncode == 0


def test_whoever_forgets_the_services_settings_reads_where_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In another folder, a name without a slash is another database."""
    manage("jobcenter", "--new", "Jobcenter Nord", "030 23125-001")
    monkeypatch.setenv("BERATUNGSRAUM_DATABASE_URL", "sqlite:///data/other.sqlite")
    done = run("core.manage", "jobcenter", "Jobcenter Süd", "030 2", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, works_on(tmp_path / "data" / "other.sqlite"))
    assert not (tmp_path / "data").exists()


ADDRESSES = [
    "postgresql+psycopg://eva:geheim@db.example:6432/raum",
    "postgresql+psycopg://eva:ge%40heim@db.example:6432/raum?sslmode=require",
    "postgresql+psycopg://db.example:6432/raum?user=eva&password=geheim",
    "postgresql+pg8000://eva:geheim@db.example:6432/raum",
    "mysql+pymysql://eva:geheim@db.example:6432/raum",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_which_database_it_is_says_no_password(address: str) -> None:
    url = make_url(address)
    target = SimpleNamespace(url=url, dialect=SimpleNamespace(name=url.get_backend_name()))
    said = name_of(cast(Engine, target))
    assert said == f"{url.get_backend_name()} database raum on db.example:6432"


def test_a_database_that_is_locked_is_said_to_be(own: Path) -> None:
    manage("jobcenter", "--new", "Jobcenter Nord", "030 23125-001")
    with outages.locked(own):
        done = manage("jobcenter", "Jobcenter Süd", "030 23125-002")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("The database does not answer, or cannot be written.")


def test_bytes_that_are_no_text_are_refused_in_one_sentence() -> None:
    manage("jobcenter", "--new", "Jobcenter Nord", "030 23125-001")
    manage("staff", "1", "Eva Beispiel", "eva", typed=PASSWORD)
    tried = [
        manage("disable", "ev\udcff"),
        manage("enable", "\udc80"),
        manage("password", "\udcfe\udcff"),
        manage("jobcenter", "Nord \udcff", "030 23125-001"),
        manage("staff", "1", "Eva", "ev\udcff", typed=PASSWORD),
    ]
    assert [(done.returncode, done.stderr.count("\n")) for done in tried] == [(1, 1)] * 5


def test_a_role_is_one_of_three() -> None:
    done = manage("staff", "1", "Eva Beispiel", "eva", "--role", "chief", typed=PASSWORD)
    assert done.returncode == 2
