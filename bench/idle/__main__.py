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
from bench.results import Bar, report
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
    parser.add_argument("--visitors", type=int, default=ALL)
    parser.add_argument("--seconds", type=float, default=MEASURED)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, serve(Path(name)) as served:
        told = process(visitors.run, [waiting(served, n) for n in range(given.visitors)])
        few = come(served, told, FIRST)
        many = come(served, told, given.visitors)
        time.sleep(given.seconds)  # a measuring window
        later = look(served, told, given.visitors)
        told.send(None)
        told.recv()
    return 0 if summary(few, many, later, given.visitors) else 1


def waiting(served: Served, number: int) -> visitors.Visitor:
    """A visitor in the Warteraum, from an address of their own."""
    invited = served.plan(f"Person {number}")
    office.waiting(served, invited)
    address = f"198.51.100.{number + 1}"  # for documentation (RFC 5737)
    return visitors.Visitor(served.base_url, jar(invited), query(invited), address)


def come(served: Served, told: Connection, number: int) -> Seen:
    look(served, told, number)
    time.sleep(SETTLE)  # what was begun for those who came ends
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


def summary(few: Seen, many: Seen, later: Seen, number: int) -> bool:
    seconds = later.at - many.at
    share = (later.cpu - many.cpu) / seconds
    memory = (later.memory - few.memory) / (number - FIRST) / KILOBYTE
    figures = {
        "visitors": number,
        "seconds measured": seconds,
        "CPU, share of a core": share,
        "parts drawn anew a second": (later.runs - many.runs) / seconds,
        f"memory with {FIRST}, MB": few.memory / KILOBYTE**2,
        f"memory with {number}, MB": later.memory / KILOBYTE**2,
        "memory for each visitor, KB": memory,
        f"threads with {FIRST}": few.threads,
        f"threads with {number}": later.threads,
    }
    bars = [
        Bar("CPU, share of a core", share, 0.05, "cores"),
        Bar("memory for each visitor", memory, 100, "KB"),
    ]
    return report("idle", figures, bars)


if __name__ == "__main__":
    sys.exit(main())
