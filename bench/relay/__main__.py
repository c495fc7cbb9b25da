"""
What a call costs: our relay, Janus, and streamlit-webrtc's default, in turn in one run.

This process is the load. Every relay is a process of its own and keeps its participants
connected; one at a time has something to do. `--steady` has our relay alone go on for
minutes instead and looks at its memory.

Run: make bench-relay
"""

import argparse
import asyncio
import gc
import multiprocessing
import sys
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from statistics import median

import uvloop

from bench.relay import janus, network, plot, served
from bench.relay.film import Film, film
from bench.relay.load import Relay, Row
from bench.relay.summary import BUSY, DEFAULT, JANUS, OURS, PAIRS, Rounds, Summary
from bench.results import Bar, report

FEW = (1, 2, 4)  # calls, before those that have a bar
ROUNDS, MOST_ROUNDS = 3, PAIRS + 3
WINDOW = 8.0  # seconds
STEADY_CALLS = 8
NO_JANUS = "Janus is not installed (apt-get install janus): nothing to compare with."


def python_relay(name: str, answer: served.Answer, shown: Film) -> Relay:
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=served.run, args=(there, answer), daemon=True)
    process.start()
    there.close()
    here.recv()

    async def ask(number: int, offer: str) -> str:
        here.send((number, offer))
        return str(await asyncio.to_thread(here.recv))

    assert process.pid
    echoes = answer is served.decoding
    return Relay(name, process.pid, ask, process.terminate, shown, echoes, encodes=echoes)


def janus_relay(folder: Path, shown: Film) -> Relay:
    made = janus.Janus(folder)
    return Relay(JANUS, made.process.pid, made.ask, made.stop, shown, echoes=True)


async def one_round(relays: Iterable[Relay], seconds: float) -> dict[str, Row]:
    rows = {relay.name: await relay.measure(seconds) for relay in relays}
    for row in rows.values():
        print(
            f"{row.relay:<18}{row.calls:>3} calls {row.core_per_call:.4f} core/call "
            f"{row.micros_per_packet:6.0f} us/packet  p50 {row.p50:.2f}  p99 {row.p99:.2f} ms  "
            f"delivered {row.delivered:.4f}{'' if row.counts else ' (does not count)'}",
            flush=True,
        )
    return rows


async def measured(shown: Film, folder: Path, seconds: float) -> Summary:
    """All rounds. Few calls a few times; many until there are pairs enough, or no more time."""
    default = python_relay(DEFAULT, served.decoding, shown)
    relays = [python_relay(OURS, served.forwarding, shown)]
    relays += [janus_relay(folder, shown)] if janus.is_there() else []
    rounds: Rounds = []
    for calls in FEW:
        for relay in relays:
            await relay.connect(calls)
        await default.connect(FEW[0])
        compared = [*relays, default] if calls == FEW[0] else relays
        rounds += [await one_round(compared, seconds) for _ in range(ROUNDS)]
    # What it cannot cope with it would go on with for a while: it comes last.
    await default.connect(FEW[1])
    rounds.append(await one_round([default], seconds))
    await default.close()
    for calls in BUSY:
        for relay in relays:
            await relay.connect(calls)
        for number in range(MOST_ROUNDS):
            in_turn = relays if number % 2 else relays[::-1]
            rounds.append(await one_round(in_turn, seconds))
            if number + 1 >= PAIRS and len(Summary(rounds).ratios(calls)) >= PAIRS:
                break
    for relay in relays:
        relay.pause()
        relay.stop()
    return Summary(rounds)


async def compare(seconds: float) -> bool:
    if not janus.is_there():
        print(NO_JANUS)
    with tempfile.TemporaryDirectory() as name:
        summary = await measured(film(), Path(name), seconds)
    summary.write_table()
    plot.write(summary)
    print(f"\n{summary.table()}")
    return report("relay", summary.figures(), summary.bars())


async def steady(minutes: int, seconds: float) -> bool:
    """Our relay alone; its memory in the second fifth of the time and in the last."""
    relay = python_relay(OURS, served.forwarding, film())
    await relay.connect(STEADY_CALLS)
    rows: list[Row] = []
    end = asyncio.get_running_loop().time() + minutes * 60
    while asyncio.get_running_loop().time() < end:
        rows += (await one_round([relay], seconds)).values()
    relay.stop()
    fifth = len(rows) // 5
    early, late = (
        median(r.memory for r in part) for part in (rows[fifth : 2 * fifth], rows[-fifth:])
    )
    figures = {
        "minutes": float(minutes),
        "memory early, MB": early,
        "memory late, MB": late,
        "core per call": median(row.core_per_call for row in rows),
        "delivered, median": median(row.delivered for row in rows),
    }
    return report("relay-steady", figures, [Bar("memory growth", late - early, 1, "MB")])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--window", type=float, default=WINDOW, help="seconds of a row")
    parser.add_argument("--steady", type=int, metavar="MINUTES", help="our relay's memory alone")
    network.go_inside()
    given = parser.parse_args()
    gc.disable()  # it would pause what measures the pauses; between rows it runs
    run = partial(steady, given.steady) if given.steady else compare
    return 0 if uvloop.run(run(given.window)) else 1


if __name__ == "__main__":
    sys.exit(main())
