"""
A hundred visitors who wait, each with an open page, none with a camera on: what do they cost?

The app as it is served, and the visitors in a process of their own. The memory is what ninety
more of them need once ten are there; the CPU is measured when nobody comes any more.

Run: make bench-idle
"""

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from bench.flood.scene import jar, process, query
from bench.idle import visitors
from bench.results import RESULTS, Bar, report
from tests.browser import office
from tests.browser.server import Served, serve

FIRST, ALL = 10, 100
SETTLE, MEASURED = 10.0, 60.0  # seconds
KILOBYTE = 1000


@dataclass(frozen=True)
class Seen:
    """The server at one moment."""

    memory: int
    threads: int
    cpu: float
    at: float
    runs: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=FIRST, help="visitors there before the others")
    parser.add_argument("--visitors", type=int, default=ALL)
    parser.add_argument("--settle", type=float, default=SETTLE, help="seconds after they came")
    parser.add_argument("--seconds", type=float, default=MEASURED)
    parser.add_argument("--to", type=Path, default=RESULTS, help="folder for the results")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, serve(Path(name)) as served:
        told = process(visitors.run, [waiting(served, n) for n in range(given.visitors)])
        few = come(served, told, given.first, given.settle)
        many = come(served, told, given.visitors, given.settle)
        time.sleep(given.seconds)  # a measuring window
        later = look(served, told, given.visitors)
        told.send(None)
        told.recv()
    return 0 if summary(few, many, later, given) else 1


def waiting(served: Served, number: int) -> visitors.Visitor:
    """A visitor in the Warteraum, from an address of their own."""
    invited = served.plan(f"Person {number}")
    office.waiting(served, invited)
    address = f"198.51.100.{number + 1}"  # for documentation (RFC 5737)
    return visitors.Visitor(served.base_url, jar(invited), query(invited), address)


def come(served: Served, told: Connection, number: int, settle: float) -> Seen:
    look(served, told, number)
    time.sleep(settle)  # what was begun for those who came ends
    return look(served, told, number)


def look(served: Served, told: Connection, number: int) -> Seen:
    told.send(number)
    runs = told.recv()
    server = psutil.Process(served.pid)
    spent = server.cpu_times()
    return Seen(
        server.memory_info().rss,
        server.num_threads(),
        spent.user + spent.system,
        time.monotonic(),
        runs,
    )


def summary(few: Seen, many: Seen, later: Seen, given: argparse.Namespace) -> bool:
    first, number = given.first, given.visitors
    seconds = later.at - many.at
    share = (later.cpu - many.cpu) / seconds
    memory = (later.memory - few.memory) / (number - first) / KILOBYTE
    figures = {
        "visitors": number,
        "seconds measured": seconds,
        "CPU, share of a core": share,
        "parts redrawn a second": (later.runs - many.runs) / seconds,
        f"memory with {first}, MB": few.memory / KILOBYTE**2,
        f"memory with {number}, MB": later.memory / KILOBYTE**2,
        "memory for each visitor, KB": memory,
        f"threads with {first}": few.threads,
        f"threads with {number}": later.threads,
    }
    bars = [
        Bar("CPU, share of a core", share, 0.05, "cores"),
        Bar("memory for each visitor", memory, 100, "KB"),
    ]
    return report("idle", figures, bars, given.to)


if __name__ == "__main__":
    sys.exit(main())
