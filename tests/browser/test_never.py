"""
What can never work is never called slow: it is said as what it is, with a number and another way.

Each in a browser or on a network in which exactly one thing is missing.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from tests.browser.crash import crash
from tests.browser.narrow import narrow
from tests.browser.people import SECONDS, Advisor, Person, Visitor, wait_until
from tests.browser.server import LOGIN, PASSWORD, PHONE, Served

PHONE_SIZE = {"width": 390, "height": 844}
LATE = "Das dauert länger als sonst."
OLD = "Ihr Browser ist zu alt für unsere Videogespräche."
BROKEN = "Unsere Seite läuft in Ihrem Browser nicht."
LOST = "Ein Teil dieser Seite ließ sich nicht laden, auch beim zweiten Versuch nicht."
BLOCKED = "Ihr Browser oder Ihr Netz lässt die ständige Verbindung nicht zu"
FULL = "Diese Seite ist schon in zu vielen Fenstern offen."
NO_CALLS = "Dieser Browser kann keine Videogespräche"
BY_LINK = "Öffnen Sie bitte den Link aus Ihrer E-Mail in einem anderen Browser"
BY_SIGN_IN = "Melden Sie sich bitte in einem anderen Browser an"


@pytest.fixture
def comes(clients: Browser, served: Served, people: list[Person]) -> Callable[..., Visitor]:
    """Somebody at a browser in which a script has run before any of the page's."""

    def came(script: str = "", base_url: str = served.base_url, **settings: object) -> Visitor:
        person = Visitor(clients, base_url, viewport=PHONE_SIZE, **settings)
        people.append(person)
        if script:
            person.context.add_init_script(script)
        return person

    return came


def shown(box: Locator, sentence: str) -> Locator:
    """Where it is to be seen: all sentences are there, hidden."""
    return box.get_by_text(sentence).filter(visible=True)


def said(person: Person, sentence: str, seconds: float, way: str = BY_LINK) -> Locator:
    """Awaits the sentence, with the number and another way, and nothing about waiting."""
    box = person.page.locator("#never")
    expect(shown(box, sentence)).to_have_count(1, timeout=seconds * SECONDS)
    expect(shown(box, way)).to_have_count(1)
    expect(box.get_by_role("link", name=PHONE)).to_be_visible()
    expect(person.page.get_by_text(LATE)).to_be_hidden()
    expect(person.page.locator("#greeting")).to_be_hidden()
    expect(person.page.get_by_role("dialog").filter(visible=True)).to_have_count(0)
    return box


# No calls


@pytest.mark.parametrize(
    "gone",
    [
        "delete window.RTCPeerConnection",
        "window.RTCPeerConnection = undefined",
        "window.RTCPeerConnection = function () {}",
        "delete Object.getPrototypeOf(RTCPeerConnection.prototype).addTransceiver",
        "delete Navigator.prototype.mediaDevices",
        "navigator.mediaDevices.getUserMedia = undefined",
    ],
)
def test_a_browser_without_calls_is_told_so_before_it_asks_for_a_camera(
    served: Served, comes: Callable[..., Visitor], gone: str
) -> None:
    visitor = comes(gone)
    visitor.opens(served.plan().link)
    visitor.agrees()
    visitor.turn_on()
    notice = visitor.page.locator(".stage .notice")
    expect(notice).to_contain_text(NO_CALLS)
    expect(notice).to_contain_text("einen anderen Browser oder ein anderes Gerät")
    expect(notice.get_by_role("link", name=PHONE)).to_be_visible()
    assert visitor.live_tracks() == 0


# No WebSocket


@pytest.mark.parametrize("holds", [False, True], ids=["refused", "never answered"])
def test_a_network_without_websockets_is_named_and_taken_back(
    served: Served, comes: Callable[..., Visitor], holds: bool
) -> None:
    with narrow(served.base_url, holds) as way:
        visitor = comes(base_url=way.base_url)
        visitor.opens(served.plan().link.replace(served.base_url, way.base_url))
        box = said(visitor, BLOCKED, 60)
        assert way.refused > 0
        way.open()
        visitor.sees("Startseite", 60)
        expect(box).to_be_hidden()


@pytest.mark.parametrize(
    "gone",
    [
        "delete window.WebSocket",
        "window.WebSocket = undefined",
        "window.WebSocket = class { constructor() { throw new Error('blocked'); } }",
        "window.WebSocket = class extends EventTarget { close() {} send() {} }",
    ],
)
def test_a_browser_without_websockets_is_told_so(
    served: Served, comes: Callable[..., Visitor], gone: str
) -> None:
    visitor = comes(gone)
    visitor.opens(served.plan().link)
    said(visitor, BLOCKED, 60)


def test_a_network_that_stops_letting_websockets_through_is_named(
    served: Served, comes: Callable[..., Visitor]
) -> None:
    with narrow(served.base_url) as way:
        way.closed = False
        visitor = comes(base_url=way.base_url)
        visitor.opens(served.plan().link.replace(served.base_url, way.base_url))
        visitor.sees("Startseite")
        expect(visitor.page.locator("#connection")).to_have_text("", timeout=30 * SECONDS)
        way.closed = True
        visitor.page.evaluate("beratungsraum.socket.close()")
        box = said(visitor, BLOCKED, 60)
        app = visitor.page.get_by_test_id("stApp")

        def room() -> float:
            below, above = app.bounding_box(), box.bounding_box()
            return abs(below["y"] - above["height"]) if below and above else 1000

        wait_until(lambda: room() < 1, "nothing of the page is covered")


