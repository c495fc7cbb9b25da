"""Sound and picture of one moment arrive at the same moment."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType

from tests.browser.conftest import launch
from tests.browser.fake_camera import RED
from tests.browser.lips import lag, mark, reckoned_lag, write_beeps, write_flashes
from tests.browser.people import Advisor, Visitor
from tests.browser.server import Served
from tests.browser.test_journey import meet

APART = 100  # milliseconds


@pytest.fixture(scope="module")
def clients(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path_factory: Any
) -> Iterator[Browser]:
    """The browser of the visitors, who flash and beep."""
    folder: Path = tmp_path_factory.mktemp("flashing")
    devices = [
        f"--use-file-for-fake-video-capture={write_flashes(folder / 'flashes.y4m', RED)}",
        f"--use-file-for-fake-audio-capture={write_beeps(folder / 'beeps.wav')}",
    ]
    with launch(browser_type, browser_type_launch_args, devices) as browser:
        yield browser


def test_what_happens_at_once_is_seen_and_heard_at_once(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    meet(visitor, advisor, served.plan())
    advisor.toggle("Mikrofon ausschalten")  # or the visitor's browser takes it for an echo
    mark(visitor, own=True)
    mark(advisor, own=False)
    real = lag(visitor, advisor)
    assert abs(real) <= APART
    # What it is told is true, too, so that it stays in step whatever becomes of the network.
    assert abs(real - reckoned_lag(advisor)) <= APART
