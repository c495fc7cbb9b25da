"""One served app per module; browsers with fake camera and microphone."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

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


@pytest.fixture
def visitor(browser: Browser, served: Served, people: list[Person]) -> Visitor:
    people.append(Visitor(browser, served.base_url, viewport={"width": 390, "height": 844}))
    return people[-1]  # type: ignore[return-value]  # just appended


@pytest.fixture
def advisor(browser: Browser, served: Served, people: list[Person]) -> Advisor:
    """An advisor who has signed in."""
    person = Advisor(browser, served.base_url, viewport={"width": 1280, "height": 800})
    people.append(person)
    person.signs_in(LOGIN, PASSWORD)
    return person
