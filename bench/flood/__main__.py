"""
One attacker for a minute: what an honest visitor, a running call and the memory notice.

The same attack twice, against the app with its gate and against the same app without it,
and before each a calm while to compare with. All on this machine, in a network without a
way out; attacker, visitor and both ends of the call share its cores with the server.

Run: make flood
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import numpy as np

from bench.flood import network, tone
from bench.flood.scene import Seen, play
from bench.flood.tone import Heard
from bench.results import RESULTS, Bar, report

CALM, ATTACK = 30.0, 60.0  # seconds
MILLI = 1000
# Figure, limit, unit.
LIMITS = [
    ("page p95", 500, "ms"),
    ("page max", 2000, "ms"),
    ("health p95", 150, "ms"),
    ("call, lost at a time", 60, "ms"),
    ("memory growth", 200, "MB"),
]


def figures(seen: Seen, begin: float, end: float) -> dict[str, float]:
    """What was noticed between two moments."""
    pages, health = (waits.between(begin, end) for waits in (seen.pages, seen.health))
    memory = [size for at, size in seen.memory if begin <= at < end]

    def worst(measure: Callable[[list[Heard], float, float], float]) -> float:
        return MILLI * max(measure(heard, begin, end) for heard in seen.heard)

    return {
        "page p50": MILLI * float(np.percentile(pages, 50)),
        "page p95": MILLI * float(np.percentile(pages, 95)),
        "page max": MILLI * max(pages),
        "health p50": MILLI * float(np.percentile(health, 50)),
        "health p95": MILLI * float(np.percentile(health, 95)),
        "health max": MILLI * max(health),
        "call, lost at a time": worst(tone.lost_at_a_time),
        "call, never arrived at a time": worst(tone.longest_skip),
        "call, longest pause": worst(tone.longest_pause),
        "memory growth": max(memory) - memory[0],
    }


def _unit(name: str) -> str:
    return "MB" if name.startswith("memory") else "ms"


def summary(gated: Seen, ungated: Seen, folder: Path) -> bool:
    columns = {
        "calm": figures(gated, *gated.calm),
        "with gate": figures(gated, *gated.attacked),
        "without gate": figures(ungated, *ungated.attacked),
    }
    rows = chain.from_iterable(
        ((f"{name} ({_unit(name)}), {column}", values[name]) for column, values in columns.items())
        for name in columns["calm"]
    )
    attacks = {
        f"attack: {what}, {column}": count
        for column, seen in (("with gate", gated), ("without gate", ungated))
        for what, count in sorted(seen.attacks.items())
    }
    attacked = columns["with gate"]
    bars = [Bar(name, attacked[name], limit, unit) for name, limit, unit in LIMITS]
    return report("flood", {**dict(rows), **attacks}, bars, folder)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calm", type=float, default=CALM, help="seconds before the attack")
    parser.add_argument("--attack", type=float, default=ATTACK, help="seconds of attack")
    parser.add_argument("--to", type=Path, default=RESULTS, help="folder for the results")
    network.go_inside()
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        gated = play(Path(name) / "gated", True, given.calm, given.attack)
        ungated = play(Path(name) / "ungated", False, given.calm, given.attack)
    return 0 if summary(gated, ungated, given.to) else 1


if __name__ == "__main__":
    sys.exit(main())
