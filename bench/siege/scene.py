"""
One served app with a running talk of two strangers, an honest visitor, and then one attacker.

Everything on loopback, also picture and sound: no way leads out of the machine, and an attacker
has more than a thousand addresses there. A fresh app for each attack: what one leaves behind is
not held against the next. The app has had a moment of the same attack before it is measured, so
that what every first time leaves in memory is not taken for what the attack leaves.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import aioice.ice
import psutil

from bench.flood import call, honest, scene
from bench.flood.tone import Heard
from bench.siege import attacks, witness
from bench.siege.attack import Attack
from bench.siege.attacks import Done
from bench.siege.foothold import Target
from bench.siege.watch import STEPS, Step
from bench.siege.witness import Late
from tests.browser.server import Invited, Served, serve

LOOPBACK = "127.0.0.1"
WATCHED = [sys.executable, "-m", "streamlit", "run", "bench/siege/watched.py"]
ENVIRONMENT = {"BERATUNGSRAUM_MEDIA_ADDRESSES": LOOPBACK}
MEGABYTE = 2**20
LOOK_EVERY = 0.5  # seconds
QUIET, PATIENCE = 3.0, 30.0  # seconds without a change; until a scene is measured all the same
BEFORE = 2.0  # seconds of the attack that nobody measures
GRACE = 60.0  # seconds for an attacker to come to an end
MORE = 1.05  # of what there was at the start
# Threads beside: a pool gets its first thread when something is done for the first time, which may
# be half a minute after an attacker has gone. What leaks grows with the attack.
OF_POOLS = 2


@dataclass(frozen=True)
class Held:
    """What the server's process has at a moment."""

    sockets: int
    threads: int
    memory: float

    def most(self) -> "Held":
        """What there may be afterwards."""
        return Held(
            int(MORE * self.sockets), int(MORE * self.threads) + OF_POOLS, MORE * self.memory
        )

    def within(self, most: "Held") -> bool:
        pairs = zip(vars(self).values(), vars(most).values(), strict=True)
        return all(value <= limit for value, limit in pairs)


def held(pid: int) -> Held:
    process = psutil.Process(pid)
    memory = process.memory_info().rss / MEGABYTE
    return Held(len(process.net_connections("inet")), process.num_threads(), memory)


def dropped(pid: int) -> int:
    """Datagrams that came to the server and that the system had no room for (Linux)."""
    ports = {each.laddr.port for each in psutil.Process(pid).net_connections("udp4")}
    lines = [line.split() for line in Path("/proc/net/udp").read_text().splitlines()[1:]]
    return sum(int(line[-1]) for line in lines if int(line[1].rpartition(":")[2], 16) in ports)


