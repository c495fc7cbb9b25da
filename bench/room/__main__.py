"""
Fifty calls in a row in two real browsers: how soon both see and hear each other after
"Beratungsraum öffnen", how many of two hundred joins succeed at the first try, how fast words
and a screen arrive, what a call costs the server and what is left of them in the end.

The machine's other work is in the figures: both browsers and the server share its cores.

Run: make bench-room
"""

import argparse
import sys
from pathlib import Path

from bench.results import RESULTS, Bar, report
from bench.room import talking
from bench.room.scene import CPU_EVERY, KEPT, Held, Scene, Times, median, p95, scene

CALLS, WARM_UP = 50, 2
MESSAGES, CHARACTERS, SCREENS = 60, 60, 10
POOLS = 12  # threads that were not needed before; a leak would be one for every call
PEOPLE = ("visitor", "advisor")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--warm-up", type=int, default=WARM_UP, help="calls before")
    parser.add_argument("--words", type=int, default=MESSAGES, help="messages, and characters")
    parser.add_argument("--screens", type=int, default=SCREENS)
    parser.add_argument("--kept", type=float, default=KEPT, help="seconds until all is forgotten")
    parser.add_argument("--to", type=Path, default=RESULTS, help="folder for the results")
    given = parser.parse_args()
    with scene() as room:
        calls(room, given.warm_up)
        room.times = Times()
        before = room.at_rest(given.kept)
        calls(room, given.calls)
        after = room.at_rest(given.kept)
        with room.call() as visitor:
            talking.chat(room, visitor, given.words)
            talking.real_time_text(room, visitor, given.words)
            talking.screen(room, visitor, given.screens)
    return 0 if summary(room.times, given.calls, before, after, given.to) else 1


def calls(room: Scene, number: int) -> None:
    for done in range(number):
        with room.call(desk_again=True):
            if done % CPU_EVERY == 0:
                room.cpu()
        print(f"call {done + 1} of {number}", flush=True)


def summary(times: Times, number: int, before: Held, after: Held, folder: Path) -> bool:
    figures: dict[str, float] = {"calls": number, "joins": times.joins}
    figures |= {"joins at first try": times.at_first_try, "joins that failed": times.failed}
    for name, values in times.taken.items():
        figures[f"{name}, median"] = median(values)
        figures[f"{name}, p95"] = p95(values)
    for what in ("ports", "threads", "memory"):
        figures[f"{what} before"] = getattr(before, what)
        figures[f"{what} after {number} calls"] = getattr(after, what)
    return report("room", figures, bars(times, before, after), folder)


def bars(times: Times, before: Held, after: Held) -> list[Bar]:
    found = []
    firsts = ("first frame", "first sound", "picture in the page")
    for name in (f"{what}, {who}" for what in firsts for who in PEOPLE):
        found.append(Bar(f"{name}, median", median(times.taken[name]), 0.3, "s"))
        found.append(Bar(f"{name}, p95", p95(times.taken[name]), 0.7, "s"))
    return [
        *found,
        Bar("joins at first try", times.at_first_try / times.joins, 0.995, "share", True),
        Bar("joins that failed", times.failed, 0, ""),
        Bar("chat, p95", p95(times.taken["chat"]), 0.2, "s"),
        Bar("real-time text, p95", p95(times.taken["real-time text"]), 0.5, "s"),
        Bar("screen, slowest", max(times.taken["screen"]), 1.5, "s"),
        Bar("ports of media left over", after.ports, 0, ""),
        Bar("threads left over", after.threads - before.threads, POOLS, ""),
    ]


if __name__ == "__main__":
    sys.exit(main())
