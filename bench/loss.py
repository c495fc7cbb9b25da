"""
A talk of two real browsers through the whole app, on a network that loses more and more.

Five minutes without loss, then each packet of media is dropped with a chance where it
reaches the relay and again where it leaves it; at the end nothing is lost any more, and the
picture has to be whole again within three seconds. Cameras send 30 pictures a second here, more
than the app asks them for, and 25 have to be decoded.

Run: make bench-loss
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

from bench.results import RESULTS, Bar, report
from tests.browser.conftest import ARGUMENTS, launch
from tests.browser.fake_camera import BLUE, RED, write_scene, write_sound
from tests.browser.find_browser import chromium
from tests.browser.lossy import RECORD, Loss
from tests.browser.people import SECONDS, Advisor, Person, Visitor
from tests.browser.quality import Quality, Watch, sends_pictures
from tests.browser.server import LOGIN, PASSWORD, serve
from tests.browser.test_journey import meet

LOSSY = [sys.executable, "-m", "tests.browser.lossy", "run", "app.py"]
CALM, LOSING, WORST, AFTER = 300.0, 60.0, 20.0, 15.0  # seconds
SETTLE, RECOVERY = 5.0, 3.0
SENT, DECODED = 30, 25  # pictures a second
POINTS = 0.02  # sound that may be made up beyond what is lost


@dataclass
class Talk:
    """Two people in the room, and the network between them."""

    people: tuple[Person, Person]
    loss: Loss

    def lasts(self, seconds: float, chance: float) -> list["Got"]:
        """What each of both got in so many seconds on such a network."""
        self.loss.set(chance)
        watches = [Watch(person) for person in self.people]
        self.people[0].page.wait_for_timeout(seconds * SECONDS)
        one, other = (watch.measured() for watch in watches)
        return [Got(one, other.sent, seconds), Got(other, one.sent, seconds)]


@dataclass(frozen=True)
class Got:
    """What one of both got, and how many pictures the other had sent."""

    quality: Quality
    sent: int
    seconds: float

    def figures(self) -> dict[str, float]:
        return {
            "pictures sent a second": self.sent / self.seconds,
            "pictures decoded a second": self.quality.decoded / self.seconds,
            "decoded of sent": self.quality.decoded / self.sent,
            "picture, kbit/s": self.quality.bytes * 8 / 1000 / self.seconds,
            "freezes": self.quality.freezes,
            "frozen, s": self.quality.frozen,
            "longest gap, s": self.quality.longest,
            "sound lost, %": 100 * self.quality.lost,
            "sound made up, %": 100 * self.quality.concealed,
        }


@contextmanager
def talk(playwright: Playwright, folder: Path) -> Iterator[Talk]:
    """Both have met, nothing is lost yet."""
    os.environ[RECORD] = str(folder / "loss")
    with ExitStack() as stack:
        served = stack.enter_context(serve(folder, LOSSY))
        clients, office = (
            stack.enter_context(browser(playwright, folder / name, colour, hertz))
            for name, colour, hertz in (("red", RED, 160), ("blue", BLUE, 230))
        )
        visitor = Visitor(clients, served.base_url, viewport={"width": 390, "height": 844})
        advisor = Advisor(office, served.base_url, viewport={"width": 1280, "height": 800})
        for person in (visitor, advisor):
            sends_pictures(person, SENT)
        advisor.signs_in(LOGIN, PASSWORD)
        meet(visitor, advisor, served.plan())
        yield Talk((visitor, advisor), Loss(folder / "loss"))


def browser(
    playwright: Playwright, name: Path, colour: tuple[int, int, int], hertz: int
) -> Browser:
    video = write_scene(name.with_suffix(".y4m"), colour, rate=SENT)
    sound = write_sound(name.with_suffix(".wav"), hertz)
    devices = [
        f"--use-file-for-fake-video-capture={video}",
        f"--use-file-for-fake-audio-capture={sound}",
    ]
    given = {"args": ARGUMENTS, "executable_path": chromium()}
    return launch(playwright.chromium, given, devices)


def measure(
    talk: Talk, calm: float, losing: float, worst: float, after: float
) -> dict[str, list[Got]]:
    talk.lasts(min(SETTLE, calm), 0)
    parts = {"no loss": talk.lasts(calm, 0)}
    for chance in (0.02, 0.05):
        parts[f"{chance:.0%} on each leg"] = talk.lasts(losing, chance)
    parts["10% on each leg"] = talk.lasts(worst, 0.1)
    talk.lasts(RECOVERY, 0)
    parts["3 s after its end"] = talk.lasts(after, 0)
    return parts


def bars(parts: dict[str, list[Got]]) -> Iterator[Bar]:
    """Of the worse of both directions."""
    for name, both in parts.items():
        if not name.startswith("10%"):  # this may degrade
            slowest = min(got.quality.decoded / got.seconds for got in both)
            yield Bar(f"{name}: decoded", slowest, DECODED, "a second", at_least=True)
        if name.endswith("each leg") and not name.startswith("10%"):
            longest = max(got.quality.longest for got in both)
            yield Bar(f"{name}: longest gap", longest, 1, "s")
            beyond = max(got.quality.concealed - got.quality.lost for got in both)
            yield Bar(f"{name}: made up beyond loss", 100 * beyond, 100 * POINTS, "points")
        elif not name.startswith("10%"):
            freezes = max(got.quality.freezes for got in both)
            yield Bar(f"{name}: freezes", freezes, 0, "")


def summary(parts: dict[str, list[Got]], folder: Path) -> bool:
    figures = {
        f"{name}, {who}: {figure}": value
        for name, both in parts.items()
        for who, got in zip(("visitor", "advisor"), both, strict=True)
        for figure, value in got.figures().items()
    }
    return report("loss", figures, list(bars(parts)), folder)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calm", type=float, default=CALM, help="seconds without loss")
    parser.add_argument("--losing", type=float, default=LOSING, help="seconds of 2 and of 5 %%")
    parser.add_argument("--worst", type=float, default=WORST, help="seconds of 10 %%")
    parser.add_argument("--after", type=float, default=AFTER, help="seconds at the end")
    parser.add_argument("--to", type=Path, default=RESULTS, help="folder for the results")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        sync_playwright() as playwright,
        talk(playwright, Path(name)) as both,
    ):
        parts = measure(both, given.calm, given.losing, given.worst, given.after)
    return 0 if summary(parts, given.to) else 1


if __name__ == "__main__":
    sys.exit(main())
