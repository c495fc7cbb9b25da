"""
Every page, on a phone and on a desktop, holds to WCAG 2.2 A and AA as far as axe can tell.

One journey for each size.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.people import SECONDS, Advisor, Person, Visitor, wait_until
from tests.browser.server import LOGIN, PASSWORD, Served

SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 800},
}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
OPTIONS: dict[str, Any] = {"runOnly": {"type": "tag", "values": WCAG}, "iframes": False}
COLOURS: dict[str, Any] = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "iframes": False,
}
# A plain page has no part that is Streamlit's.
DARK = """
() => {
  const app = document.querySelector(".stApp");
  if (!app) return true;
  const ours = document.createElement("i");
  ours.style.color = "var(--ground)";
  app.append(ours);
  const wanted = getComputedStyle(ours).color;
  ours.remove();
  return getComputedStyle(app).backgroundColor === wanted;
}
"""
PAGES = [
    *("home", "unknown link", "what is stored", "guide", "accessibility", "start"),
    *("devices too early", "devices", "devices tested", "waiting", "second device", "sign-in"),
    *("sign-in refused", "agenda", "no day", "new appointment", "new appointment refused"),
    *("appointment to look at", "invited", "desk waiting", "desk ready", "desk talking"),
    *("desk chat", "desk checked", "room", "room chat", "farewell", "desk over", "left"),
    *("desk asks before the end", "goodbye", "agenda later", "signed out"),
]


@dataclass
class Report:
    """What axe found on which page."""

    pages: dict[str, list[str]] = field(default_factory=dict)

    def look(self, person: Person, name: str) -> None:
        person.page.evaluate("document.fonts.ready")
        # What is about to be drawn anew is paler.
        expect(person.page.locator('[data-stale="true"]')).to_have_count(0)
        self.pages[name] = violations(person.page)
        in_the_dark(person.page)
        self.pages[name] += violations(person.page, COLOURS)
        person.page.emulate_media(color_scheme="light")


def in_the_dark(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    wait_until(lambda: bool(page.evaluate(DARK)), "Streamlit has noticed it, too")


def violations(place: Page, options: dict[str, Any] = OPTIONS) -> list[str]:
    found = Axe().run(place, options=options).response["violations"]
    return sorted(
        f"{rule['id']}: {' '.join(map(str, node['target']))} {node['html'][:200]}"
        for rule in found
        for node in rule["nodes"]
    )


def outside(visitor: Visitor, served: Served, report: Report) -> None:
    """Pages for anyone who has no live link."""
    visitor.page.goto("/")
    visitor.sees("Videokommunikation")
    report.look(visitor, "home")
    visitor.opens(f"{served.base_url}/termin/{'x' * 43}")
    visitor.sees("Dieser Link führt zu keinem Termin.")
    report.look(visitor, "unknown link")
    visitor.page.get_by_role("link", name="Was wir speichern").click()
    expect(visitor.page.locator("h1")).to_be_visible()
    report.look(visitor, "what is stored")
    visitor.page.get_by_role("link", name="Hilfe").click()
    visitor.sees("Schritt für Schritt zur Videokommunikation")
    report.look(visitor, "guide")
    visitor.page.get_by_role("link", name="Barrierefreiheit").click()
    visitor.sees("Erklärung zur Barrierefreiheit")
    report.look(visitor, "accessibility")
    visitor.opens(served.plan(begins_in=timedelta(days=1)).link)
    visitor.agrees()
    visitor.call_is_ready()
    report.look(visitor, "devices too early")


def to_the_waiting_room(visitor: Visitor, link: str, report: Report) -> None:
    visitor.opens(link)
    visitor.sees("Startseite")
    report.look(visitor, "start")
    visitor.agrees()
    visitor.call_is_ready()
    report.look(visitor, "devices")
    visitor.tests_devices()
    visitor.press("Testton abspielen")
    expect(visitor.page.get_by_text("Haben Sie den Ton gehört?")).to_be_visible()
    report.look(visitor, "devices tested")
    visitor.press("Ja")
    visitor.goes_to_waiting_room()
    visitor.sees_own_picture()
    report.look(visitor, "waiting")


def to_the_desk(advisor: Advisor, appointment_id: int, report: Report) -> None:
    advisor.page.goto("/anmelden")
    report.look(advisor, "sign-in")
    advisor.page.get_by_label("Anmeldename").fill(LOGIN)
    advisor.page.get_by_label("Passwort").fill("falsch")
    advisor.press("Anmelden")
    expect(advisor.page.get_by_role("alert")).to_be_visible()
    report.look(advisor, "sign-in refused")
    advisor.signs_in(LOGIN, PASSWORD)
    expect(advisor.page.locator(f".st-key-to_{appointment_id}")).to_be_visible()
    report.look(advisor, "agenda")
    advisor.page.get_by_label("Tag, zum Beispiel").fill("31.11.26")
    advisor.page.keyboard.press("Enter")
    expect(advisor.page.get_by_role("alert")).to_be_visible()
    report.look(advisor, "no day")
    advisor.press("Heute")
    advisor.press("Termin anlegen")
    expect(advisor.page.get_by_label("Beginn, zum Beispiel")).to_be_visible()
    report.look(advisor, "new appointment")
    advisor.press("Weiter")
    expect(advisor.page.get_by_role("alert")).to_be_visible()
    report.look(advisor, "new appointment refused")
    advisor.page.get_by_label("Name").fill("Karla Beispiel")
    advisor.page.get_by_label("E-Mail-Adresse").fill("karla@example.org")
    advisor.press("Weiter")
    advisor.sees("Termin prüfen")
    report.look(advisor, "appointment to look at")
    advisor.press("Termin anlegen und einladen")
    expect(advisor.page.get_by_text("Persönlicher Link für Karla Beispiel")).to_be_visible()
    report.look(advisor, "invited")
    advisor.press("Tagesplan")
    advisor.goes_to_desk(appointment_id)
    advisor.call_is_ready()
    report.look(advisor, "desk waiting")


def talk(visitor: Visitor, advisor: Advisor, report: Report) -> None:
    advisor.turn_on()
    advisor.sees_own_picture()
    report.look(advisor, "desk ready")
    advisor.press("Beratungsraum öffnen")
    visitor.sees("Beratungsraum")
    visitor.sees_and_hears()
    report.look(visitor, "room")
    report.look(advisor, "desk talking")
    advisor.opens_chat()
    advisor.writes("Guten Tag! Hier ist der Antrag: https://www.exämple.org/antrag")
    visitor.opens_chat()
    expect(visitor.page.locator("ol.chat a")).to_be_visible()
    visitor.writes("Danke, ich sehe ihn.")
    expect(advisor.page.locator("ol.chat li")).to_have_count(2, timeout=30 * SECONDS)
    report.look(visitor, "room chat")
    report.look(advisor, "desk chat")
    if advisor.page.get_by_role("button", name="Chat schließen").is_visible():
        advisor.closes_chat()
        visitor.closes_chat()
    advisor.checks_identity()
    expect(advisor.page.get_by_text("Identität geprüft: ")).to_be_visible()
    report.look(advisor, "desk checked")


def the_end(visitor: Visitor, advisor: Advisor, link: str, report: Report) -> None:
    visitor.press("Gespräch beenden")
    visitor.sees("Beratungsraum verlassen")
    report.look(visitor, "left")
    visitor.press("Zurück zum Gespräch")
    visitor.sees("Warteraum")
    advisor.press("Gespräch beenden")
    expect(advisor.page.get_by_role("alert")).to_have_text("Gespräch für alle beenden?")
    report.look(advisor, "desk asks before the end")
    advisor.press("Ja, für alle beenden")
    visitor.sees("Videokommunikation")
    report.look(visitor, "farewell")
    visitor.opens(link)
    expect(visitor.page.get_by_text("Das Gespräch ist beendet.")).to_be_visible()
    report.look(visitor, "goodbye")
    expect(advisor.page.get_by_text("Das Gespräch ist beendet.")).to_be_visible()
    report.look(advisor, "desk over")
    advisor.press("Tagesplan")
    advisor.sees("Tagesplan")
    expect(advisor.page.get_by_label("Tag, zum Beispiel")).to_be_visible()
    expect(advisor.page.get_by_text("beendet").first).to_be_visible()
    report.look(advisor, "agenda later")
    advisor.press("Abmelden")
    advisor.sees("Nicht angemeldet")
    report.look(advisor, "signed out")


def elsewhere(person: Visitor, link: str, report: Report) -> None:
    person.opens(link)
    expect(person.page.get_by_role("button", name="Hier weitermachen")).to_be_visible()
    report.look(person, "second device")


@pytest.fixture(scope="module", params=SIZES)
def report(
    request: pytest.FixtureRequest, clients: Browser, office: Browser, served: Served
) -> Iterator[Report]:
    """One whole journey, looked at on every page."""
    size, report = SIZES[request.param], Report()
    visitor = Visitor(clients, served.base_url, viewport=size)
    second = Visitor(clients, served.base_url, viewport=size)
    advisor = Advisor(office, served.base_url, viewport=size)
    invited = served.plan()
    outside(visitor, served, report)
    to_the_waiting_room(visitor, invited.link, report)
    elsewhere(second, invited.link, report)
    to_the_desk(advisor, invited.appointment_id, report)
    talk(visitor, advisor, report)
    the_end(visitor, advisor, invited.link, report)
    yield report
    for person in (visitor, second, advisor):
        person.leave()


@pytest.mark.parametrize("name", PAGES)
def test_no_page_breaks_a_rule(report: Report, name: str) -> None:
    assert report.pages[name] == []


def test_every_page_was_looked_at(report: Report) -> None:
    assert sorted(report.pages) == sorted(PAGES)
