"""The stage in real browsers: what is said of everybody, where it fits, how it comes back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserType, Locator, expect

from core.appointment import GuestRole
from pages.call import lacking
from tests.browser import office as desk
from tests.browser.conftest import ARGUMENTS
from tests.browser.find_browser import chromium
from tests.browser.people import SECONDS, START, Advisor, Person, Visitor, wait_until
from tests.browser.server import LOGIN, PASSWORD, Served
from tests.browser.test_journey import all_come, meet

PHONE, SIDEWAYS, SCREEN = (390, 844), (844, 390), (1280, 800)
LOST = "Verbindung unterbrochen, wir verbinden neu …"
TRACKS = "tracks.filter((each) => each.readyState === 'live').map((each) => each.kind).sort()"
SENDS = """
() => window.connections.at(-1).getSenders().find((each) => each.track?.kind === "video")
  .getParameters().encodings.map((each) => [each.maxBitrate, each.maxFramerate])
"""

# The system falls silent, or speaks again.
MUTED = """
([kind, muted]) => {
  const track = tracks.findLast((each) => each.kind === kind && each.readyState === "live");
  Object.defineProperty(track, "muted", { configurable: true, value: muted });
  track.dispatchEvent(new Event(muted ? "mute" : "unmute"));
}
"""

Pair = tuple[Visitor, Advisor]


@contextmanager
def in_a_talk(clients: Browser, office: Browser, served: Served) -> Iterator[Pair]:
    """A client and an advisor, each in a browser of their own."""
    visitor = Visitor(clients, served.base_url, viewport={"width": 390, "height": 844})
    advisor = Advisor(office, served.base_url, viewport={"width": 1280, "height": 800})
    advisor.signs_in(LOGIN, PASSWORD)
    meet(visitor, advisor, served.plan())
    yield visitor, advisor
    visitor.leave()
    advisor.leave()


@pytest.fixture(scope="module")
def pair(clients: Browser, office: Browser, served: Served) -> Iterator[Pair]:
    """A client and an advisor in a talk."""
    with in_a_talk(clients, office, served) as both:
        yield both


def tile(person: Person) -> Locator:
    return person.page.locator(".stage .tile:visible")


def notice(person: Person) -> Locator:
    return person.page.locator(".stage .notice > p")


def resize(person: Person, size: tuple[int, int]) -> None:
    person.page.set_viewport_size({"width": size[0], "height": size[1]})


# What is said of the others


def test_everybody_is_named_with_a_role(pair: Pair) -> None:
    visitor, advisor = pair
    expect(tile(visitor).locator("bdi")).to_have_text("Anna Berger · Jobcenter")
    expect(tile(advisor).locator("bdi")).to_have_text("Emil Özdemir · Kundin oder Kunde")


def test_who_speaks_is_marked_by_more_than_a_colour(pair: Pair) -> None:
    visitor, _advisor = pair
    expect(tile(visitor).locator(".speaks svg").first).to_be_visible()


def test_what_is_switched_off_is_said_in_words_and_nobody_seems_to_have_left(pair: Pair) -> None:
    visitor, advisor = pair
    visitor.toggle("Mikrofon ausschalten")
    expect(tile(advisor).get_by_text("Nicht zu hören", exact=True)).to_be_visible()
    visitor.toggle("Kamera ausschalten")
    expect(tile(advisor).get_by_text("Nicht zu sehen", exact=True)).to_be_visible()
    assert visitor.page.evaluate(TRACKS) == ["audio"], "the camera's light is out"
    advisor.page.wait_for_timeout(4 * SECONDS)  # longer than anybody silent is kept
    expect(
        advisor.page.get_by_text("Im Gespräch, nicht zu sehen und nicht zu hören")
    ).to_be_visible()
    expect(tile(advisor)).to_have_count(1)
    visitor.toggle("Mikrofon einschalten")
    visitor.toggle("Kamera einschalten")
    advisor.sees_and_hears()
    expect(tile(advisor).get_by_text("Nicht zu sehen", exact=True)).to_be_hidden()


def test_on_a_phone_the_way_out_is_in_sight_beside_the_chat_too(pair: Pair) -> None:
    visitor, _advisor = pair
    end = visitor.page.get_by_role("button", name="Gespräch beenden")
    for opens in (False, True):
        if opens:
            visitor.opens_chat()
        expect(end).to_be_in_viewport(ratio=1)
        end.click(trial=True)  # nothing covers it
    visitor.closes_chat()


def test_what_is_switched_off_stays_off_after_a_reload(pair: Pair) -> None:
    visitor, advisor = pair
    visitor.toggle("Kamera ausschalten")
    visitor.page.reload()
    visitor.sees_and_hears()
    assert visitor.page.evaluate(TRACKS) == ["audio"]
    visitor.toggle("Kamera einschalten")
    wait_until(lambda: advisor.sees_picture_of(visitor), "the picture is back")


# Where it fits


@pytest.mark.parametrize("size", [PHONE, SIDEWAYS, SCREEN], ids=["phone", "sideways", "screen"])
def test_all_of_the_stage_and_the_end_of_the_talk_are_in_sight(
    pair: Pair, size: tuple[int, int]
) -> None:
    visitor, _advisor = pair
    resize(visitor, size)
    visitor.page.get_by_test_id("stMain").evaluate("(main) => main.scrollTo(0, 0)")
    wait_until(lambda: lowest(visitor, ".stage") <= size[1], "the stage fits")
    assert lowest(visitor, ".st-key-leave button") <= size[1]
    assert height(visitor, ".stage .tile") > size[1] * 0.45
    for each in visitor.page.locator(".stage button:visible").all():
        box = each.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    resize(visitor, PHONE)


def lowest(person: Person, what: str) -> float:
    box = person.page.locator(what).first.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def height(person: Person, what: str) -> float:
    box = person.page.locator(what).first.bounding_box()
    assert box is not None
    return box["height"]


def test_the_controls_work_by_keyboard(pair: Pair) -> None:
    visitor, advisor = pair
    visitor.page.locator(".stage").get_by_role("button", name="Mikrofon ausschalten").focus()
    visitor.page.keyboard.press("Enter")
    expect(tile(advisor).get_by_text("Nicht zu hören", exact=True)).to_be_visible()
    visitor.page.keyboard.press("Enter")
    advisor.sees_and_hears()
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.textContent") == "Kamera ausschalten"


# Little data, a paper before the camera


def test_little_data_sends_a_small_picture_and_says_how_much_that_takes(pair: Pair) -> None:
    visitor, _advisor = pair
    visitor.toggle("Einstellungen")
    visitor.toggle("Wenig Daten")
    wait_until(lambda: visitor.page.evaluate(SENDS) == [[80_000, 8]], "a small picture is sent")
    said = visitor.page.locator(".stage .panel p")
    expect(said).to_have_text(re.compile(r"etwa \d+ MB in 30 Minuten"), timeout=20 * SECONDS)
    visitor.toggle("Wenig Daten")
    wait_until(lambda: visitor.page.evaluate(SENDS) != [[80_000, 8]], "a larger one again")
    visitor.toggle("Einstellungen")


def test_the_advisor_halts_a_picture_and_looks_closer_while_the_talk_goes_on(pair: Pair) -> None:
    _visitor, advisor = pair
    advisor.toggle("Bild anhalten")
    paper = advisor.page.get_by_role("img", name="Angehaltenes Bild. Es wird nicht gespeichert.")
    before = paper.locator("canvas").bounding_box()
    advisor.toggle("Größer")
    after = paper.locator("canvas").bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > 1.3 * before["width"]
    advisor.sees_and_hears()
    advisor.toggle("Weiter mit dem Gespräch")
    expect(paper).to_be_hidden()


def test_a_second_camera_can_be_chosen_with_one_press(
    browser_type: BrowserType, served: Served
) -> None:
    two = [
        each.replace("for-media-stream", "for-media-stream=device-count=2") for each in ARGUMENTS
    ]
    with browser_type.launch(executable_path=chromium(), args=two) as browser:
        visitor = Visitor(browser, served.base_url)
        planned = served.plan()
        desk.consented(served, planned)
        visitor.opens(planned.link)
        visitor.turn_on()
        wait_until(visitor.sees_a_picture, "the first camera")
        first = visitor.page.evaluate(CAMERA)
        visitor.toggle("Kamera wechseln")
        wait_until(lambda: visitor.page.evaluate(CAMERA) not in (None, first), "the other camera")


CAMERA = """
() => tracks.find((each) => each.kind === "video" && each.readyState === "live")
  ?.getSettings().deviceId
