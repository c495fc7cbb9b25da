"""One served app with a running call, an honest visitor and, after a calm while, an attacker."""

import multiprocessing
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from bench.flood import attacker, call, honest
from bench.flood.tone import Heard
from core import access, clock
from core.office import staff_sessions
from pages.tabs import credentials
from tests.browser import office
from tests.browser.server import LOGIN, PASSWORD, Invited, Served, serve
from tests.jars import link_jar

UNGATED = [sys.executable, "-m", "streamlit", "run", "bench/flood/ungated.py"]
MEGABYTE = 2**20
SETTLED = 5.0  # seconds for what was started to come to rest; less before a short calm


@dataclass
class Seen:
    """Everything noted in one scene; times are of the machine's monotonic clock."""

    calm: tuple[float, float] = (0, 0)
    attacked: tuple[float, float] = (0, 0)
    pages: honest.Waits = field(init=False)
    health: honest.Waits = field(init=False)
    memory: list[tuple[float, float]] = field(default_factory=list)
    heard: list[list[Heard]] = field(default_factory=list)
    attacks: dict[str, int] = field(default_factory=dict)


def play(folder: Path, gated: bool, calm: float, attack: float) -> Seen:
    folder.mkdir()
    with serve(folder, None if gated else UNGATED) as served:
        try:
            return _play(served, calm, attack)
        finally:
            served.process.kill()  # a flooded app may not find the time to end by itself


def _play(served: Served, calm: float, attack: float) -> Seen:
    seen = Seen()
    running = talk(served)
    visitor, robber = (waits(served) for _ in range(2))
    page = honest.VisitorsPage(served.base_url, jar(visitor), query(visitor))
    page.run()
    enemy = _attacker(served, robber, attack)
    begin = time.monotonic() + min(SETTLED, calm)
    seen.calm, seen.attacked = (begin, begin + calm), (begin + calm, begin + calm + attack)
    end = begin + calm + attack
    seen.pages = honest.Waits(page.run, honest.PAGE_EVERY)
    seen.health = honest.Waits(honest.Health(served.base_url).ask, honest.HEALTH_EVERY)
    asking = [honest.start(waits, end) for waits in (seen.pages, seen.health)]
    _watch_memory(served, seen, begin + calm)
    enemy.send("go")
    _watch_memory(served, seen, end)
    seen.attacks = enemy.recv() if enemy.poll(30) else {}
    for thread in asking:
        thread.join()
    running.send("stop")
    seen.heard = running.recv()
    running.send("bye")
    return seen


def waits(served: Served) -> Invited:
    """A visitor in the Warteraum."""
    invited = served.plan()
    office.waiting(served, invited)
    return invited


def _secret(invited: Invited) -> str:
    return invited.link.rsplit("/", 1)[1]


def jar(invited: Invited) -> dict[str, str]:
    return link_jar(_secret(invited))


def query(invited: Invited) -> str:
    return f"{credentials.LINK_PARAMETER}={access.link_key(_secret(invited))}"


def talk(served: Served, work: Callable[..., object] = call.run) -> Connection:
    """A call that runs, in a process of its own."""
    invited = served.plan()
    office.talking(served, invited)
    token = staff_sessions.sign_in(clock.now(), LOGIN, PASSWORD)
    desk = f"termin={invited.appointment_id}"
    seats = [
        call.Seat(served.base_url, {credentials.staff_cookie(): token}, "beratung", desk),
        call.Seat(served.base_url, jar(invited), "termin", query(invited)),
    ]
    told = process(work, seats)
    if not told.poll(60):
        raise AssertionError(f"the call does not begin: {served.log()}")
    told.recv()
    return told


def _attacker(served: Served, robber: Invited, seconds: float) -> Connection:
    """The attacker, who waits for a word."""
    port = int(served.base_url.rsplit(":", 1)[1])
    cookie = "; ".join(f"{name}={value}" for name, value in jar(robber).items())
    media = _media_ports(served.pid)[0]
    target = attacker.Target(port, cookie, query(robber), media)
    return process(attacker.run, target, seconds)


def _media_ports(pid: int) -> list[tuple[str, int]]:
    """Where the server takes media."""
    sockets = psutil.Process(pid).net_connections("udp4")
    return sorted((each.laddr.ip, each.laddr.port) for each in sockets)


def process(work: Callable[..., object], *given: object) -> Connection:
    """Have `work` done in a new process; what it tells comes out of the pipe."""
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    context.Process(target=work, args=(*given, there), daemon=True).start()
    return here


def _watch_memory(served: Served, seen: Seen, until: float) -> None:
    process = psutil.Process(served.pid)
    while (now := time.monotonic()) < until:
        seen.memory.append((now, process.memory_info().rss / MEGABYTE))
        time.sleep(0.5)
