"""
Twenty journeys in a row in two real browsers: how many joins succeed at the first
try, and how long after "Beratungsraum öffnen" each side sees and hears the other.

Run: make bench-journey
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Playwright, sync_playwright

from bench import eyes
from bench.results import RESULTS, Bar, report
from tests.browser.conftest import ARGUMENTS
from tests.browser.fake_camera import BLUE, RED, write_sound, write_video
from tests.browser.find_browser import chromium
from tests.browser.people import Advisor, Person, Visitor
from tests.browser.server import LOGIN, PASSWORD, Served, serve

JOURNEYS = 20


@dataclass
class Figures:
    """What the journeys have shown; times in seconds after the button."""

    joins: int = 0
    first_try: int = 0
    frame: dict[str, list[float]] = field(default_factory=lambda: {"visitor": [], "advisor": []})
    sound: dict[str, list[float]] = field(default_factory=lambda: {"visitor": [], "advisor": []})
    cpu: list[float] = field(default_factory=list)


@contextmanager
def browser_with(playwright: Playwright, video: Path, sound: Path) -> Iterator[Browser]:
    browser = playwright.chromium.launch(
        executable_path=chromium(),
        args=[
            *ARGUMENTS,
            f"--use-file-for-fake-video-capture={video}",
            f"--use-file-for-fake-audio-capture={sound}",
        ],
    )
    yield browser
    browser.close()


def awaits_both(person: Person, began: float) -> tuple[float, float] | None:
    """Seconds until the first frame and sound; None if one never came or it took a second try."""
    until = time.monotonic() + eyes.PATIENCE
    while time.monotonic() < until:
        seen, heard, tries = person.page.evaluate("[window.seen, window.heard, connections.length]")
        if tries > 1:
            return None
        if seen and heard:
            return seen / eyes.MILLI - began, heard / eyes.MILLI - began
        person.page.wait_for_timeout(50)
    return None


def journey(served: Served, visitor: Visitor, advisor: Advisor, figures: Figures) -> None:
    invited = served.plan()
    visitor.opens(invited.link)
    visitor.agrees()
    visitor.tests_devices()
    visitor.goes_to_waiting_room()
    advisor.signs_in(LOGIN, PASSWORD)
    advisor.goes_to_desk(invited.appointment_id)
    advisor.turn_on()
    advisor.awaits_media()
    for person, channel in ((visitor, 2), (advisor, 0)):
        eyes.watch(person, eyes.FIRST, channel)
    began = time.time()
    advisor.press("Beratungsraum öffnen")
    for name, person in (("visitor", visitor), ("advisor", advisor)):
        figures.joins += 1
        times = awaits_both(person, began)
        if times is None:
            print(f"{name}: not at the first try within {eyes.PATIENCE} s", flush=True)
            continue
        figures.first_try += 1
        figures.frame[name].append(times[0])
        figures.sound[name].append(times[1])
    figures.cpu.append(cpu_of_app(served.pid, 3))
    advisor.ends_for_all()


def cpu_of_app(pid: int, seconds: float) -> float:
    """CPU seconds (user and system) a second of this call costs the server."""
    process = psutil.Process(pid)
    before, began = process.cpu_times(), time.monotonic()
    time.sleep(seconds)  # a measuring window
    after = process.cpu_times()
    spent: float = after.user + after.system - before.user - before.system
    return spent / (time.monotonic() - began)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--journeys", type=int, default=JOURNEYS)
    parser.add_argument("--to", type=Path, default=RESULTS, help="folder for the results")
    given = parser.parse_args()
    figures = Figures()
    with (
        tempfile.TemporaryDirectory() as name,
        sync_playwright() as playwright,
        serve(Path(name)) as served,
    ):
        folder = Path(name)
        blue = write_video(folder / "blue.y4m", BLUE), write_sound(folder / "low.wav", 160)
        red = write_video(folder / "red.y4m", RED), write_sound(folder / "high.wav", 230)
        with (
            browser_with(playwright, *red) as clients,
            browser_with(playwright, *blue) as staff,
        ):
            for number in range(1, given.journeys + 1):
                visitor = Visitor(clients, served.base_url, **eyes.PHONE)
                advisor = Advisor(staff, served.base_url, **eyes.DESK)
                journey(served, visitor, advisor, figures)
                visitor.leave()
                advisor.leave()
                print(f"journey {number} of {given.journeys}", flush=True)
    return 0 if summary(figures, given.journeys, given.to) else 1


def summary(figures: Figures, journeys: int, folder: Path) -> bool:
    values: dict[str, float] = {
        "journeys": journeys,
        "joins": figures.joins,
        "joins at first try": figures.first_try,
        "server CPU seconds per second of call, median": statistics.median(figures.cpu),
    }
    bars = [Bar("joins at first try", figures.first_try / figures.joins, 1, "share", True)]
    for what, times in (("frame", figures.frame), ("sound", figures.sound)):
        for name, seconds in times.items():
            label = f"open to first {what}, {name}"
            if not seconds:
                bars.append(Bar(f"{label}, joins", 0, 1, "", True))
                continue
            values[f"{label}, median s"] = statistics.median(seconds)
            values[f"{label}, max s"] = max(seconds)
            bars.append(Bar(f"{label}, median", statistics.median(seconds), 1.0, "s"))
            bars.append(Bar(f"{label}, max", max(seconds), 3.0, "s"))
    return report("journey", values, bars, folder)


if __name__ == "__main__":
    sys.exit(main())