def test_staff_are_told_to_sign_in_elsewhere(
    served: Served, office: Browser, people: list[Person]
) -> None:
    with narrow(served.base_url) as way:
        advisor = Advisor(office, way.base_url)
        people.append(advisor)
        advisor.page.goto("/anmelden")
        advisor.page.get_by_label("Anmeldename").fill(LOGIN)
        advisor.page.get_by_label("Passwort").fill(PASSWORD)
        advisor.press("Anmelden")
        said(advisor, BLOCKED, 60, BY_SIGN_IN)


def test_too_many_windows_are_named_as_that_and_waited_for(
    served: Served, comes: Callable[..., Visitor]
) -> None:
    visitor, link = comes(), served.plan().link
    visitor.opens(link)
    visitor.sees("Startseite")
    pages = [visitor.context.new_page() for _ in range(4)]
    for page in pages:
        page.goto(link)
    box = pages[-1].locator("#never")
    expect(shown(box, FULL)).to_have_count(1, timeout=60 * SECONDS)
    visitor.page.close()
    heading = pages[-1].get_by_role("heading", name="Startseite", exact=True)
    expect(heading).to_be_visible(timeout=60 * SECONDS)
    expect(box).to_be_hidden()


# A browser that is too old


@pytest.mark.parametrize("gone", ["delete Object.hasOwn", "delete window.structuredClone"])
def test_a_browser_that_is_too_old_is_told_so(
    served: Served, comes: Callable[..., Visitor], gone: str
) -> None:
    visitor = comes(gone)
    visitor.opens(served.plan().link)
    said(visitor, OLD, 20)


@pytest.mark.parametrize("script", ["throw new TypeError('x')", "let a = ;", "no.such.thing()"])
def test_a_browser_that_does_not_understand_the_page_is_told_so(
    served: Served, comes: Callable[..., Visitor], script: str
) -> None:
    visitor = comes()
    visitor.context.route(
        "**/static/js/index.*",
        lambda route: route.fulfill(body=script, content_type="text/javascript"),
    )
    visitor.opens(served.plan().link)
    said(visitor, BROKEN, 20)


# A script that was lost

SCRIPTS = ["Button", "Checkbox", "BidiComponent", "index", "react-dom", "Html"]


def loses(person: Person, name: str, times: int, status: int = 404) -> None:
    """So often, one of Streamlit's scripts is not there."""
    left = [times]

    def answer(route: Route) -> None:
        left[0] -= 1
        if left[0] >= 0:
            route.fulfill(status=status, body="nothing")
        else:
            route.continue_()

    person.context.route(f"**/static/js/{name}.*", answer)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_that_was_lost_once_is_loaded_anew(
    served: Served, comes: Callable[..., Visitor], name: str
) -> None:
    visitor = comes()
    loses(visitor, name, 1)
    visitor.opens(served.plan().link)
    expect(visitor.page.get_by_role("button", name="Weiter")).to_be_visible(timeout=30 * SECONDS)
    visitor.agrees()
    visitor.call_is_ready()
    expect(visitor.page.locator("#never")).to_be_hidden()


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_that_is_never_there_is_named_after_one_more_try_and_nothing_in_english(
    served: Served, comes: Callable[..., Visitor], name: str
) -> None:
    visitor = comes()
    loses(visitor, name, 1000, 500)
    visitor.opens(served.plan().link)
    said(visitor, LOST, 60)
    expect(visitor.page.get_by_text("TypeError").filter(visible=True)).to_have_count(0)
    asked = [url for url in visitor.requests if f"/static/js/{name}." in url]
    visitor.page.wait_for_timeout(5 * SECONDS)
    assert [url for url in visitor.requests if f"/static/js/{name}." in url] == asked


def test_without_a_storage_nothing_is_loaded_anew_and_it_is_said_at_once(
    served: Served, comes: Callable[..., Visitor]
) -> None:
    visitor = comes(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('no'); } })"
    )
    loses(visitor, "Button", 2)  # it is named in the page beforehand, and asked for again
    visitor.opens(served.plan().link)
    said(visitor, LOST, 30)


def test_nothing_is_loaded_anew_before_the_server_answers(
    served: Served, comes: Callable[..., Visitor]
) -> None:
    visitor = comes()
    loses(visitor, "Button", 2)  # it is named in the page beforehand, and asked for again
    away = [True]
    visitor.context.route(
        "**/termin?t=*",
        lambda route: (
            route.abort() if away[0] and route.request.method == "HEAD" else route.continue_()
        ),
    )
    visitor.opens(served.plan().link)
    visitor.sees("Startseite")
    visitor.page.evaluate("window.stillHere = true")
    visitor.page.wait_for_timeout(5 * SECONDS)
    assert visitor.page.evaluate("window.stillHere")
    away[0] = False
    expect(visitor.page.get_by_role("button", name="Weiter")).to_be_visible(timeout=30 * SECONDS)


# A page that has crashed


def test_a_page_that_crashes_is_back_at_once_with_what_it_was_about(
    served: Served, comes: Callable[..., Visitor]
) -> None:
    visitor = comes()
    visitor.opens(served.plan().link)
    visitor.agrees()
    visitor.call_is_ready()
    with visitor.page.expect_navigation():
        crash(visitor)
    visitor.sees("Gerät prüfen")
    visitor.tests_devices()
    expect(visitor.page.locator("#never")).to_be_hidden()


def test_a_page_that_crashes_again_at_once_says_so_and_stays(
    served: Served, comes: Callable[..., Visitor]
) -> None:
    visitor = comes()
    visitor.opens(served.plan().link)
    with visitor.page.expect_navigation():
        crash(visitor)
    crash(visitor)
    said(visitor, LOST, 5)
    visitor.page.evaluate("window.stillHere = true")
    visitor.page.wait_for_timeout(5 * SECONDS)
    assert visitor.page.evaluate("window.stillHere")
