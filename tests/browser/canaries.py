"""
A whole journey with canaries in it: a name, a mail address, a message and secrets that are
found nowhere else. Much goes wrong on the way. What can be searched is in `Journey`.
"""

import re
import sqlite3
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlmodel import Session, select
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from core.access import digest, new_secret
from core.engine import engine
from core.records import Appointment
from tests.browser.people import Advisor, Person, Visitor
from tests.browser.server import LOGIN, PASSWORD, Served
from tests.browser.test_journey import both_see_and_hear
from tests.browser.wire import Wire

NAME, MAIL, TEXT = "Zilpzalp", "wendehals@canary.example", "Gartenrotschwanz"
GUESS, TRIED = new_secret(), "Mauersegler"  # a link nobody has made; typed by a stranger


@dataclass
class Journey:
    """What there is to search after one journey, and after time has passed."""

    served: Served
    visitor: Wire | None = None
    advisor: Wire | None = None
    link: str = ""
    device: str = ""
    token: str = ""
    code: str = ""
    ends_at: datetime | None = None
    log: str = ""
    columns: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    files: dict[str, set[str]] = field(default_factory=dict)
    later: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    left: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    @property
    def words(self) -> dict[str, str]:
        """Every canary by what it is."""
        secrets = {"link": self.link, "device": self.device, "token": self.token}
        return {
            "name": NAME,
            "mail": MAIL,
            "text": TEXT,
            **secrets,
            **{f"digest of {name}": digest(secret) for name, secret in secrets.items()},
            **{f"session {n}": each for n, each in enumerate(sorted(self.sessions))},
        }

    @property
    def sessions(self) -> set[str]:
        assert self.visitor is not None
        assert self.advisor is not None
        return self.visitor.sessions | self.advisor.sessions

    def in_files(self) -> dict[str, set[str]]:
        """For each canary, which kinds of files have it anywhere in their bytes."""
        files = [file for file in self.served.folder.rglob("*") if file.is_file()]
        raw = [(_kind(file), file.read_bytes()) for file in files]
        return {
            name: {kind for kind, content in raw if word.encode() in content}
            for name, word in self.words.items()
        }

    def in_columns(self) -> dict[str, set[tuple[str, str]]]:
        """For each canary, which columns of which tables have it."""
        cells = list(_cells(self.served.folder / "office.sqlite"))
        return {
            name: {(table, column) for table, column, cell in cells if word in cell}
            for name, word in self.words.items()
        }


def _kind(file: Path) -> str:
    return {".eml": "outbox", ".log": "log"}.get(file.suffix, "database")


def _cells(path: Path) -> list[tuple[str, str, str]]:
    with sqlite3.connect(path) as database:
        database.row_factory = sqlite3.Row
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        found = [
            (table, column, str(row[column]))
            for (table,) in tables
            for row in database.execute(f"SELECT * FROM {table}")  # noqa: S608 (own names)
            for column in row.keys()  # noqa: SIM118 (a Row is no dict)
        ]
    database.close()
    return found


def end_of(seen: Journey) -> datetime:
    assert seen.ends_at is not None
    return seen.ends_at


def joins(served: Served) -> list[tuple[Any, ...]]:
    """Everything in the database that may join a person and an appointment."""
    database = sqlite3.connect(served.folder / "office.sqlite")
    try:
        return [
            *database.execute("SELECT id, appointment_id FROM guest"),
            *database.execute("SELECT id, advisor_id FROM appointment"),
            *database.execute(
                "SELECT appointment_id, guest_id, staff_id, actor_id FROM happening "
                "WHERE coalesce(appointment_id, guest_id, staff_id, actor_id) IS NOT NULL"
            ),
        ]
    finally:
        database.close()


