"""
What a call costs: our relay, the same compiled, Janus, and streamlit-webrtc's default, in turn.

This process is the load. Every relay is a process of its own and keeps its participants
connected; one at a time has something to do. `--steady` has our relay alone go on for
minutes instead and looks at its memory.

Run: make bench-relay [STEADY=30]
"""

import argparse
import asyncio
import contextlib
import gc
import multiprocessing
import platform
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from statistics import median

import uvloop

from bench.relay import janus, network, plot, served
from bench.relay.film import Film, film
from bench.relay.load import Relay, Row
from bench.relay.summary import BUSY, COMPILED, DEFAULT, JANUS, OURS, PAIRS, RELAYS, Rounds, Summary
from bench.results import RESULTS, Bar, report
from core.media import compiled

FEW = (1, 2, 4)  # calls, before those that have a bar
ROUNDS, MOST_ROUNDS = 3, PAIRS + 3
WINDOW = 8.0  # seconds
STEADY_CALLS = 8


def python_relay(
    name: str, answer: served.Answer, shown: Film, checkout: Path | None = None
) -> Relay:
    """A process of its own; of another checkout than this one."""
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=served.run, args=(there, answer), daemon=True)
    with _running_from(checkout or Path.cwd()):
        process.start()
    there.close()
    here.recv()

    async def ask(number: int, offer: str) -> str:
        here.send((number, offer))
        return str(await asyncio.to_thread(here.recv))

    assert process.pid
    echoes = answer is served.decoding
    return Relay(name, process.pid, ask, process.terminate, shown, echoes, encodes=echoes)


@contextlib.contextmanager
def _running_from(checkout: Path) -> Iterator[None]:
    """What is started in here imports from there."""
    before, sys.path[0] = sys.path[0], str(checkout)
    try:
        with contextlib.chdir(checkout):
            yield
    finally:
        sys.path[0] = before


def compiled_relay(folder: Path, shown: Film) -> Relay:
    """Ours, its hot path as machine code: a checkout of its own, as `make compiled` leaves it."""
    for each in ("core", "bench"):
        shutil.copytree(compiled.ROOT / each, folder / each)
    compiled.build(folder)
    return python_relay(COMPILED, served.forwarding, shown, folder)


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


async def measured(shown: Film, folder: Path, asked: argparse.Namespace) -> Summary:
    """All rounds. Few calls a few times; many until there are pairs enough, or no more time."""
    makers: dict[str, Callable[[], Relay]] = {
        OURS: lambda: python_relay(OURS, served.forwarding, shown),
        COMPILED: lambda: compiled_relay(folder / "checkout", shown),
        JANUS: lambda: janus_relay(folder, shown),
        DEFAULT: lambda: python_relay(DEFAULT, served.decoding, shown),
    }
    made = {name: make() for name, make in makers.items() if name in asked.relays}
    dear = [made.pop(DEFAULT)] if DEFAULT in made else []
    relays, seconds = list(made.values()), asked.window
    few = [calls for calls in asked.calls if calls not in BUSY]
    rounds: Rounds = []
    for calls in few:
        compared = [*relays, *dear] if calls == few[0] else relays
        for relay in compared:
            await relay.connect(calls)
        rounds += [await one_round(compared, seconds) for _ in range(asked.rounds)]
    # What it cannot cope with it would go on with for a while: it comes last.
    for relay in dear:
        await relay.connect(max(few[:2], default=1))
        rounds.append(await one_round([relay], seconds))
        await relay.close()
    for calls in (calls for calls in asked.calls if calls in BUSY):
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


async def compare(asked: argparse.Namespace) -> bool:
    with tempfile.TemporaryDirectory() as name:
        summary = await measured(film(), Path(name), asked)
    print(f"\n{summary.table()}")
    if name := interpreter():  # of another Python beside the one in the documents
        return report(f"relay-{name}", summary.figures(), summary.bars(), asked.to)
    summary.write_table(asked.to)
    plot.write(summary, asked.to)
    return report("relay", summary.figures(), summary.bars(), asked.to)


def interpreter() -> str:
    """Which Python this is; nothing for Debian's own."""
    system = sysconfig.get_config_var("prefix") == "/usr" or sys.base_prefix == "/usr"
    optimized = (
        "pgo" if "-fprofile-use" in (sysconfig.get_config_var("PY_CFLAGS") or "") else "plain"
    )
    return "" if system else f"{platform.python_version()}-{optimized}"


async def steady(asked: argparse.Namespace) -> bool:
    """Our relay alone; its memory in the second fifth of the time and in the last."""
    relay = python_relay(OURS, served.forwarding, film())
    await relay.connect(STEADY_CALLS)
    rows: list[Row] = []
    end = asyncio.get_running_loop().time() + asked.steady * 60
    while asyncio.get_running_loop().time() < end:
        rows += (await one_round([relay], asked.window)).values()
    relay.stop()
    fifth = len(rows) // 5
    early, late = (  # of less than five rows all, twice
        median(r.memory for r in part) for part in (rows[fifth : 2 * fifth] or rows, rows[-fifth:])
    )
    figures = {
        "minutes": asked.steady,
        "memory early, MB": early,
        "memory late, MB": late,
        "core per call": median(row.core_per_call for row in rows),
        "delivered, median": median(row.delivered for row in rows),
    }
    bars = [Bar("memory growth", late - early, 1, "MB")]
    return report("relay-steady", figures, bars, asked.to)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--window", type=float, default=WINDOW, help="seconds of a row")
    parser.add_argument("--steady", type=float, metavar="MINUTES", help="our relay's memory alone")
    parser.add_argument("--relays", nargs="+", choices=RELAYS, default=RELAYS, help="only these")
    parser.add_argument("--calls", nargs="+", type=int, default=(*FEW, *BUSY), help="at once")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="with few calls")
    parser.add_argument("--to", type=Path, default=RESULTS, help="folder for the results")
    parser.add_argument(network.INSIDE, action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if not asked.steady and JANUS in asked.relays:
        janus.find()  # out here, where there is a network
    if not asked.steady and COMPILED in asked.relays:
        compiled.remove()  # here it is measured as it is written
    network.go_inside()
    gc.disable()  # it would pause what measures the pauses; between rows it runs
    run = steady if asked.steady else compare
    return 0 if uvloop.run(run(asked)) else 1


if __name__ == "__main__":
    sys.exit(main())
