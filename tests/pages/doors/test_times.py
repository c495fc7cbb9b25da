"""How long the doors take for a link that leads nowhere tells nobody why it does."""

import asyncio
import math
import random
import statistics
import time

import httpx
import pytest

from core import access
from core.office import inviting
from core.records import Appointment
from pages.doors import link
from tests.conftest import HOUR, NOW
from tests.pages.knocking import coming_from, doorway


@pytest.fixture
def server(house, it_is):
    """Somebody at the doors from many addresses: behind the proxy on this machine."""
    return httpx.ASGITransport(doorway(), client=("127.0.0.1", 1))


def dead_links(house):
    """An unknown, an expired and a replaced one."""
    expired, replaced = house.plan(), house.plan()
    house.set(Appointment, expired.appointment_id, starts_at=NOW - 5 * HOUR, ends_at=NOW - 4 * HOUR)
    inviting.new_link(house.advisor, NOW, replaced.guest_id)
    return {"unknown": access.new_secret(), "expired": expired.secret, "replaced": replaced.secret}


async def times(server, links, count=120):
    """Seconds each kind of link took, one after the other in any order."""
    took = {kind: [] for kind in links}
    order = [kind for kind in links for _ in range(count)]
    random.shuffle(order)
    async with httpx.AsyncClient(transport=server, base_url="http://testserver") as client:
        for n, kind in enumerate(order):
            address = coming_from(f"198.51.{n // 250}.{n % 250}")
            began = time.perf_counter()
            answer = await client.get(f"/termin/{links[kind]}", headers=address)
            took[kind].append(time.perf_counter() - began)
            assert answer.status_code == 404
    return took


def mann_whitney(one, other):
    """Two-sided p of the rank-sum test, by its normal approximation."""
    ranks = {value: rank for rank, value in enumerate(sorted(one + other), 1)}
    n, m = len(one), len(other)
    mean, deviation = n * (n + m + 1) / 2, math.sqrt(n * m * (n + m + 1) / 12)
    z = (sum(ranks[value] for value in one) - mean) / deviation
    return 2 * (1 - statistics.NormalDist().cdf(abs(z)))


def smallest_p(took):
    kinds = list(took.values())
    return min(mann_whitney(kinds[a], kinds[b]) for a, b in ((0, 1), (0, 2), (1, 2)))


def test_the_time_of_an_answer_does_not_tell_the_kinds_of_dead_links_apart(
    house, server, monkeypatch
):
    monkeypatch.setattr(link, "MISS_SECONDS", 0.05)  # so many in a row
    links = dead_links(house)
    # By chance alone one round in some thirty falls below 0.01; a difference would show in all.
    assert any(smallest_p(asyncio.run(times(server, links))) > 0.01 for _ in range(5))


def test_every_miss_takes_the_time_of_the_slowest(house, server):
    took = asyncio.run(times(server, dead_links(house), count=2))
    assert min(each for kind in took.values() for each in kind) >= link.MISS_SECONDS


def test_the_comparison_of_times_would_see_a_difference():
    times = [1 + n / 1000 for n in range(200)]
    assert mann_whitney(times, [each + 0.0001 for each in times]) > 0.9
    assert mann_whitney(times, [each + 0.02001 for each in times]) < 0.01
