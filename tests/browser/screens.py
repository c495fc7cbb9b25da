"""
Pictures of every page at the two sizes we look at, from the real app with a real call.

Each keeps the words of its page that lead people: steps, headings and buttons (`words`), so that a
test can tell when a picture is of a page that is no more (test_pictures.py).

Run: python -m tests.browser.screens FOLDER [NAME…]; `make pictures` writes those of the README.
"""

import re
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from core.appointment import CLOCK
from core.clock import now
from core.office import closing
from tests.browser import drawn_people
from tests.browser.conftest import ARGUMENTS
from tests.browser.find_browser import chromium
from tests.browser.people import SECONDS, Advisor, Person, Visitor
from tests.browser.server import LOGIN, PASSWORD, Served, serve
from tests.browser.test_axe_room import begin

SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
SETTLE = 1500  # milliseconds for fonts and fading
WORDS = "Words"  # under which they are kept in a picture
# With what the style sheet writes before a name, a tick or a number, and where it begins to count.
STEPS = """
(all) => all.map((each) => {
  const begin = getComputedStyle(each.parentElement).counterReset;
  const before = getComputedStyle(each, "::before").content;
  return `step ${each.textContent}, after ${before} from ${begin}`;
})
"""
LEADING = re.compile(r'- ((?:heading|button) ".*?")(?: |:|$)')
Shown = tuple[Person, str]  # who looks at a page, and its name
PEOPLE = {
    "client": drawn_people.CLIENT,
    "interpreter": drawn_people.INTERPRETER,
    "advisor": drawn_people.ADVISOR,
}


class Browsers(NamedTuple):
    """One for each person, whose camera shows them."""

    client: Browser
    interpreter: Browser
    advisor: Browser


def draw(person: Person, to: Path) -> None:
    person.page.wait_for_timeout(SETTLE)
    kept = PngInfo()
    kept.add_itxt(WORDS, "\n".join(words_now(person.page)))
    with Image.open(BytesIO(person.page.screenshot())) as shown:
        shown.save(to, pnginfo=kept, optimize=True)


def words_now(page: Page) -> list[str]:
    """Steps by their names, headings and buttons as they are read out."""
    steps: list[str] = page.locator("ol.steps li").evaluate_all(STEPS)
    lines = page.locator("body").aria_snapshot().splitlines()
    return steps + [found[1] for line in lines if (found := LEADING.match(line.strip()))]


def words(picture: Path) -> list[str]:
    """Those of the page that a picture was taken of; none of one from elsewhere."""
    with Image.open(picture) as shown:
        shown.load()
        return str(shown.info.get(WORDS, "")).splitlines()


def farewells(served: Served, visitor: Visitor) -> Iterator[Shown]:
    cancelled = served.plan()
    closing.cancel(served.advisor, now(), cancelled.appointment_id)
    expired = served.plan(begins_in=timedelta(hours=-3))
    closing.expire_due(CLOCK, now())
    links = {"cancelled": cancelled.link, "expired": expired.link}
    for name, link in {**links, "unknown": f"{served.base_url}/termin/{'x' * 43}"}.items():
        visitor.opens(link)
        yield visitor, f"farewell-{name}"


