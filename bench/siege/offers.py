"""Attacks by POST /signal: the worst offers, as often as is allowed or in bursts; honest ones."""

from functools import partial
from itertools import cycle

from bench.siege import sdp
from bench.siege.attack import SIGNALS, Attack
from bench.siege.foothold import Foothold, Tab

BURST, CONNECTIONS = 40, 6
HONEST_BURST, HONEST_BURSTS = 90, 3


class WorstOffers(Attack):
    """Every kind of worst offer, at the rate that a seat is allowed."""

    name = "worst-offers"

    def claims(self, seconds: float) -> dict[str, float]:
        return {"offers": SIGNALS * seconds}

    def run(self, guest: Foothold) -> None:
        kinds = cycle(sdp.worst().items())

        def send(tab: Tab) -> None:
            name, text = next(kinds)
            guest.offer(tab, text, name)

        guest.in_every_tab(SIGNALS, send)


class WorstOffersInBursts(Attack):
    """Each kind once, then the dearest of them, forty at once: all that a minute allows."""

    name = "worst-offers-bursts"
    every = BURST / SIGNALS  # seconds

    def claims(self, seconds: float) -> dict[str, float]:
        return {"offers": len(sdp.WORST) + BURST * max(1, seconds // self.every)}

    def run(self, guest: Foothold) -> None:
        kinds, tabs = sdp.worst(), cycle(guest.tabs)
        for name, text in kinds.items():
            guest.offer(next(tabs), text, name)
        dearest = max(guest.longest, key=lambda name: guest.longest[name])
        guest.done[f"bursts of: {dearest}"] += 1
        due = guest.began
        while guest.goes_on:
            _burst(guest, [(dearest, kinds[dearest])] * BURST)
            due += self.every
            guest.wait_until(due)


class HonestOffers(Attack):
    """Offers as a page makes them, ninety at once; a minute apart, so that each is allowed."""

    name = "honest-offers"

    def lasts(self, seconds: float) -> float:
        return seconds * (HONEST_BURSTS - 1) * 1.05

    def claims(self, seconds: float) -> dict[str, float]:
        return {"offers": HONEST_BURST * HONEST_BURSTS}

    def run(self, guest: Foothold) -> None:
        pause = (guest.until - guest.began) / (HONEST_BURSTS - 1)
        for number in range(HONEST_BURSTS):
            guest.wait_until(guest.began + number * pause)
            _burst(guest, [("honest", sdp.honest())] * HONEST_BURST)


def _burst(guest: Foothold, offers: list[tuple[str, str]]) -> None:
    """All of these as fast as the connections bring them."""

    def send(share: list[tuple[str, str]], number: int) -> None:
        tab = guest.tabs[number % len(guest.tabs)]
        for name, text in share:
            guest.offer(tab, text, name)

    shares = [offers[number::CONNECTIONS] for number in range(CONNECTIONS)]
    guest.side_by_side([partial(send, share, number) for number, share in enumerate(shares)])
