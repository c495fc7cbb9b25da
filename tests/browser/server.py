"""
The app as it is really served: a process of its own, on a free port, with its own
database. The office is called from here to plan appointments, nothing else.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from core import clock
from core.appointment import OPERATOR, Actor, By
from core.engine import engine, migrate
from core.office import accounts, planning
from core.settings import ROOT, settings

LOGIN, PASSWORD = "berger", "ein-langes-passwort"
PHONE = "030 2312 5000"
START_SECONDS = 60


@dataclass(frozen=True)
class Invited:
    appointment_id: int
    guest_id: int
    link: str


@dataclass(frozen=True)
class Served:
    """A running app and the advisor who works in it."""

    base_url: str
    folder: Path
    advisor: Actor
    process: "subprocess.Popen[bytes]"

    @property
    def pid(self) -> int:
        return self.process.pid

    def plan(
        self,
        name: str = "Emil Özdemir",
        begins_in: timedelta = timedelta(),
        advisor: Actor | None = None,
    ) -> Invited:
        """An appointment of an hour; `begins_in` may be negative."""
        begin = clock.now().replace(second=0, microsecond=0) + begins_in
        planned = planning.plan(
            advisor or self.advisor,
            min(begin, clock.now()),
            name,
            "emil@example.org",
            begin,
            begin + timedelta(hours=1),
        )
        link = f"{self.base_url}/termin/{planned.secret}"
        return Invited(planned.appointment_id, planned.guest_id, link)

    def log(self) -> str:
        return (self.folder / "app.log").read_text(encoding="utf-8")


@contextmanager
def serve(folder: Path, command: list[str] | None = None) -> Iterator[Served]:
    """Serve the app from `folder`; `command` replaces `streamlit run` in front of its options."""
    port = _free_port()
    environment = {
        "BERATUNGSRAUM_DATABASE_URL": f"sqlite:///{folder / 'office.sqlite'}",
        "BERATUNGSRAUM_OUTBOX": str(folder / "outbox"),
        "BERATUNGSRAUM_BASE_URL": f"http://localhost:{port}",
        "BERATUNGSRAUM_MEDIA_PORT": os.environ.get("BERATUNGSRAUM_MEDIA_PORT", "0"),
    }
    with _same_office(environment):
        migrate(engine())
        jobcenter = accounts.add_jobcenter(OPERATOR, clock.now(), "Jobcenter Musterstadt", PHONE)
        staff = accounts.add_staff(OPERATOR, clock.now(), jobcenter, "Anna Berger", LOGIN, PASSWORD)
        start = command or [sys.executable, "-m", "streamlit", "run", "app.py"]
        with (folder / "app.log").open("w") as log:
            process = subprocess.Popen(
                [*start, "--server.port", str(port)],
                cwd=ROOT,
                env={**os.environ, **environment, "PYTHONFAULTHANDLER": "1"},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        actor = Actor(By.ADVISOR, staff, jobcenter)
        served = Served(f"http://localhost:{port}", folder, actor, process)
        try:
            await_health(served, process)
            yield served
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGABRT)  # the log then says where every thread is
                process.wait()
                raise AssertionError(f"The app does not stop: {served.log()[-8000:]}") from None


@contextmanager
def _same_office(environment: dict[str, str]) -> Iterator[None]:
    """Let this process use the same database as the served app, and forget it afterwards."""
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    _forget_settings()
    try:
        yield
    finally:
        engine().dispose()
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        _forget_settings()


def _forget_settings() -> None:
    settings.cache_clear()
    engine.cache_clear()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def await_health(served: Served, process: subprocess.Popen[bytes]) -> None:
    """Until the app answers."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise AssertionError(f"the app has stopped: {served.log()}")
        try:
            with urllib.request.urlopen(f"{served.base_url}/_stcore/health"):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the app does not answer: {served.log()}")