def walk(clients: Browser, office: Browser, seen: Journey) -> None:
    """From planning to goodbye, as the two see it; the identity check fails."""
    visitor = Visitor(clients, seen.served.base_url)
    advisor = Advisor(office, seen.served.base_url)
    seen.visitor, seen.advisor = Wire(visitor), Wire(advisor)
    try:
        advisor.signs_in(LOGIN, PASSWORD)
        invite(advisor, seen)
        meet(visitor, advisor, seen)
        write(visitor, advisor)
        break_down(advisor, seen)
        advisor.ends_for_all()
        expect(visitor.page.get_by_text("Das Gespräch ist beendet.")).to_be_visible()
        expect(advisor.page.get_by_text("Das Gespräch ist beendet.")).to_be_visible()
        cookies(visitor, advisor, seen)
        refused(advisor)
    finally:
        visitor.leave()
        advisor.leave()


def invite(advisor: Advisor, seen: Journey) -> None:
    advisor.press("Termin anlegen")
    advisor.sees("Termin anlegen")
    advisor.page.get_by_label("Name", exact=True).fill(f"Karla {NAME}")
    advisor.page.get_by_label("E-Mail-Adresse").fill(MAIL)
    advisor.press("Weiter")
    advisor.press("Termin anlegen und einladen")
    shown = advisor.page.get_by_test_id("stCode")
    expect(shown).to_contain_text("/termin/")
    seen.link = shown.inner_text().strip().rpartition("/")[2]
    with Session(engine()) as session:
        seen.ends_at = session.exec(select(Appointment.ends_at)).one()


def meet(visitor: Visitor, advisor: Advisor, seen: Journey) -> None:
    visitor.opens(f"{seen.served.base_url}/termin/{seen.link}")
    visitor.agrees()
    visitor.tests_devices()
    visitor.goes_to_waiting_room()
    advisor.press("Tagesplan")
    advisor.sees("Tagesplan")
    advisor.goes_to_desk(1)
    advisor.turn_on()
    advisor.sees_own_picture()
    advisor.press("Beratungsraum öffnen")
    visitor.sees("Beratungsraum")
    both_see_and_hear(visitor, advisor)


def break_down(advisor: Advisor, seen: Journey) -> None:
    """The page fails, says a code, and is itself again after a reload."""
    advisor.checks_identity()
    problem = advisor.page.get_by_text("Fehlercode: ")
    expect(problem).to_be_visible()
    seen.code = problem.inner_text().rpartition(" ")[2]
    advisor.page.reload()
    advisor.sees("Beratungsraum")


def write(visitor: Visitor, advisor: Advisor) -> None:
    advisor.writes(TEXT)
    visitor.opens_chat()
    expect(visitor.page.locator("ol.chat li")).to_contain_text(TEXT)
    visitor.closes_chat()


def refused(advisor: Advisor) -> None:
    advisor.page.goto("beratung?termin=4711")
    expect(advisor.page.get_by_text("Das gibt es nicht oder nicht mehr.")).to_be_visible()


def cookies(visitor: Visitor, advisor: Advisor, seen: Journey) -> None:
    [seen.device] = [
        cookie["value"].partition(".")[2]
        for cookie in visitor.context.cookies()
        if cookie["value"].startswith(seen.link)
    ]
    [seen.token] = [
        cookie["value"]
        for cookie in advisor.context.cookies()
        if re.fullmatch(r"[A-Za-z0-9_-]{43}", cookie["value"])
    ]


def knock(clients: Browser, served: Served) -> None:
    """What a stranger tries, with a name in it wherever one can be put."""
    stranger = Person(clients, served.base_url)
    try:
        for path in (f"termin/{GUESS}", f"termin/{TRIED}", TRIED, f"tagesplan?termin={TRIED}"):
            stranger.page.goto(path)
        stranger.page.goto("anmelden")
        stranger.page.get_by_label("Anmeldename").fill(TRIED)
        stranger.page.get_by_label("Passwort").fill(GUESS)
        stranger.press("Anmelden")
        expect(stranger.page.get_by_role("alert")).to_be_visible()
    finally:
        stranger.leave()
    for origin in (served.base_url, f"https://{TRIED}.example"):
        with pytest.raises(InvalidStatus):
            connect(
                served.base_url.replace("http", "ws") + "/_stcore/stream",
                origin=Origin(origin),
                subprotocols=[Subprotocol("streamlit"), Subprotocol(TRIED), Subprotocol(GUESS)],
                additional_headers={"Cookie": f"beratung={GUESS}; {TRIED}={TRIED}"},
            )
