"""The gate as a browser sees it: policies that hold and disturb nothing, and a lost connection."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Response, Route, expect

from core import clock
from core.office import closing, hosting
from core.settings import ROOT
from tests.browser.people import Advisor, Person, Visitor, wait_until
from tests.browser.server import Served, await_health, serve
from tests.browser.test_journey import everybody_has_left, meet

LISTENER = """
window.addEventListener("securitypolicyviolation",
  (event) => window.reported(`${event.effectiveDirective} ${event.blockedURI}`));
"""
BREACHES = """
(url) => {
  new Image().src = `${url}picture`;
  const script = document.createElement("script");
  script.textContent = "1";
  document.body.append(script);
}
"""
ICONS = """
() => [...document.fonts].some((each) => /Symbols/.test(each.family) && each.status === "loaded")
"""
MAIN = re.compile(r"/static/js/index\.[^.]+\.js")
ELSEWHERE = "http://elsewhere.example/"


class Complaints:
    """What the browser complains of in any frame: breaches of the policy, and errors."""

    def __init__(self, person: Person) -> None:
        self.breaches: list[str] = []
        self.errors: list[str] = []
        person.context.expose_binding("reported", lambda _source, what: self.breaches.append(what))
        person.context.add_init_script(LISTENER)
        person.page.on("console", self._console)
        person.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def of(self, person: Person) -> int:
        """How many breaches so far; Playwright hears of them only while it talks to the page."""
        person.page.evaluate("0")
        return len(self.breaches)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)


def test_a_whole_journey_breaches_no_policy_and_logs_no_error(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    complaints = [Complaints(visitor), Complaints(advisor)]
    advisor.page.reload()
    meet(visitor, advisor, served.plan())
    advisor.checks_identity()
    expect(advisor.page.get_by_text("Identität geprüft: Ausweis")).to_be_visible()
    advisor.writes("Guten Tag")
    expect(visitor.page.locator("ol.chat li")).to_contain_text("Guten Tag")
    advisor.ends_for_all()
    everybody_has_left(visitor, advisor)
    assert [each.breaches for each in complaints] == [[], []]
    assert [each.errors for each in complaints] == [[], []]


class Answers:
    """What the server has refused, of all that a browser has asked for."""

    def __init__(self, *people: Person) -> None:
        self.refused: list[str] = []
        for each in people:
            each.context.on("response", self._came)

    def _came(self, response: Response) -> None:
        if response.status >= 400:
            self.refused.append(f"{response.status} {urlsplit(response.url).path}")


def of_streamlit(person: Person) -> list[str]:
    """Where a browser has looked for Streamlit's server, each time."""
    paths = [urlsplit(url).path for url in person.requests]
    return sorted(path for path in paths if "_stcore" in path)


