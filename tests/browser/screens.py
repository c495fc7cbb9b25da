"""
Pictures of every page at the two sizes we look at, from the real app with a real call.

Run: python -m tests.browser.screens FOLDER [NAME…]; `make pictures` writes those of the README.
"""

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from core.appointment import CLOCK
from core.clock import now
from core.office import planning
from tests.browser.conftest import ARGUMENTS
from tests.browser.find_browser import chromium
from tests.browser.people import Advisor, Person, Visitor
from tests.browser.server import LOGIN, PASSWORD, Served, serve

SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
SETTLE = 1500  # milliseconds for fonts and fading
WANTED = sys.argv[2:]


def draw(person: Person, folder: Path, name: str) -> None:
    if WANTED and name not in WANTED:
        return
    person.page.wait_for_timeout(SETTLE)
    person.page.screenshot(path=folder / f"{name}.png")


def farewells(served: Served, visitor: Visitor, folder: Path, size: str) -> None:
    cancelled = served.plan()
    planning.cancel(served.advisor, now(), cancelled.appointment_id)
    expired = served.plan(begins_in=timedelta(hours=-3))
    planning.expire_due(CLOCK, now())
    links = {"cancelled": cancelled.link, "expired": expired.link}
    for name, link in {**links, "unknown": f"{served.base_url}/termin/{'x' * 43}"}.items():
        visitor.opens(link)
        draw(visitor, folder, f"farewell-{name}-{size}")


def walk(served: Served, browser: Browser, folder: Path, size: str) -> None:
    """One journey, with a picture of every page on the way."""
    visitor = Visitor(browser, served.base_url, viewport=SIZES[size])
    advisor = Advisor(browser, served.base_url, viewport=SIZES[size])
    visitor.page.goto("/")
    visitor.sees("Videokommunikation")
    draw(visitor, folder, f"home-{size}")
    farewells(served, visitor, folder, size)
    visitor.opens(served.plan(begins_in=timedelta(days=1)).link)
    visitor.agrees()
    draw(visitor, folder, f"devices-early-{size}")
    invited = served.plan()
    visitor.opens(invited.link)
    visitor.sees("Startseite")
    draw(visitor, folder, f"start-{size}")
    visitor.agrees()
    draw(visitor, folder, f"devices-{size}")
    visitor.tests_devices()
    visitor.press("Testton abspielen")
    draw(visitor, folder, f"devices-tested-{size}")
    visitor.press("Ja")
    visitor.goes_to_waiting_room()
    draw(visitor, folder, f"waiting-{size}")
    advisor.page.goto("/anmelden")
    draw(advisor, folder, f"sign-in-{size}")
    advisor.signs_in(LOGIN, PASSWORD)
    draw(advisor, folder, f"agenda-{size}")
    advisor.press("Termin anlegen")
    advisor.sees("Termin anlegen")
    draw(advisor, folder, f"appointment-{size}")
    advisor.press("Tagesplan")
    advisor.goes_to_desk(invited.appointment_id)
    draw(advisor, folder, f"desk-{size}")
    advisor.turn_on()
    advisor.sees_own_picture()
    draw(advisor, folder, f"desk-ready-{size}")
    advisor.press("Beratungsraum öffnen")
    visitor.sees("Beratungsraum")
    visitor.sees_and_hears()
    draw(visitor, folder, f"room-{size}")
    advisor.opens_chat()
    advisor.writes("Guten Tag! Hier ist der Antrag: https://www.example.org/antrag")
    visitor.opens_chat()
    visitor.page.get_by_role("link", name="https://www.example.org/antrag").wait_for()
    visitor.writes("Danke, ich sehe ihn.")
    draw(visitor, folder, f"room-chat-{size}")
    draw(advisor, folder, f"desk-talk-{size}")
    if size == "phone":
        advisor.closes_chat()
        visitor.closes_chat()
        draw(advisor, folder, f"desk-talk-below-{size}")
    visitor.press("Gespräch beenden")
    visitor.sees("Beratungsraum verlassen")
    draw(visitor, folder, f"left-{size}")
    expect(advisor.page.get_by_role("alert")).to_be_visible()
    draw(advisor, folder, f"desk-left-{size}")
    advisor.press("Gespräch beenden")
    visitor.sees("Videokommunikation")
    draw(visitor, folder, f"farewell-{size}")
    draw(advisor, folder, f"desk-over-{size}")
    visitor.leave()
    advisor.leave()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as place,
        sync_playwright() as playwright,
        serve(Path(place)) as served,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for size in SIZES:
            walk(served, browser, folder, size)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
