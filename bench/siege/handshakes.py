"""Attacks by what is left undone: handshakes half open, connections abandoned at each step."""

import time
from collections.abc import Callable
from functools import partial
from itertools import cycle

from bench.siege.attack import SIGNALS, Attack
from bench.siege.foothold import Foothold, Tab
from bench.siege.peer import NoAnswer, Peer

# A second: a server may well allow fewer than are tried, but with none nothing was measured.
AT_LEAST = 0.2
Step = Callable[[Foothold, Tab], Peer]


def answered(guest: Foothold, tab: Tab) -> Peer:
    return guest.peer(tab)


def checked(guest: Foothold, tab: Tab) -> Peer:
    """After one check, which chooses nothing."""
    made = guest.peer(tab)
    made.connect(nominates=False)
    return made


def greeted(guest: Foothold, tab: Tab) -> Peer:
    """After our first flight: as the side that begins, the ClientHello."""
    made = guest.peer(tab, setup="active")
    made.connect()
    made.shake_hands(flights=1)
    return made


def greeted_back(guest: Foothold, tab: Tab) -> Peer:
    """After our first flight as the side that answers: the ServerHello and a certificate."""
    made = guest.peer(tab)
    made.connect()
    made.shake_hands(flights=1)
    return made


def silent(guest: Foothold, tab: Tab) -> Peer:
    """The way is checked and chosen, and nothing follows."""
    made = guest.peer(tab)
    made.connect()
    return made


def connected(guest: Foothold, tab: Tab) -> Peer:
    """Everything is agreed, and nothing is sent."""
    return guest.connected(tab)


class HandshakesHalfOpen(Attack):
    """The way is checked and chosen, encryption begun at most; and the peers stay, saying so."""

    name = "half-open"

    def claims(self, seconds: float) -> dict[str, float]:
        return {"offers": SIGNALS * seconds, "handshakes left half open": AT_LEAST * seconds}

    def run(self, guest: Foothold) -> None:
        kept: list[Peer] = []
        steps = cycle([silent, greeted, greeted_back])

        def leave(tab: Tab) -> None:
            _try(guest, next(steps), tab, "handshakes left half open", kept.append)

        def stay() -> None:
            while guest.goes_on:
                for each in list(kept):
                    each.keep()
                guest.wait_until(time.monotonic() + 0.1)

        guest.side_by_side([stay, partial(guest.in_every_tab, SIGNALS, leave)])
        for each in kept:
            each.close()


class Abandoned(Attack):
    """Each offer is given up, at another step each time."""

    name = "abandoned"

    def claims(self, seconds: float) -> dict[str, float]:
        return {"offers": SIGNALS * seconds, "connections abandoned": AT_LEAST * seconds}

    def run(self, guest: Foothold) -> None:
        steps = cycle([answered, checked, silent, greeted, greeted_back, connected])

        def give_up(tab: Tab) -> None:
            _try(guest, next(steps), tab, "connections abandoned", Peer.close)

        guest.in_every_tab(SIGNALS, give_up)


def _try(guest: Foothold, step: Step, tab: Tab, name: str, then: Callable[[Peer], None]) -> None:
    try:
        made = step(guest, tab)
    except NoAnswer as problem:
        guest.done[str(problem)] += 1
        return
    guest.done[f"{name}: {step.__name__}"] += 1
    guest.done[name] += 1
    then(made)
