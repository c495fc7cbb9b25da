"""
One guest with a valid link, who waits and attacks: what strangers in a talk notice of it.

One attack after the other, each for a minute against a freshly served app: a talk of two strangers,
an honest visitor's page and the health route are measured before the attack and during it, and what
the server keeps, after it. All on this machine: attacker, visitor and both ends of the talk share
its cores with the server. The calm before each attack, and a witness that only looks how late it
gets its own turn, say what is the machine and what the attack.

Run: make siege
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.flood import tone
from bench.flood.tone import Heard
from bench.results import RESULTS, Bar, report
from bench.siege import attacks, scene
from bench.siege.attack import ENOUGH, Attack
from bench.siege.peer import EARLY
from bench.siege.scene import Given, Seen
from bench.siege.watch import GARBAGE, MEDIA, PAGES

SECONDS, CALM, REST = 60.0, 10.0, 60.0
MILLI = 1000
SOUND, PAGE, HEALTH = 60, 250, 150  # ms
STEP = 20  # ms of CPU time
STEPS = {
    MEDIA: "longest step of the media loop",
    PAGES: "longest step of the pages loop",
    GARBAGE: "longest garbage collection",
}
Measure = Callable[[list[Heard], float, float], float]


def _waits(seen: Seen, when: tuple[float, float]) -> dict[str, float]:
    """What was noticed between two moments, in milliseconds."""
    assert seen.pages
    assert seen.health

    def worst(measure: Measure) -> float:
        return MILLI * max(measure(heard, *when) for heard in seen.heard)

    steps = [each for each in seen.steps if when[0] <= each.at < when[1]]
    late = [each.seconds for each in seen.late if when[0] <= each.at < when[1]]
    return {
        "sound lost at a time": worst(tone.lost_at_a_time),
        "longest pause of sound": worst(tone.longest_pause),
        "a witness, late at most": MILLI * max(late, default=0.0),
        "page p95": MILLI * float(np.percentile(seen.pages.between(*when), 95)),
        "page max": MILLI * max(seen.pages.between(*when)),
        "health p95": MILLI * float(np.percentile(seen.health.between(*when), 95)),
        "health max": MILLI * max(seen.health.between(*when)),
        **{
            name: MILLI * max((each.seconds for each in steps if each.loop == loop), default=0.0)
            for loop, name in STEPS.items()
        },
    }


def figures(seen: Seen) -> dict[str, float]:
    """Everything about one attack."""
    assert seen.end
    calm, attacked = _waits(seen, seen.calm), _waits(seen, seen.attacked)
    waits = {
        f"{name} (ms), {when}": values[name]
        for name in calm
        for when, values in (("calm", calm), ("attacked", attacked))
    }
    kept = {
        f"{name}{unit}, {when}": value
        for name, unit in (("sockets", ""), ("threads", ""), ("memory", " (MB)"))
        for when, value in (
            ("start", getattr(seen.start, name)),
            ("end", getattr(seen.end, name)),
        )
    }
    took = {f"longest, {name} (ms)": MILLI * each for name, each in seen.done.longest.items()}
    return {
        **waits,
        **kept,
        "memory (MB), most": max(seen.memory),
        "datagrams the system dropped": seen.dropped,
        "seconds until all is as at the start": seen.rested,
        **{f"done: {name}": count for name, count in sorted(seen.done.counts.items())},
        **took,
    }


def bars(attack: Attack, seen: Seen, seconds: float) -> list[Bar]:
    assert seen.end
    attacked, counts, most = _waits(seen, seen.attacked), seen.done.counts, seen.start.most()
    limits = [
        ("sound lost at a time", SOUND),
        ("page p95", PAGE),
        ("health p95", HEALTH),
        (STEPS[MEDIA], STEP),
        (STEPS[PAGES], STEP),
    ]
    kept = [(name, unit) for name, unit in (("sockets", ""), ("threads", ""), ("memory", "MB"))]
    return [
        *(Bar(f"{attack.name}: {name}", attacked[name], limit, "ms") for name, limit in limits),
        *(
            Bar(
                f"{attack.name}: {name} at the end",
                getattr(seen.end, name),
                round(getattr(most, name), 2),
                unit,
            )
            for name, unit in kept
        ),
        Bar(f"{attack.name}: {EARLY}", counts.get(EARLY, 0), 0, "bytes"),
        *(
            Bar(f"{attack.name}: {deed} done", counts.get(deed, 0), ENOUGH * claimed, "", True)
            for deed, claimed in attack.claims(seconds).items()
        ),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each attack")
    parser.add_argument("--calm", type=float, default=CALM, help="seconds before it")
    parser.add_argument("--rest", type=float, default=REST, help="seconds after it, at most")
    names = sorted(attacks.BY_NAME)
    parser.add_argument("--only", choices=names, action="append", help="this attack; repeatable")
    parser.add_argument("--to", type=Path, default=RESULTS, help="folder for the results")
    asked = parser.parse_args()
    given = Given(asked.seconds, asked.calm, asked.rest)
    told: dict[str, float] = {"seconds of each attack": asked.seconds}
    limits: list[Bar] = []
    with tempfile.TemporaryDirectory() as folder:
        for kind in attacks.ALL:
            if asked.only and kind.name not in asked.only:
                continue
            if not kind.is_possible():
                print(f"{kind.name}: left out, this user may not do it", file=sys.stderr)
                continue
            attack = kind()
            print(f"{attack.name} …", file=sys.stderr, flush=True)
            seen = scene.play(Path(folder) / attack.name, attack, given)
            told |= {f"{attack.name}: {name}": each for name, each in figures(seen).items()}
            judged = bars(attack, seen, attack.lasts(asked.seconds))
            for bar in (each for each in judged if not each.holds):
                print(f"  {bar.name}: {bar.value:g}, not {bar.limit:g}", file=sys.stderr)
            limits += judged
    return 0 if report("siege", told, limits, asked.to) else 1


if __name__ == "__main__":
    sys.exit(main())
