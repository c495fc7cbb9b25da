"""
Visitors who wait, each with an open page, none with a camera on: what do they cost?

The app as it is served, and the visitors in a process of their own. The CPU is that of a hundred,
when nobody comes any more. The memory is what a hundred and fifty more of them need once fifty are
there: the first few pages leave fifteen megabytes behind that are given back some time later.

Run: make bench-idle
"""

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

import psutil

from bench.flood.scene import jar, process, query
from bench.idle import visitors
from bench.results import RESULTS, Bar, report
from tests.browser import office
from tests.browser.server import Served, serve

ROUNDS, FIRST, SOME, ALL = 3, 50, 100, 200
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


@dataclass(frozen=True)
class Round:
    """One start of the app: with few visitors, with some and a while later, and with all."""

    few: Seen
    many: Seen
    later: Seen
    all: Seen

    @property
    def seconds(self) -> float:
        return self.later.at - self.many.at

    @property
    def share(self) -> float:
        """Of a core."""
        return (self.later.cpu - self.many.cpu) / self.seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="starts of the app")
    parser.add_argument("--first", type=int, default=FIRST, help="visitors there before the others")
    parser.add_argument("--some", type=int, default=SOME, help="whose CPU is measured")
    parser.add_argument("--visitors", type=int, default=ALL)
    parser.add_argument("--settle", type=float, default=SETTLE, help="seconds after they came")
    parser.add_argument("--seconds", type=float, default=MEASURED)
    parser.add_argument("--to", type=Path, default=RESULTS, help="folder for the results")
    given = parser.parse_args()
    return 0 if summary([measured(given) for _ in range(given.rounds)], given) else 1


def measured(given: argparse.Namespace) -> Round:
    with tempfile.TemporaryDirectory() as name, serve(Path(name)) as served:
        told = process(visitors.run, [waiting(served, n) for n in range(given.visitors)])
        few = come(served, told, given.first, given.settle)
        many = come(served, told, given.some, given.settle)
        time.sleep(given.seconds)  # a measuring window
        later = look(served, told, given.some)
        everybody = come(served, told, given.visitors, given.settle)
        told.send(None)
        told.recv()
    return Round(few, many, later, everybody)


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


def summary(rounds: list[Round], given: argparse.Namespace) -> bool:
    first, number = given.first, given.visitors
    more = [(each.all.memory - each.few.memory) / (number - first) / KILOBYTE for each in rounds]
    share, memory = median(each.share for each in rounds), median(more)
    runs = [(each.later.runs - each.many.runs) / each.seconds for each in rounds]
    figures = {
        "starts of the app": len(rounds),
        "visitors whose CPU is measured": given.some,
        "CPU, share of a core": share,
        "CPU, the most": max(each.share for each in rounds),
        "parts redrawn a second": median(runs),
        f"memory with {first}, MB": median(each.few.memory for each in rounds) / KILOBYTE**2,
        f"memory with {number}, MB": median(each.all.memory for each in rounds) / KILOBYTE**2,
        "memory for each visitor, KB": memory,
        "memory for each visitor, least": min(more),
        "memory for each visitor, most": max(more),
        f"threads with {first}": max(each.few.threads for each in rounds),
        f"threads with {number}": max(each.all.threads for each in rounds),
    }
    bars = [
        Bar("CPU, share of a core", share, 0.05, "cores"),
        Bar("memory for each visitor", memory, 100, "KB"),
    ]
    return report("idle", figures, bars, given.to)


if __name__ == "__main__":
    sys.exit(main())