@dataclass
class Seen:
    """Everything noted in one scene; times are of the machine's monotonic clock."""

    start: Held
    calm: tuple[float, float] = (0, 0)
    attacked: tuple[float, float] = (0, 0)
    pages: honest.Waits | None = None
    health: honest.Waits | None = None
    memory: list[float] = field(default_factory=list)
    heard: list[list[Heard]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    dropped: int = 0  # datagrams, by the system, during the attack
    done: Done = field(default_factory=lambda: Done({}, {}))
    end: Held | None = None
    rested: float = 0.0  # seconds until it was as at the start, or until nobody waited longer


@dataclass(frozen=True)
class Given:
    """How long what lasts, in seconds."""

    seconds: float
    calm: float
    rest: float


@contextmanager
def watched(folder: Path) -> Iterator[Served]:
    """The served app; its long steps are in `steps(folder)`."""
    folder.mkdir()
    with ExitStack() as stack:
        for name, value in {**ENVIRONMENT, STEPS: str(folder / "steps")}.items():
            stack.callback(_put, name, os.environ.get(name))
            _put(name, value)
        served = stack.enter_context(serve(folder, WATCHED))
        try:
            yield served
        finally:
            served.process.kill()  # an attacked app may not find the time to end by itself


def _put(name: str, value: str | None) -> None:
    if value is None:
        del os.environ[name]
    else:
        os.environ[name] = value


def steps(folder: Path) -> list[Step]:
    """Every long step of the app's loops so far."""
    file = folder / "steps"
    return [Step.read(line) for line in file.read_text().splitlines()] if file.exists() else []


def call_on_loopback(seats: list[call.Seat], told: Connection) -> None:
    """The process of the talk."""
    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: [LOOPBACK]
    call.run(seats, told)


def _ends(served: Served) -> tuple[tuple[str, int], ...]:
    """Where both ends of the talk send from: the UDP sockets of our processes but the server's."""
    ours = (each for each in psutil.Process().children() if each.pid != served.pid)
    sockets = (each for process in ours for each in process.net_connections("udp4"))
    return tuple((each.laddr.ip, each.laddr.port) for each in sockets)


def attacker(served: Served, name: str, strangers: tuple[tuple[str, int], ...]) -> Connection:
    """An attacker whose pages are open, with a link of their own; waits for its seconds."""
    robber = scene.waits(served)
    target = Target(served.base_url, scene.jar(robber), scene.query(robber), strangers)
    told = scene.process(attacks.run, name, target)
    if not told.poll(PATIENCE) or told.recv() != attacks.READY:
        raise AssertionError(f"{name} does not begin: {served.log()}")
    return told


def finished(told: Connection, seconds: float) -> Done:
    """What the attacker has done; nothing if it does not say so."""
    try:
        done = told.recv() if told.poll(seconds + GRACE) else None
    except EOFError:  # it has failed
        done = None
    return done if isinstance(done, Done) else Done({}, {})


def play(folder: Path, attack: Attack, given: Given) -> Seen:
    with watched(folder) as served:
        seen = _play(served, attack, given)
        seen.steps = steps(folder)
    return seen


def _play(served: Served, attack: Attack, given: Given) -> Seen:
    running = scene.talk(served, call_on_loopback)
    page = _page(served, scene.waits(served))
    strangers = _ends(served)
    first = attacker(served, attack.name, strangers)
    before = min(BEFORE, given.seconds)
    first.send(before)
    finished(first, before)
    seen = Seen(_quiet(served.pid))
    lasts = attack.lasts(given.seconds)
    enemy = attacker(served, attack.name, strangers)
    seeing = scene.process(witness.run)
    begin = time.monotonic()
    seen.calm = (begin, begin + given.calm)
    seen.attacked = (seen.calm[1], seen.calm[1] + lasts)
    seen.pages = honest.Waits(page.run, honest.PAGE_EVERY)
    seen.health = honest.Waits(honest.Health(served.base_url).ask, honest.HEALTH_EVERY)
    asking = [honest.start(waits, seen.attacked[1]) for waits in (seen.pages, seen.health)]
    _watch_memory(served.pid, seen, seen.calm[1])
    dropped_before = dropped(served.pid)
    enemy.send(lasts)
    _watch_memory(served.pid, seen, seen.attacked[1])
    seen.dropped = dropped(served.pid) - dropped_before
    seen.done = finished(enemy, 0)
    seeing.send("enough")
    seen.late = seeing.recv()
    for thread in asking:
        thread.join()
    _rest(served.pid, seen, seen.attacked[1] + given.rest)
    seen.heard = _heard(running)
    return seen


def _heard(running: Connection) -> list[list[Heard]]:
    """What both ends of the talk have heard; nothing if it has broken off."""
    try:
        running.send("stop")
        heard: list[list[Heard]] = running.recv()
        running.send("bye")
    except (EOFError, OSError):
        return [[], []]
    return heard


def _page(served: Served, visitor: Invited) -> honest.VisitorsPage:
    page = honest.VisitorsPage(served.base_url, scene.jar(visitor), scene.query(visitor))
    page.run()
    return page


def _quiet(pid: int) -> Held:
    """What the server has once it has had the same sockets and threads for some seconds."""
    until = time.monotonic() + PATIENCE
    since, before = time.monotonic(), held(pid)
    while (now := time.monotonic()) < until and now - since < QUIET:
        time.sleep(LOOK_EVERY)
        after = held(pid)
        if (after.sockets, after.threads) != (before.sockets, before.threads):
            since = time.monotonic()
        before = after
    return before


def _watch_memory(pid: int, seen: Seen, until: float) -> None:
    process = psutil.Process(pid)
    while time.monotonic() < until:
        seen.memory.append(process.memory_info().rss / MEGABYTE)
        time.sleep(LOOK_EVERY)


def _rest(pid: int, seen: Seen, until: float) -> None:
    """Until everything is as at the start, or for as long as that may take."""
    while True:
        seen.end, now = held(pid), time.monotonic()
        seen.rested = now - seen.attacked[1]
        if seen.end.within(seen.start.most()) or now > until:
            return
        time.sleep(LOOK_EVERY)
