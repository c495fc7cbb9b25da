"""
`python -m core.demo`: a demo day with made-up people, its links printed, then the app.

Everything lies in one folder of its own; a real database is never touched and no
mail leaves the machine. A second start keeps the day while its links still open.
"""

import argparse
import json
import os
import socket
import sys
from datetime import datetime
from pathlib import Path

from core import hold
from core.appointment import Status
from core.clock import berlin, now
from core.demo_day import seed
from core.engine import engine, migrate
from core.office import guest_view
from core.settings import ROOT, settings

USABLE = (Status.PLANNED, Status.OPEN)
# `python -m streamlit`, but Ctrl-C is the proper end of a demo at any moment: exit code 0.
START = """
import runpy, signal, sys
signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
"""
PAGE = """
  Visitor, appointment now                    {visitor_url}
  Visitor, later today                        {visitor_url_later}
  Visitor, tomorrow (too early for the room)  {visitor_url_tomorrow}
  Staff page                                  {staff_url}
    login                                     {staff_login}
    password                                  {staff_password}
  Invitation mails ({mails} .eml files)             {outbox}
"""


def kept_links(file: Path, moment: datetime) -> dict[str, str] | None:
    """An earlier start's links, for the present port; None if that day is not usable any more."""
    try:
        links: dict[str, str] = json.loads(file.read_text())
        before, secret = links["base_url"], links["visitor_url"].rpartition("/")[2]
    except (OSError, ValueError, KeyError):
        return None
    migrate(engine())
    visit = guest_view.visit(secret)
    if visit is None or moment >= visit.ends_at or visit.appointment_status not in USABLE:
        return None
    if berlin(visit.starts_at).date() != berlin(moment).date():
        return None
    return {key: value.replace(before, settings().address, 1) for key, value in links.items()}


def prepare(folder: Path, moment: datetime, reset: bool) -> dict[str, str]:
    """The day's links, kept from an earlier start or made afresh."""
    file = folder / "links.json"
    links = None if reset else kept_links(file, moment)
    if links is None:
        engine().dispose()
        for old in (file, *folder.glob("beratungsraum.sqlite*"), *folder.glob("outbox/*.eml")):
            old.unlink(missing_ok=True)
        migrate(engine())
        links = seed(moment)
    engine().dispose()
    file.write_text(json.dumps(links, indent=2) + "\n")
    return links


def _refusal(port: int, folder: Path) -> str | None:
    """Why the demo cannot start, in one sentence."""
    if settings().smtp_host:
        return "The demo sends no real mail: unset BERATUNGSRAUM_SMTP_HOST, also in .env."
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except (OSError, OverflowError):
        return f"Port {port} is taken or not allowed; choose another one: make demo PORT=8601"
    if folder.exists() and hold.is_held(engine()):
        return "This demo is running already; stop it first."
    return None


def main() -> None:
    """Prepare the day, print its links, become the app."""
    parser = argparse.ArgumentParser(prog="python -m core.demo", description="Start a made-up day.")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--folder", type=Path, default=ROOT / ".demo", help="where its data lies")
    parser.add_argument("--reset", action="store_true", help="forget the data of an earlier start")
    parser.add_argument("--seed-only", action="store_true", help="do not start the app")
    chosen = parser.parse_args()
    folder, port = chosen.folder.resolve(), chosen.port
    os.umask(0o077)  # links and passwords: for nobody else on this machine
    os.environ["BERATUNGSRAUM_DATABASE_URL"] = f"sqlite:///{folder / 'beratungsraum.sqlite'}"
    os.environ["BERATUNGSRAUM_OUTBOX"] = str(folder / "outbox")
    os.environ["BERATUNGSRAUM_BASE_URL"] = f"http://localhost:{port}"
    os.environ.setdefault("BERATUNGSRAUM_MEDIA_PORT", "0")  # two demos beside each other
    if refusal := _refusal(port, folder):
        print(refusal, file=sys.stderr)
        sys.exit(2)
    links = prepare(folder, now(), chosen.reset)
    mails = len(list(folder.glob("outbox/*.eml")))
    print(PAGE.format(**links, mails=mails, outbox=os.path.relpath(folder / "outbox")), flush=True)
    if not chosen.seed_only:
        print("The app answers in a few seconds. Ctrl-C stops it.", flush=True)
        run = [sys.executable, "-c", START, "run", str(ROOT / "app.py"), f"--server.port={port}"]
        os.execve(run[0], [*run, "--logger.hideWelcomeMessage=true"], os.environ)  # noqa: S606


if __name__ == "__main__":
    main()