def test_whatever_the_pages_of_a_whole_journey_ask_for_is_there(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    answers = Answers(visitor, advisor)
    visitor.page.goto("/")
    visitor.sees("Videokommunikation")
    advisor.press("Termin anlegen")
    advisor.sees("Termin anlegen")
    advisor.page.goto("/tagesplan")
    advisor.sees("Tagesplan")
    meet(visitor, advisor, served.plan())
    for person in (visitor, advisor):
        person.page.reload()
        person.sees("Beratungsraum")
        person.sees_and_hears()
    advisor.checks_identity()
    advisor.writes("Guten Tag")
    expect(visitor.page.locator("ol.chat li")).to_contain_text("Guten Tag")
    advisor.ends_for_all()
    everybody_has_left(visitor, advisor)
    for page in ("/datenschutz", "/"):
        visitor.page.goto(page)
    advisor.press("Abmelden")
    advisor.sees("Nicht angemeldet")
    assert answers.refused == []


@pytest.mark.parametrize(
    "page",
    [
        "/tagesplan",
        "/tagesplan?von=mail",
        "/termin-anlegen?von=mail#main",
        "/termin-anlegen",
        "/beratung",
        "/termin",
    ],
)
def test_a_page_asks_for_its_server_once_and_where_it_is(
    served: Served, visitor: Visitor, advisor: Advisor, page: str
) -> None:
    invited = served.plan()
    person: Person = advisor
    link = f"/beratung?termin={invited.appointment_id}" if page == "/beratung" else page
    if page == "/termin":
        person, link = visitor, invited.link
    person.requests.clear()
    answers = Answers(person)
    person.page.goto(link)
    expect(person.page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-connection-state", "CONNECTED"
    )
    names = ("health", "host-config", "stream")
    assert of_streamlit(person) == sorted(f"/_stcore/{name}" for name in names)
    assert answers.refused == []


def test_a_refusal_would_be_seen_here(served: Served, visitor: Visitor) -> None:
    answers = Answers(visitor)
    visitor.page.goto(f"/termin/{'x' * 43}")
    assert answers.refused == [f"404 /termin/{'x' * 43}"]


def test_a_breach_would_be_seen_here(served: Served, visitor: Visitor) -> None:
    complaints = Complaints(visitor)
    visitor.opens(served.plan().link)
    visitor.agrees()
    visitor.call_is_ready()
    visitor.page.evaluate(BREACHES, ELSEWHERE)
    wait_until(lambda: complaints.of(visitor) >= 2, "the breaches are reported")
    breaches = [f"img-src {ELSEWHERE}picture", "script-src-elem inline"]
    assert sorted(complaints.breaches) == breaches


@pytest.mark.parametrize("path", ["/", "/termin?t=", "/_stcore/health"])
def test_no_foreign_page_frames_ours(served: Served, visitor: Visitor, path: str) -> None:
    visitor.opens(served.plan().link)
    visitor.sees("Startseite")
    ours = served.base_url + path.replace("?t=", "?" + visitor.page.url.partition("?")[2])
    framing = f"<iframe src='{ours}'></iframe>"
    visitor.context.route(
        ELSEWHERE, lambda route: route.fulfill(body=framing, content_type="text/html")
    )
    visitor.page.goto(ELSEWHERE)
    wait_until(lambda: len(visitor.page.frames) == 2, "the frame is there")
    assert visitor.page.frames[1].url == "chrome-error://chromewebdata/"


def test_streamlits_page_is_german_before_any_script_runs(served: Served, visitor: Visitor) -> None:
    visitor.opens(served.plan().link)
    visitor.sees("Startseite")
    text = visitor.context.request.get(visitor.page.url).text()
    assert text.count("<html") == text.count('<html lang="de" dir="ltr">') == 1
    assert "<title>Videokommunikation</title>" in text


def test_with_whom_and_when_is_there_before_streamlits_scripts_and_gone_when_the_page_stands(
    served: Served, visitor: Visitor
) -> None:
    held: list[Route] = []
    page, invited = visitor.page, served.plan()
    greeting = page.locator("#greeting")
    for heading in ("Startseite", "Gerät prüfen"):
        page.route(MAIN, lambda route: held.append(route))
        with page.expect_request(MAIN):
            page.goto(invited.link, wait_until="commit")
        expect(greeting).to_be_visible()
        expect(greeting.locator("dd").nth(2)).to_have_text("Anna Berger")
        expect(greeting).to_contain_text("Die Seite wird geladen.")
        for each in held:
            each.continue_()
        held.clear()
        page.unroute(MAIN)
        visitor.sees(heading)
        expect(greeting).to_have_count(0)
        expect(page.locator('head > link[href$="call/stage.js"]')).to_have_count(1)
        if heading == "Startseite":
            visitor.agrees()


def test_the_font_of_icons_is_fetched_where_an_icon_is_shown_and_nowhere_before(
    served: Served, visitor: Visitor
) -> None:
    visitor.opens(served.plan().link)
    visitor.sees("Startseite")
    expect(visitor.page.get_by_role("button", name="Weiter")).to_be_visible()
    fonts = [each for each in visitor.requests if each.endswith(".woff2")]
    assert [each for each in fonts if "Symbols" in each] == []
    assert fonts != []
    visitor.agrees()
    wait_until(lambda: visitor.page.evaluate(ICONS), "the fold has its icon")


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Served]:
    """An app of its own, to be killed."""
    with serve(tmp_path) as served:
        yield served


