"""The demo day: made afresh, kept, told from a dead one."""

import json
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import BERLIN, berlin
from core.demo_day import day_plan

ROOT = Path(__file__).resolve().parent.parent
KEYS = {"base_url", "visitor_url", "staff_url", "staff_login", "staff_password"}


def demo(folder: Path, *options: str, port: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "core.demo", "--folder", folder, "--port", str(port)]
    return subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True)


def links_of(folder: Path) -> dict[str, str]:
    return json.loads((folder / "links.json").read_text())


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture
def seeded(tmp_path: Path, port: int) -> Path:
    done = demo(tmp_path, "--seed-only", port=port)
    assert done.returncode == 0, done.stderr
    return tmp_path


def test_prints_the_links_it_keeps(tmp_path: Path, port: int) -> None:
    done = demo(tmp_path, "--seed-only", port=port)

    links = links_of(tmp_path)
    assert set(links) >= KEYS
    assert links["base_url"] == f"http://localhost:{port}"
    assert links["staff_url"] == f"http://localhost:{port}/anmelden"
    assert all(links[key] in done.stdout for key in KEYS)


def test_writes_three_mails_with_the_links(seeded: Path) -> None:
    mails = [file.read_text() for file in seeded.glob("outbox/*.eml")]
    assert len(mails) == 3
    assert any(links_of(seeded)["visitor_url"] in mail for mail in mails)


def test_keeps_everything_from_other_users(seeded: Path) -> None:
    for file in [seeded / "links.json", *seeded.glob("*.sqlite*"), *seeded.glob("outbox/*.eml")]:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_second_start_keeps_the_day(seeded: Path, port: int) -> None:
    before = links_of(seeded)
    demo(seeded, "--seed-only", port=port)
    assert links_of(seeded) == before


def test_a_second_start_on_another_port_moves_the_links(seeded: Path, port: int) -> None:
    before = links_of(seeded)["visitor_url"]
    with socket.create_server(("127.0.0.1", 0)) as probe:
        other = probe.getsockname()[1]
    demo(seeded, "--seed-only", port=other)
    assert links_of(seeded)["visitor_url"] == before.replace(str(port), str(other), 1)


def test_reset_starts_afresh(seeded: Path, port: int) -> None:
    before = links_of(seeded)
    demo(seeded, "--seed-only", "--reset", port=port)
    assert links_of(seeded)["visitor_url"] != before["visitor_url"]
    assert len(list(seeded.glob("outbox/*.eml"))) == 3


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE appointment SET ends_at = datetime('now', '-1 minute') WHERE id = 1",
        "UPDATE appointment SET status = 'ENDED' WHERE id = 1",
        "UPDATE guest SET secret_hash = 'x' WHERE id = 1",
    ],
    ids=["over", "ended", "new link"],
)
def test_a_day_that_is_not_usable_starts_afresh(seeded: Path, port: int, spoil: str) -> None:
    before = links_of(seeded)["visitor_url"]
    database = sqlite3.connect(seeded / "beratungsraum.sqlite")
    database.execute(
        "UPDATE appointment SET starts_at = datetime('now', '-2 minutes') WHERE id = 1"
    )
    assert database.execute(spoil).rowcount == 1
    database.commit()
    database.close()

    done = demo(seeded, "--seed-only", port=port)

    assert done.returncode == 0, done.stderr
    assert links_of(seeded)["visitor_url"] != before


@pytest.mark.parametrize("text", ["", "{", "{}", '{"day": "2000-01-01"}'])
def test_broken_links_start_afresh(seeded: Path, port: int, text: str) -> None:
    (seeded / "links.json").write_text(text)
    assert demo(seeded, "--seed-only", port=port).returncode == 0
    assert set(links_of(seeded)) >= KEYS


def test_a_taken_port_is_one_sentence_and_changes_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = demo(tmp_path, port=taken.getsockname()[1])
    assert done.returncode == 2
    assert "choose another one" in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_refuses_to_send_real_mail(
    tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BERATUNGSRAUM_SMTP_HOST", "mail.example.org")
    done = demo(tmp_path, port=port)
    assert done.returncode == 2
    assert "no real mail" in done.stderr


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_at_any_time_the_appointments_fall_on_the_right_days(moment: datetime) -> None:
    plan, today = day_plan(moment), berlin(moment).date()
    (begin, end), (later, _), (tomorrow, _) = plan.values()

    assert timedelta(0) <= moment - begin < timedelta(minutes=5)
    assert end - moment > timedelta(minutes=50)
    assert berlin(begin).date() == berlin(later).date() == today
    assert later >= moment.replace(second=0, microsecond=0)
    assert tomorrow == datetime(today.year, today.month, today.day, 10, tzinfo=BERLIN) + timedelta(
        days=1
    )


@pytest.fixture
def running(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "core.demo", "--folder", tmp_path, "--port", str(port)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.mark.skipif(not (ROOT / "app.py").exists(), reason="there is no app yet")
def test_the_app_answers_and_ctrl_c_ends_it(running: subprocess.Popen[str], port: int) -> None:
    assert _answers(f"http://localhost:{port}/_stcore/health")
    os.killpg(running.pid, signal.SIGINT)
    _, errors = running.communicate(timeout=20)
    assert running.returncode in (0, 130)
    assert "Traceback" not in errors


def _answers(url: str, seconds: int = 40) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            return httpx.get(url).status_code == 200
        except httpx.TransportError:
            time.sleep(0.2)
    return False
