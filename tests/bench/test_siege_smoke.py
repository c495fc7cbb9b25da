"""
Every attack of `make siege`, for a moment each: whatever it is, no loop is busy with it for long.

`make siege` measures what people notice, and needs half an hour of a quiet machine. Here an
invariant is tested that holds on any machine, because it is counted in the loop's own CPU time
(bench/siege/watch.py): neither the loop of the talks nor that of the pages takes a step of more
than 20 ms. A talk that waits for something else is not seen here: Python's lock, for instance,
while another thread works or garbage is collected.
"""

import time
from collections import Counter

import psutil

from bench.flood.scene import jar, query, waits
from bench.siege import attacks, scene
from bench.siege.foothold import Foothold, Target
from bench.siege.peer import EARLY
from bench.siege.watch import GARBAGE

SECONDS, PATIENCE = 1.0, 10.0
NOBODY = (("127.0.0.9", 9),)  # in whose name something is sent
LONGEST = 0.020


def attacked(served, name: str) -> Counter[str]:
    """What has been done by one guest of their own."""
    robber = waits(served)
    attack, guest = attacks.BY_NAME[name](), Foothold(target(served, robber))
    with guest.open(attack.tabs):
        guest.begin(attack.lasts(SECONDS))
        attack.run(guest)
    return guest.done


def target(served, robber) -> Target:
    return Target(served.base_url, jar(robber), query(robber), NOBODY)


def honest_visits(served) -> None:
    """
    So that nothing is done for the first time when it counts.

    Two: what the first leaves to be done after it is done during the second.
    """
    for _ in range(2):
        guest = Foothold(target(served, waits(served)))
        with guest.open(2):
            for tab in guest.tabs:
                guest.connected(tab).close()


def ports(served) -> int:
    return len(psutil.Process(served.pid).net_connections("udp"))


def ports_left(served, before: int) -> int:
    """How many ports more than before, once that does not change for the better any more."""
    until = time.monotonic() + PATIENCE
    while ports(served) > before and time.monotonic() < until:
        time.sleep(0.2)
    return ports(served) - before


def test_whatever_a_guest_attacks_with_no_loop_is_busy_for_long_and_no_stranger_is_sent_a_byte(
    tmp_path,
):
    found = {}
    with scene.watched(tmp_path / "served") as served:
        honest_visits(served)
        before = ports(served)
        for name, kind in attacks.BY_NAME.items():
            if not kind.is_possible():
                continue
            begin = time.monotonic()
            done = attacked(served, name)
            steps = [each for each in scene.steps(served.folder) if each.at >= begin]
            long = [str(each) for each in steps if each.seconds > LONGEST and each.loop != GARBAGE]
            missing = [deed for deed in kind().claims(SECONDS) if not done[deed]]
            if long or missing or done[EARLY]:
                found[name] = {"long": long, "not done": missing, "early": done[EARLY]}
        left = ports_left(served, before)
    assert (found, left) == ({}, 0)
