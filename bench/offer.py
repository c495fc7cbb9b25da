"""
What an offer costs: reading it, our end of the connection, the answer. Honest ones and the worst.

The worst is searched for: hypothesis puts offers together from lines of every kind, as often as
fits, and is told the time of each as its target. All in this process, CPU time of one thread.

Run: make bench-offer
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from hypothesis import HealthCheck, Phase, given, settings, target
from hypothesis import strategies as st

from bench.results import RESULTS, Bar, report
from core.media.rooms.room import Room
from core.media.transport import offer
from core.media.transport.connection import Connection
from core.media.transport.offer import MOST_BYTES
from core.media.transport.port import Port
from core.media.transport.sdp import UnusualOffer

OFFERS = Path(__file__).parents[1] / "tests" / "core" / "media" / "transport" / "offers"
EXAMPLES, ROUNDS = 100_000, 200
MILLI = 1e3
NUMBERS = " ".join(str(number) for number in range(128))
HEAD = [
    "v=0",
    "a=group:BUNDLE 0 1 2 3 4 5 6 7",
    "a=ice-ufrag:abcd",
    f"a=ice-pwd:{'p' * 22}",
    f"a=fingerprint:sha-256 {':'.join(['AB'] * 32)}",
    "a=setup:actpass",
]
# One line each; `{n}` counts from 0 to 127.
LINES = [
    "a=rtpmap:{n} VP8/90000",
    "a=rtpmap:{n} H264/90000",
    "a=rtpmap:{n} rtx/90000",
    "a=rtpmap:{n} opus/48000/2",
    "a=fmtp:{n} profile-level-id=42e01f;packetization-mode=1",
    "a=fmtp:{n} apt={n}",
    "a=fmtp:{n} " + "a=b;" * 90,
    "a=fmtp:* " + "a=b;" * 90,
    "a=rtcp-fb:* nack",
    "a=rtcp-fb:{n} nack pli",
    "a=rtcp-fb:{n} goog-remb",
    "a=rtcp-fb:{n} " + "x" * 380,
    "a=extmap:{n} urn:ietf:params:rtp-hdrext:sdes:mid",
    "a=extmap:{n}/sendrecv " + "u" * 190,
    "a=candidate:{n} 1 udp 2122260223 192.0.2.1 54321 typ host",
    "a=ssrc:{n} cname:aaaaaaaa",
    "a=ssrc-group:FID {n} {n}",
    "a=fingerprint:sha-256 " + "AB:" * 31 + "AB",
    "a=fingerprint:sha-512 " + "AB:" * 900,
    "a=ice-ufrag:" + "a" * 256,
    "a=mid:{n}",
    "a=recvonly",
    "a=inactive",
    "a=",
    "a=" + ":" * 500,
    "a=x",
    "b=AS:{n}",
    "",
    "m=video 9 UDP/TLS/RTP/SAVPF " + NUMBERS,
    "m=audio 9 UDP/TLS/RTP/SAVPF " + NUMBERS,
]
blocks = st.lists(
    st.tuples(st.sampled_from(LINES), st.sampled_from([1, 4, 16, 64, 128, 256, 512, 1024, 2048])),
    max_size=12,
)


def put_together(parts: list[tuple[str, int]], sections: int) -> str:
    """As much of it as fits."""
    lines = list(HEAD)
    for number in range(sections):
        lines += [f"m=video 9 UDP/TLS/RTP/SAVPF {NUMBERS}", f"a=mid:{number}", "a=recvonly"]
        lines.append("a=rtcp-mux")
        for line, count in parts:
            lines += [line.format(n=n % 128) for n in range(count)]
    sdp = "\r\n".join(lines)
    return sdp[:MOST_BYTES]


class Deed:
    """What a browser's offer sets in motion, up to the answer; refused or not."""

    def __init__(self) -> None:
        self.port, self.line = Port(["127.0.0.1"], 0), Room().new_line("guest:1")

    def __call__(self, sdp: str) -> None:
        try:
            read = offer.read(sdp)
        except UnusualOffer:
            return
        Connection(self.line, read, self.port)


def milliseconds(deed: Callable[[str], None], sdp: str, times: int = 3) -> float:
    """The shortest of a few tries: the rest is the machine's."""
    return min(_once(deed, sdp) for _ in range(times)) * MILLI


def _once(deed: Callable[[str], None], sdp: str) -> float:
    began = time.thread_time()
    deed(sdp)
    return time.thread_time() - began


def honest(deed: Deed) -> Iterator[tuple[str, float]]:
    for file in sorted(OFFERS.glob("*.sdp")):
        sdp = file.read_bytes().decode()
        yield file.stem, median(milliseconds(deed, sdp, 1) for _ in range(ROUNDS))


def worst(deed: Deed, examples: int) -> tuple[float, str]:
    """Milliseconds of the worst offer that was found, and what it is made of."""
    found = (0.0, "")

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.target],
        suppress_health_check=list(HealthCheck),
    )
    @given(parts=blocks, sections=st.integers(1, 8), lost=st.integers(0, 40))
    def search(parts: list[tuple[str, int]], sections: int, lost: int) -> None:
        nonlocal found
        sdp = put_together(parts, sections)
        cost = milliseconds(deed, sdp[: len(sdp) - lost])
        target(cost)
        if cost > found[0]:
            again = milliseconds(deed, sdp[: len(sdp) - lost], 9)  # once may be the machine
            if again > found[0]:
                found = (again, f"{sections} x {parts}"[:300])

    search()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=EXAMPLES)
    parser.add_argument("--to", type=Path, default=RESULTS, help="folder for the results")
    given_arguments = parser.parse_args()
    random.seed(0)
    deed = Deed()
    usual = dict(honest(deed))
    most, made_of = worst(deed, given_arguments.examples)
    print(f"the worst: {made_of}")
    figures = {f"{name}, ms": cost for name, cost in usual.items()}
    figures |= {"worst, ms": most, "examples": float(given_arguments.examples)}
    bars = [
        Bar("honest offer", max(usual.values()), 2, "ms"),
        Bar("worst offer", most, 5, "ms"),
    ]
    return 0 if report("offer", figures, bars, given_arguments.to) else 1


if __name__ == "__main__":
    sys.exit(main())
