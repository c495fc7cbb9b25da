"""
What may happen to a talk, and how long it takes until it is back: no click, no words, only
frames that are decoded and sound that is heard at both ends.
"""

import os
import subprocess
import time
from collections.abc import Callable, Sequence

import psutil
from playwright.sync_api import Error

from core.settings import ROOT
from tests.browser.people import SECONDS, Person
from tests.browser.server import Served, await_health

LOOK = 0.5  # seconds
STEADY = 2.0  # a burst of what was on its way is not yet a talk


def comes_back(people: Sequence[Person], seconds: float) -> float:
    """Await that everybody sees and hears again; returns the seconds it took."""
    began = time.monotonic()
    before = [received(person) for person in people]
    since: dict[int, float] = {}
    while time.monotonic() - began < seconds + STEADY:
        people[0].page.wait_for_timeout(LOOK * SECONDS)
        now = [received(person) for person in people]
        for number, (old, new) in enumerate(zip(before, now, strict=True)):
            if all(new[what] > old[what] for what in ("frames", "energy")):
                since.setdefault(number, time.monotonic())
            else:
                since.pop(number, None)
        before = now
        if len(since) == len(people) and time.monotonic() - max(since.values()) >= STEADY:
            return max(since.values()) - began
    missing = [type(each).__name__ for n, each in enumerate(people) if n not in since]
    raise AssertionError(f"not back within {seconds} s: {missing}")


def received(person: Person) -> dict[str, float]:
    try:
        return person.received()
    except Error:  # between two pages
        return {"frames": 0, "energy": 0}


def freeze(processes: Sequence[psutil.Process], lasts: Callable[[], None]) -> None:
    """As a laptop does when it is closed: no part of the browser runs meanwhile."""
    for process in processes:
        process.suspend()
    try:
        lasts()
    finally:
        for process in processes:
            process.resume()


def processes_with(argument: str) -> list[psutil.Process]:
    """The browser that was started with this argument, and everything it has started."""
    first = next(
        process
        for process in psutil.process_iter(["cmdline"])
        if argument in (process.info["cmdline"] or []) and "/chrom" in process.info["cmdline"][0]
    )
    return [first, *first.children(recursive=True)]


def kill_and_start_again(served: Served) -> "subprocess.Popen[bytes]":
    """The same app on the same port; the new process is the caller's to end."""
    served.process.kill()
    served.process.wait()
    with (served.folder / "app.log").open("a") as log:
        process = subprocess.Popen(
            served.process.args, cwd=ROOT, env=os.environ.copy(), stdout=log, stderr=log
        )
    await_health(served, process)
    return process