@pytest.fixture
def again(mortal: Served) -> Iterator[Callable[[], None]]:
    """Starts the same app once more, at the same address, with the same database."""
    process = psutil.Process(mortal.pid)
    command, environment = process.cmdline(), process.environ()
    started: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment))
        await_health(mortal, started[-1])

    yield start
    for each in started:
        each.terminate()
        each.wait(20)


@pytest.fixture
def guest(clients: Browser, mortal: Served, people: list[Person]) -> Visitor:
    person = Visitor(clients, mortal.base_url, viewport={"width": 390, "height": 844})
    people.append(person)
    return person


def test_a_lost_connection_is_said_above_the_page_and_taken_back(
    mortal: Served, guest: Visitor, again: Callable[[], None]
) -> None:
    guest.opens(mortal.plan().link)
    guest.sees("Startseite")
    expect(guest.page.get_by_role("button", name="Weiter")).to_be_visible()
    banner = guest.page.locator("#connection")
    expect(banner).to_have_text("")
    mortal.process.kill()
    expect(banner).to_have_text("Die Verbindung ist unterbrochen. Wir verbinden Sie neu …")
    expect(banner).to_have_role("status")
    expect(guest.page.get_by_role("dialog")).to_have_count(0)
    below = guest.page.get_by_test_id("stApp").bounding_box()
    size = banner.bounding_box()
    assert below is not None
    assert size is not None
    assert (size["y"], below["y"]) == (0, size["height"])
    again()
    expect(banner).to_have_text("", timeout=30_000)
    guest.agrees()


def test_what_is_written_as_soon_as_the_connection_is_back_is_kept(
    mortal: Served, guest: Visitor, again: Callable[[], None]
) -> None:
    """The server has not drawn this page yet, and knows nothing of its field."""
    guest.page.set_viewport_size({"width": 1280, "height": 800})  # the chat stays open
    invited = mortal.plan()
    guest.opens(invited.link)
    guest.agrees()
    guest.press("Schritt 2: Beratungsraum betreten")
    guest.sees("Warteraum")
    let_in = {invited.guest_id: None}
    hosting.open_room(mortal.advisor, clock.now(), invited.appointment_id, let_in)
    guest.sees("Beratungsraum")
    expect(guest.page.get_by_test_id("stChatInput")).to_be_visible()
    mortal.process.kill()
    banner = guest.page.locator("#connection")
    expect(banner).not_to_have_text("")
    again()
    expect(banner).to_have_text("", timeout=30_000)
    guest.writes("Ich bin wieder da.")
    expect(guest.page.locator("ol.chat li")).to_contain_text("Ich bin wieder da.")


def test_whoever_has_no_seat_when_the_connection_is_back_reads_why(
    mortal: Served, guest: Visitor, again: Callable[[], None]
) -> None:
    invited = mortal.plan()
    guest.opens(invited.link)
    guest.sees("Startseite")
    expect(guest.page.get_by_role("button", name="Weiter")).to_be_visible()
    expect(guest.page.locator("#connection")).to_have_text("")
    mortal.process.kill()
    closing.cancel(mortal.advisor, clock.now(), invited.appointment_id)
    again()
    expect(guest.page.get_by_text("wurde abgesagt")).to_be_visible(timeout=60_000)


def test_a_page_that_never_gets_a_connection_says_so_and_nothing_in_english(
    served: Served, visitor: Visitor
) -> None:
    visitor.page.route("**/_stcore/health", lambda route: route.abort())
    visitor.opens(served.plan().link)
    banner = visitor.page.get_by_text("Das dauert länger als sonst.")
    expect(banner).to_be_attached()
    expect(banner).to_be_hidden()
    expect(banner).to_be_visible(timeout=20_000)
    dialog = visitor.page.get_by_text("Connection error")
    expect(dialog).to_be_attached(timeout=20_000)
    expect(dialog).to_be_hidden()