"""


# Coming back


def test_a_connection_that_dies_comes_back_without_a_click(pair: Pair) -> None:
    visitor, advisor = pair
    visitor.page.evaluate("window.connections.at(-1).close()")
    expect(visitor.page.get_by_text(LOST)).to_be_visible()
    assert visitor.sees_and_hears(10) < 10
    advisor.sees_and_hears(10)
    expect(visitor.page.get_by_text(LOST)).to_be_hidden()


def test_a_camera_that_is_taken_away_comes_back_by_itself(pair: Pair) -> None:
    visitor, advisor = pair
    visitor.page.evaluate(
        """() => {
          const camera = tracks.findLast((each) => each.kind === "video");
          camera.stop();
          camera.dispatchEvent(new Event("ended"));
        }"""
    )
    assert visitor.page.evaluate(TRACKS) == ["audio"]
    wait_until(lambda: visitor.page.evaluate(TRACKS) == ["audio", "video"], "it is back", 10)
    advisor.sees_and_hears()
    wait_until(lambda: advisor.sees_picture_of(visitor), "and seen", 10)


def test_who_is_muted_by_the_system_and_later_loses_the_camera_is_said_to_be_so_on_both_sides(
    pair: Pair,
) -> None:
    visitor, advisor = pair
    visitor.page.evaluate(MUTED, ["audio", True])
    expect(notice(visitor)).to_have_text(lacking.sentences()["audio"]["muted"])
    expect(tile(advisor).get_by_text("Nicht zu hören", exact=True)).to_be_visible()
    expect(advisor.page.get_by_text("Im Gespräch, nicht zu hören")).to_be_visible()
    visitor.page.evaluate(MUTED, ["video", True])
    expect(notice(visitor)).to_have_text(lacking.sentences()["both"]["muted"])
    expect(tile(advisor).get_by_text("Nicht zu sehen", exact=True)).to_be_visible()
    expect(advisor.page.get_by_text("nicht zu sehen und nicht zu hören")).to_be_visible()
    for kind in ("audio", "video"):
        visitor.page.evaluate(MUTED, [kind, False])
    expect(notice(visitor)).to_be_hidden()
    advisor.sees_and_hears()
    expect(advisor.page.get_by_text("✓ Im Gespräch", exact=True)).to_be_visible()


# More than two


def test_three_people_see_and_hear_each_other_side_by_side(
    served: Served, clients: Browser, visitor: Visitor, advisor: Advisor, people: list[Person]
) -> None:
    invited = served.plan()
    second = desk.joined_by(served, invited, "Ida Dolmetsch", GuestRole.INTERPRETER)
    interpreter = Visitor(clients, served.base_url, viewport={"width": 1280, "height": 800})
    people.append(interpreter)
    all_come(advisor, (visitor, invited), (interpreter, second))
    names = {"Anna Berger · Jobcenter", "Ida Dolmetsch · dolmetscht"}
    wait_until(lambda: set(tile(visitor).locator("bdi").all_inner_texts()) == names, "both named")
    for person in (visitor, interpreter, advisor):
        expect(tile(person)).to_have_count(2)
        expect(tile(person).locator(".cover:visible")).to_have_count(0)


def test_who_comes_later_is_named_beside_their_picture_and_nowhere_before(
    served: Served, clients: Browser, visitor: Visitor, advisor: Advisor, people: list[Person]
) -> None:
    invited = served.plan()
    second = desk.joined_by(served, invited, "Ida Dolmetsch", GuestRole.INTERPRETER)
    interpreter = Visitor(clients, served.base_url, viewport={"width": 1280, "height": 800})
    people.append(interpreter)
    all_come(advisor, (visitor, invited))
    names = ["Anna Berger · Jobcenter"]
    wait_until(lambda: tile(visitor).locator("bdi").all_inner_texts() == names, "one named")
    interpreter.opens(second.link)
    interpreter.agrees()
    interpreter.tests_devices()
    interpreter.goes_to_waiting_room()
    for person, stranger in ((visitor, "Ida"), (interpreter, "Emil")):
        known = person.page.evaluate("JSON.stringify(window.beratungsraum.stage.data)")
        assert stranger not in known + person.page.content()
    advisor.press("Einlassen")
    names.append("Ida Dolmetsch · dolmetscht")
    wait_until(
        lambda: sorted(tile(visitor).locator("bdi").all_inner_texts()) == names, "both named"
    )
    expect(tile(interpreter)).to_have_count(2)


def test_before_the_start_there_is_a_sentence_and_one_button(
    served: Served, visitor: Visitor
) -> None:
    planned = served.plan()
    desk.consented(served, planned)
    visitor.opens(planned.link)
    expect(visitor.page.get_by_text("Hier sehen Sie gleich Ihr eigenes Bild.")).to_be_visible()
    buttons = visitor.page.locator(".stage button:visible").all_inner_texts()
    assert buttons == [START, "Einstellungen"]
