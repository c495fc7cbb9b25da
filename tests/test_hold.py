"""One process serves a database: a second one refuses to start, commands work beside it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core import hold
from core.engine import engine, open_engine
from core.settings import ROOT

START_SECONDS = 60
HOLDS = """
import signal, sys, time
from core import hold
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's "&" has it ignored
from core.engine import open_engine
with hold.held(open_engine(sys.argv[1])):
    print("holds", flush=True)
    time.sleep(600)
"""


@contextmanager
def process(*command: str, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    started = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


def line(of: "subprocess.Popen[str]", word: str) -> str:
    """The next line with this word."""
    assert of.stdout is not None
    return next(each for each in of.stdout if word in each)


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(hold, "PATIENCE_SECONDS", 0.3)


def test_a_second_one_is_refused_by_name_and_the_first_goes_on(house):
    target = engine()
    for _ in range(3):
        with hold.held(target):
            with pytest.raises(hold.Taken, match=str(house.database)), hold.held(target):
                pass
            assert hold.is_held(target)
        assert not hold.is_held(target)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGSEGV])
def test_however_the_first_one_dies_the_next_one_starts_without_anybodys_help(house, how):
    with process("-c", HOLDS, f"sqlite:///{house.database}") as first:
        line(first, "holds")
        assert hold.is_held(engine())
        first.send_signal(how)
        first.wait(20)
        with hold.held(engine()):
            pass


def test_one_that_stands_still_still_has_it(house):
    with process("-c", HOLDS, f"sqlite:///{house.database}") as first:
        line(first, "holds")
        first.send_signal(signal.SIGSTOP)
        with pytest.raises(hold.Taken), hold.held(engine()):
            pass


def test_one_that_is_just_ending_is_waited_for(house, monkeypatch):
    monkeypatch.setattr(hold, "PATIENCE_SECONDS", 30)
    with process("-c", HOLDS.replace("600", "1"), f"sqlite:///{house.database}") as first:
        line(first, "holds")
        with hold.held(engine()):
            assert first.wait(20) == 0


def test_databases_beside_each_other_are_held_apart(tmp_path):
    targets = [open_engine(f"sqlite:///{tmp_path / name}") for name in ("a.db", "b.db", "c/a.db")]
    with hold.held(targets[0]), hold.held(targets[1]), hold.held(targets[2]):
        assert [hold.is_held(target) for target in targets] == [True] * 3


def test_the_same_file_by_another_name_is_the_same_database(house, monkeypatch):
    monkeypatch.chdir(house.database.parent)
    with hold.held(engine()):
        assert hold.is_held(open_engine(f"sqlite:///{house.database.name}"))
        assert hold.is_held(open_engine(f"sqlite:///./x/../{house.database.name}"))


def test_the_lock_says_nothing_and_is_for_nobody_else(house):
    with hold.held(engine()):
        beside = Path(f"{house.database}.lock")
        assert (beside.read_bytes(), beside.stat().st_mode & 0o777) == (b"", 0o600)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def serving() -> tuple[str, ...]:
    return ("-m", "streamlit", "run", "app.py", f"--server.port={free_port()}")


def test_a_second_app_on_the_same_database_ends_with_a_sentence_and_commands_work_beside(house):
    here = {"BERATUNGSRAUM_DATABASE_URL": f"sqlite:///{house.database}"}
    here["BERATUNGSRAUM_MEDIA_PORT"] = "0"
    with process(*serving(), **here) as first:
        assert str(house.database) in line(first, '"serves"')
        with process(*serving(), **here) as second:
            assert str(house.database) in line(second, "another process serves this database")
            assert second.wait(START_SECONDS) != 0
        command = [sys.executable, "-m", "core.manage", "disable", "bodo"]
        env = {**os.environ, **here}
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
        assert (done.returncode, first.poll()) == (0, None), done.stderr
        first.kill()
        first.wait()
        with process(*serving(), **here) as third:
            assert line(third, '"serves"')


def test_a_demo_whose_app_runs_keeps_its_day(tmp_path):
    command = ("-m", "core.demo", "--folder", str(tmp_path), "--port", str(free_port()))
    subprocess.run([sys.executable, *command, "--seed-only"], cwd=ROOT, check=True)
    links = (tmp_path / "links.json").read_bytes()
    with hold.held(open_engine(f"sqlite:///{tmp_path / 'beratungsraum.sqlite'}")):
        again = subprocess.run(
            [sys.executable, *command, "--reset"], cwd=ROOT, capture_output=True, text=True
        )
    assert (again.returncode, again.stderr) == (2, "This demo is running already; stop it first.\n")
    assert (tmp_path / "links.json").read_bytes() == links
