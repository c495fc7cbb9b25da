"""One served app per module; browsers with fake camera and microphone."""

import threading
from collections.abc import Generator, Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, Error, Playwright

from tests.browser import firefox as debians
from tests.browser import paper
from tests.browser.beacon import Beacon
from tests.browser.fake_camera import BLUE, RED, write_sound, write_video
from tests.browser.find_browser import chromium
from tests.browser.people import Advisor, Person, Visitor
from tests.browser.server import LOGIN, PASSWORD, Served, serve

ARGUMENTS = [
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What has failed in a browser comes with what everybody saw there, and with the app's log."""
    report = yield
    if report.when != "teardown" and report.failed:
        given: dict[str, Any] = item.funcargs
        for person in given.get("people", ()):
            with suppress(Error):  # anyone who has closed their page sees nothing
                seen = person.page.locator("body").aria_snapshot(timeout=2000)
                report.sections.append((f"seen at {person.page.url}", seen))
            report.sections.append(("asked the server for", "\n".join(person.asked.said[-40:])))
            if person.errors:
                report.sections.append(("errors in the browser", "\n".join(person.errors)))
        for app in given.values():
            if isinstance(app, Served):
                report.sections.append(("app's log", app.log()[-4000:]))
    return report


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    path = chromium()
    return {"args": ARGUMENTS, **({"executable_path": path} if path else {})}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("served")) as served:
        yield served


@pytest.fixture
def people() -> Iterator[list[Person]]:
    """Everybody who came; they leave at the end."""
    came: list[Person] = []
    yield came
    for person in came:
        person.leave()


@pytest.fixture(scope="module")
def beacon() -> Iterator[Beacon]:
    with Beacon() as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield listening
        listening.shutdown()


@pytest.fixture(scope="session")
def cameras(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Arguments for a browser with a red or a blue camera: whose picture arrives can be told."""
    folder = tmp_path_factory.mktemp("cameras")
    return {
        name: [
            f"--use-file-for-fake-video-capture={write_video(folder / f'{name}.y4m', colour)}",
            f"--use-file-for-fake-audio-capture={write_sound(folder / f'{name}.wav', hertz)}",
        ]
        for name, colour, hertz in (("red", RED, 160), ("blue", BLUE, 230))
    }


@pytest.fixture(scope="session")
def clients(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    cameras: dict[str, list[str]],
) -> Iterator[Browser]:
    """The browser of the visitors."""
    browser = launch(browser_type, browser_type_launch_args, cameras["red"])
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def office(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    cameras: dict[str, list[str]],
) -> Iterator[Browser]:
    """The browser of the advisors."""
    browser = launch(browser_type, browser_type_launch_args, cameras["blue"])
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def sharing_office(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    cameras: dict[str, list[str]],
) -> Iterator[Browser]:
    """The advisors' browser, where the page of paper is chosen in the browser's own dialog."""
    given = dict(browser_type_launch_args)
    # With Chromium's fake dialog a made-up screen would be chosen.
    given["args"] = [each for each in given["args"] if "fake-ui" not in each]
    chosen = f"--auto-select-tab-capture-source-by-title={paper.TITLE}"
    browser = launch(browser_type, given, [*cameras["blue"], chosen])
    yield browser
    browser.close()


def launch(browser_type: BrowserType, given: dict[str, Any], more: list[str]) -> Browser:
    return browser_type.launch(**{**given, "args": [*given["args"], *more]})


@pytest.fixture(scope="session", autouse=True)
def _firefox_is_understood() -> Iterator[None]:
    """Before Playwright begins, which drives all browsers by one process."""
    with debians.understood():
        yield


@pytest.fixture(scope="session")
def firefox(playwright: Playwright) -> Iterator[Browser]:
    """The other browser, for visitors and advisors alike."""
    browser = debians.launch(playwright)
    yield browser
    browser.close()


@pytest.fixture
def visitor(clients: Browser, served: Served, people: list[Person]) -> Visitor:
    person = Visitor(clients, served.base_url, viewport={"width": 390, "height": 844})
    people.append(person)
    return person


@pytest.fixture
def advisor(office: Browser, served: Served, people: list[Person]) -> Advisor:
    """An advisor who has signed in."""
    person = Advisor(office, served.base_url, viewport={"width": 1280, "height": 800})
    people.append(person)
    person.signs_in(LOGIN, PASSWORD)
    return person
