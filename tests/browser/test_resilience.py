"""
A talk comes back by itself, whatever has interrupted it: nobody presses anything.

One talk for all of it, the way a bad day would go. What takes long is run by `make soak-talk`.
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, BrowserType

from tests.browser import outage
from tests.browser.cable import ARGUMENTS, EVERYWHERE, Cable, cable
from tests.browser.conftest import launch
from tests.browser.crash import crash
from tests.browser.find_browser import chromium
from tests.browser.people import SECONDS, Advisor, Person, Visitor, wait_until
from tests.browser.server import LOGIN, PASSWORD, Served, serve
from tests.browser.test_journey import meet

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root may pull a network's cable"
)
log = logging.getLogger(__name__)
BACK = 10.0  # seconds
RELOADS = 10
POOLS = 4  # threads that were not needed before
GREY = 3  # pictures a second at most; a camera sends twenty
LONG = pytest.mark.soak


@dataclass
class Talk:
    """A visitor at the end of a cable, an advisor beside the server, and what is between them."""

    served: Served
    visitor: Visitor
    advisor: Advisor
    cable: Cable
    browser: list[psutil.Process]  # the visitor's

    @property
    def people(self) -> tuple[Person, Person]:
        return self.visitor, self.advisor

    def is_interrupted_for(self, seconds: float) -> None:
        """In the last of these seconds the advisor gets nothing but the server's grey picture."""
        page = self.advisor.page
        page.wait_for_timeout((seconds - 1) * SECONDS)
        before = self.advisor.received()["frames"]
        page.wait_for_timeout(SECONDS)
        assert self.advisor.received()["frames"] <= before + GREY

    def comes_back(self) -> None:
        log.info("back after %.1f s", outage.comes_back(self.people, BACK))

    def held(self) -> tuple[int, int]:
        """Ports for media and threads that the server has for this talk."""
        server = psutil.Process(self.served.pid)
        return len(server.net_connections("udp")), server.num_threads()


@pytest.fixture(scope="module")
def talk(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    cameras: dict[str, list[str]],
    office: Browser,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Talk]:
    folder = tmp_path_factory.mktemp("talk")
    with ExitStack() as stack:
        laid = stack.enter_context(cable(folder, chromium() or browser_type.executable_path))
        laid.reach_everything()
        given = {**browser_type_launch_args, "executable_path": str(laid.browser)}
        mark = f"--test-of={folder}"
        clients = launch(browser_type, given, [*cameras["red"], *ARGUMENTS, mark])
        stack.callback(clients.close)
        command = [sys.executable, "-m", "streamlit", "run", "app.py", *EVERYWHERE]
        served = stack.enter_context(serve(folder, command))
        visitor = Visitor(clients, served.base_url, viewport={"width": 390, "height": 844})
        advisor = Advisor(office, served.base_url, viewport={"width": 1280, "height": 800})
        stack.callback(advisor.leave)
        advisor.signs_in(LOGIN, PASSWORD)
        meet(visitor, advisor, served.plan())
        talk = Talk(served, visitor, advisor, laid, outage.processes_with(mark))
        yield talk
        if talk.served is not served:
            talk.served.process.terminate()
            talk.served.process.wait(20)


@pytest.mark.parametrize("seconds", [5, pytest.param(15, marks=LONG), pytest.param(40, marks=LONG)])
def test_after_a_time_offline_both_see_and_hear_again(talk: Talk, seconds: float) -> None:
    talk.cable.pull()
    talk.is_interrupted_for(seconds)
    talk.cable.plug_in()
    talk.comes_back()


@pytest.mark.parametrize("seconds", [pytest.param(5, marks=LONG), 15, pytest.param(40, marks=LONG)])
def test_after_a_time_in_which_everything_sent_vanished_both_see_and_hear_again(
    talk: Talk, seconds: float
) -> None:
    talk.cable.swallow()
    talk.is_interrupted_for(seconds)
    talk.cable.let_through()
    talk.comes_back()


@pytest.mark.parametrize("seconds", [5, pytest.param(12, marks=LONG), pytest.param(31, marks=LONG)])
def test_after_a_sleep_of_the_browser_both_see_and_hear_again(talk: Talk, seconds: float) -> None:
    outage.freeze(talk.browser, partial(talk.is_interrupted_for, seconds))
    talk.comes_back()


def test_after_the_server_was_killed_and_started_anew_both_see_and_hear_again(talk: Talk) -> None:
    talk.served = replace(talk.served, process=outage.kill_and_start_again(talk.served))
    talk.comes_back()


def test_after_the_page_of_each_has_crashed_both_see_and_hear_again(talk: Talk) -> None:
    for person in talk.people:
        with person.page.expect_navigation():
            crash(person)
    talk.comes_back()


@pytest.mark.parametrize("times", [2, pytest.param(RELOADS, marks=LONG)])
def test_each_time_the_far_side_reloads_both_see_and_hear_again(talk: Talk, times: int) -> None:
    talk.advisor.page.reload()  # a server that has just been started needs its threads once
    talk.comes_back()
    before = talk.held()
    for _time in range(times):
        talk.advisor.page.reload()
        talk.comes_back()
    ports, threads = before
    wait_until(lambda: talk.held()[0] <= ports, "no connection is left over")
    wait_until(lambda: talk.held()[1] <= threads + POOLS, "no thread is left over")