def walk(served: Served, browsers: Browsers, size: str) -> Iterator[Shown]:
    """One journey, and every page on the way."""
    visitor = Visitor(browsers.client, served.base_url, viewport=SIZES[size])
    advisor = Advisor(browsers.advisor, served.base_url, viewport=SIZES[size])
    visitor.page.goto("/")
    visitor.sees("Videokommunikation")
    yield visitor, "home"
    yield from farewells(served, visitor)
    visitor.opens(served.plan(begins_in=timedelta(days=1)).link)
    visitor.agrees()
    yield visitor, "devices-early"
    invited = served.plan()
    visitor.opens(invited.link)
    visitor.sees("Startseite")
    yield visitor, "start"
    visitor.agrees()
    yield visitor, "devices"
    visitor.tests_devices()
    visitor.press("Testton abspielen")
    yield visitor, "devices-tested"
    visitor.press("Ja")
    visitor.goes_to_waiting_room()
    yield visitor, "waiting"
    advisor.page.goto("/anmelden")
    yield advisor, "sign-in"
    advisor.signs_in(LOGIN, PASSWORD)
    yield advisor, "agenda"
    advisor.press("Termin anlegen")
    advisor.sees("Termin anlegen")
    yield advisor, "appointment"
    advisor.page.get_by_label("Name", exact=True).fill("Karla Beispiel")
    advisor.page.get_by_label("E-Mail-Adresse").fill("karla@example.org")
    advisor.press("Weiter")
    advisor.sees("Termin prüfen")
    yield advisor, "appointment-to-look-at"
    advisor.press("Tagesplan")
    advisor.goes_to_desk(invited.appointment_id)
    yield advisor, "desk"
    advisor.turn_on()
    advisor.sees_own_picture()
    yield advisor, "desk-ready"
    advisor.press("Beratungsraum öffnen")
    visitor.sees("Beratungsraum")
    visitor.sees_and_hears()
    yield visitor, "room"
    advisor.opens_chat()
    advisor.writes("Guten Tag! Hier ist der Antrag: https://www.example.org/antrag")
    visitor.opens_chat()
    visitor.page.get_by_role("link", name="https://www.example.org/antrag").wait_for()
    visitor.writes("Danke, ich sehe ihn.")
    yield visitor, "room-chat"
    yield advisor, "desk-talk"
    if size == "phone":
        advisor.closes_chat()
        visitor.closes_chat()
        yield advisor, "desk-talk-below"
    visitor.press("Gespräch beenden")
    visitor.sees("Beratungsraum verlassen")
    yield visitor, "left"
    expect(advisor.page.get_by_role("alert")).to_be_visible()
    yield advisor, "desk-left"
    advisor.press("Gespräch beenden")
    visitor.sees("Videokommunikation")
    yield visitor, "farewell"
    yield advisor, "desk-over"


def three(served: Served, browsers: Browsers, size: str) -> Iterator[Shown]:
    """A talk of three who know each other."""
    client = Visitor(browsers.client, served.base_url, viewport=SIZES["phone"])
    third = Visitor(browsers.interpreter, served.base_url, viewport=SIZES["phone"])
    advisor = Advisor(browsers.advisor, served.base_url, viewport=SIZES[size])
    begin(served, client, third, advisor)
    advisor.opens_chat()
    advisor.writes("Guten Tag! Hier ist der Antrag: https://www.example.org/antrag")
    client.opens_chat()
    client.writes("Danke, ich sehe ihn.")
    expect(advisor.page.locator("ol.chat li")).to_have_count(2, timeout=30 * SECONDS)
    yield advisor, "three-desk"


def scene_of(picture: str) -> Callable[[Served, Browsers, str], Iterator[Shown]]:
    return three if picture.startswith("three-") else walk


def _launched(
    playwright: Playwright, folder: Path, name: str, person: drawn_people.Person
) -> Browser:
    camera = drawn_people.write_person(folder / f"{name}.y4m", person)
    given = [*ARGUMENTS, f"--use-file-for-fake-video-capture={camera}"]
    return playwright.chromium.launch(executable_path=chromium(), args=given)


def take(folder: Path, wanted: Collection[str] = ()) -> None:
    """All pictures, or those that are wanted by name; no scene goes on longer than it has to."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as place,
        sync_playwright() as playwright,
        serve(Path(place)) as served,
    ):
        browsers = Browsers(
            *(_launched(playwright, Path(place), name, each) for name, each in PEOPLE.items())
        )
        for scene, size in product((walk, three), SIZES):
            ahead = {
                each for each in wanted if each.endswith(f"-{size}") and scene_of(each) is scene
            }
            for person, page in scene(served, browsers, size) if ahead or not wanted else ():
                name = f"{page}-{size}"
                if name in ahead or not wanted:
                    draw(person, folder / f"{name}.png")
                    ahead.discard(name)
                if wanted and not ahead:
                    break
            for browser in browsers:
                for context in browser.contexts:
                    context.close()
        for browser in browsers:
            browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]), sys.argv[2:])
