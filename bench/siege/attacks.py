"""All attacks there are, by name, and the process in which one of them runs."""

import gc
import logging
import os
from dataclasses import dataclass
from multiprocessing.connection import Connection

from bench.siege import floods, forged, handshakes, inside, offers, requests
from bench.siege.attack import Attack
from bench.siege.foothold import Foothold, Target

ALL: tuple[type[Attack], ...] = (
    offers.WorstOffers,
    offers.WorstOffersInBursts,
    offers.HonestOffers,
    handshakes.HandshakesHalfOpen,
    handshakes.Abandoned,
    floods.StunRight,
    floods.StunWrong,
    floods.StunNameless,
    floods.StunUnknown,
    floods.StunEverywhere,
    forged.ForgedChecks,
    forged.ForgedMedia,
    inside.DtlsFragments,
    inside.UnknownSsrcs,
    inside.RtcpStorm,
    requests.Forms,
    requests.SlowReaders,
    floods.Cannon,
)
BY_NAME: dict[str, type[Attack]] = {each.name: each for each in ALL}
READY = "ready"


@dataclass(frozen=True)
class Done:
    """What an attacker has done: how often what, and how long at most what took (seconds)."""

    counts: dict[str, int]
    longest: dict[str, float]


def run(name: str, target: Target, told: Connection) -> None:
    """The process: open the pages, say so, attack for the seconds that are answered, tell."""
    logging.disable(logging.WARNING)
    os.nice(19)
    attack, guest = BY_NAME[name](), Foothold(target)
    with guest.open(attack.tabs):
        gc.freeze()
        told.send(READY)
        guest.begin(told.recv())
        attack.run(guest)
    told.send(Done(dict(guest.done), guest.longest))
