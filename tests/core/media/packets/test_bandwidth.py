"""The estimate gets whole bursts, and what came within a second is counted as aiortc does."""

from aiortc.rate import RateCounter, RemoteBitrateEstimator
from hypothesis import given
from hypothesis import strategies as st

from core.media.packets.bandwidth import WINDOW, Bandwidth, Throughput
from core.media.packets.rtp import SECOND

HIGHEST = 1_500_000


def sent_at(seconds: float) -> bytes:
    return (int(seconds * SECOND) & 0xFFFFFF).to_bytes(3, "big")


@given(st.lists(st.tuples(st.integers(0, 1500), st.integers(1, 1500)), max_size=60))
def test_the_cheaper_count_says_what_aiortc_s_says(steps):
    ours, theirs, now = Throughput(), RateCounter(WINDOW), 0
    for passed, size in steps:
        now += passed
        assert ours.rate(now) == theirs.rate(now)
        ours.add(size, now)
        theirs.add(size, now)
        assert ours.rate(now) == theirs.rate(now)


def pictures(bandwidth: Bandwidth | RemoteBitrateEstimator, arrival: float) -> int:
    """Ten seconds of five packets 25 times a second; the later, the later they come."""
    estimate = HIGHEST
    for number in range(1250):
        sent = number // 5 * 0.04 + number % 5 * 0.0005
        came = 100.0 + sent * arrival
        if isinstance(bandwidth, Bandwidth):
            bandwidth.weigh(1000, sent_at(sent), came)
            estimate = bandwidth.estimate
        elif found := bandwidth.add(
            int(came * 1000), int.from_bytes(sent_at(sent), "big"), 1000, 0
        ):
            estimate = found[0]
    return estimate


def test_bursts_tell_nearly_the_same_as_every_packet():
    for arrival in (1.0, 1.02, 1.5):
        ours = pictures(Bandwidth(HIGHEST), arrival)
        theirs = pictures(RemoteBitrateEstimator(), arrival)
        assert abs(ours - theirs) <= 0.1 * theirs


def test_a_line_that_fills_up_carries_less():
    assert pictures(Bandwidth(HIGHEST), 1.5) < pictures(Bandwidth(HIGHEST), 1.0)
