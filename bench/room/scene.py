"""Two browsers and the served app; calls that are made and ended in it, one after the other."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from playwright.sync_api import Browser, sync_playwright

from bench import eyes
from bench.journey import browser_with, cpu_of_app
from tests.browser import office
from tests.browser.fake_camera import BLUE, RED, write_sound, write_video
from tests.browser.people import SECONDS, Advisor, Person, Visitor
from tests.browser.server import LOGIN, PASSWORD, Served, serve

MEGABYTE = 2**20
CPU_EVERY, CPU_SECONDS = 10, 4.0
SILENT = 300  # milliseconds in which nobody sees or hears the other before the door is open
AT_REST = 120.0  # seconds in which every port of a call has to be gone
KEPT = 130.0  # seconds; Streamlit keeps the session of a page that is gone for two minutes


@dataclass
class Times:
    """Everything measured, in seconds, by its name; and every join."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    joins: int = 0
    at_first_try: int = 0
    failed: int = 0

    def note(self, name: str, begin: float | None, end: float | None) -> None:
        if begin is None or end is None:
            raise AssertionError(f"never came: {name}")
        self.taken.setdefault(name, []).append(end - begin)

    def join(self, took: tuple[float, int] | None) -> None:
        self.joins += 1
        if took is None:
            self.failed += 1
        else:
            self.at_first_try += took[1] == 1
            self.taken.setdefault("join", []).append(took[0])


@dataclass(frozen=True)
class Held:
    """What the server's process has at a moment."""

    ports: int  # of calls, beside the one that everybody comes to
    threads: int
    memory: float


@dataclass
class Scene:
    served: Served
    clients: Browser
    advisor: Advisor
    ports: int  # for media while nobody talks
    times: Times = field(default_factory=Times)

    def held(self) -> Held:
        server = psutil.Process(self.served.pid)
        memory = server.memory_info().rss / MEGABYTE
        return Held(media_ports(self.served) - self.ports, server.num_threads(), memory)

    def at_rest(self, kept: float) -> Held:
        """Once no port of a call is left, or when that takes too long; and pages are forgotten."""
        until = time.monotonic() + AT_REST
        while self.held().ports and time.monotonic() < until:
            self.advisor.page.wait_for_timeout(500)
        self.advisor.page.wait_for_timeout(kept * SECONDS)
        # Streamlit throws away what is too old when it keeps something new.
        self.advisor.page.goto("/tagesplan")
        self.advisor.sees("Tagesplan")
        return self.held()

    @contextmanager
    def call(self, desk_again: bool = False) -> Iterator[Visitor]:
        """One call, from the Warteraum to the end."""
        invited = self.served.plan()
        office.waiting(self.served, invited)
        visitor = Visitor(self.clients, self.served.base_url, **eyes.PHONE)
        advisor = self.advisor
        self.times.join(eyes.joins(visitor, lambda: visitor.opens(invited.link)))
        self.times.join(eyes.joins(visitor, visitor.page.reload))
        advisor.page.goto(f"/beratung?termin={invited.appointment_id}")
        advisor.call_is_ready()
        self.times.join(eyes.joins(advisor, advisor.turn_on))
        self._opens(visitor)
        yield visitor
        if desk_again:
            self.times.join(eyes.joins(advisor, advisor.page.reload))
        advisor.ends_for_all()
        visitor.sees("Videokommunikation")
        visitor.leave()

    def _opens(self, visitor: Visitor) -> None:
        people: list[tuple[str, Person, int]] = [
            ("visitor", visitor, self.advisor.CAMERA),
            ("advisor", self.advisor, visitor.CAMERA),
        ]
        for _name, person, colour in people:
            eyes.watch(person, eyes.FIRST, colour)
        self.advisor.page.wait_for_timeout(SILENT)
        for name, person, _colour in people:
            if person.page.evaluate("window.seen ?? window.heard") is not None:
                raise AssertionError(f"before the door is open: {name}")
        eyes.watch(self.advisor, eyes.PRESSED)
        self.advisor.press("Beratungsraum öffnen")
        pressed = eyes.noted(self.advisor, "pressed")
        for name, person, _colour in people:
            self.times.note(f"first frame, {name}", pressed, eyes.noted(person, "seen"))
            self.times.note(f"first sound, {name}", pressed, eyes.noted(person, "heard"))
            self.times.note(f"picture in the page, {name}", pressed, eyes.noted(person, "drawn"))

    def cpu(self) -> None:
        """What a second of this call costs the server."""
        spent = cpu_of_app(self.served.pid, CPU_SECONDS)
        self.times.taken.setdefault("server CPU", []).append(spent)


@contextmanager
def scene() -> Iterator[Scene]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        playwright = stack.enter_context(sync_playwright())
        served = stack.enter_context(serve(folder))
        red = write_video(folder / "red.y4m", RED), write_sound(folder / "high.wav", 230)
        blue = write_video(folder / "blue.y4m", BLUE), write_sound(folder / "low.wav", 160)
        clients = stack.enter_context(browser_with(playwright, *red))
        staff = stack.enter_context(browser_with(playwright, *blue))
        advisor = Advisor(staff, served.base_url, **eyes.DESK)
        advisor.signs_in(LOGIN, PASSWORD)
        yield Scene(served, clients, advisor, media_ports(served))


def media_ports(served: Served) -> int:
    return len(psutil.Process(served.pid).net_connections("udp"))


def median(values: list[float]) -> float:
    return statistics.median(values)


def p95(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
