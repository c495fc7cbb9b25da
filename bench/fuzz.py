"""
Broken offers, checks, handshakes, reports and packets, a million of them, made from real ones.

Each goes where a stranger's or a guest's would: to the reading of offers, to the port, to DTLS,
to the connection. No exception may come out, and nothing of them may be kept. The same seed makes
the same cases. Knows no network.

Run: make fuzz [CASES=1000000]
"""

import argparse
import asyncio
import gc
import logging
import random
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import SupportsBytes

import pylibsrtp
from aioice import stun as aioice_stun
from aiortc import rtp as rtcp
from pylibsrtp import Policy, Session

from bench.results import RESULTS, Bar, report
from core.media.rooms.room import Room
from core.media.transport import offer, sdp
from core.media.transport.connection import Connection
from core.media.transport.dtls import Dtls
from core.media.transport.pair import Pair
from core.media.transport.port import Port

OFFERS = Path(__file__).parents[1] / "tests" / "core" / "media" / "transport" / "offers"
CASES, SEED, SHOWN = 1_000_000, 11, 5
HOST = "127.0.0.1"
# Cases before anything is counted: what is kept on purpose is full by then. Objects that Python
# itself may keep more of afterwards, such as in caches.
WARM, MOST_LEFT = 2_000, 2_000
A_HANDSHAKE = 500  # cases
KEY = bytes(range(30))
ATTRIBUTES = {"PRIORITY": 1, "ICE-CONTROLLING": 7, "USE-CANDIDATE": None}
Case = bytes
Deed = Callable[[Case], None]
Break = Callable[[Case, list[Case], random.Random], Case]


def broken(case: Case, corpus: list[Case], dice: random.Random) -> Case:
    """The case with a few bytes changed, lost, doubled or taken from another one."""
    made = bytearray(case)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        at = dice.randrange(len(made) + 1)
        to = min(len(made), at + dice.choice((1, 2, 4, 16, 64)))
        kind = dice.randrange(6)
        if kind == 0 and at < len(made):
            made[at] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))
        elif kind == 1:
            del made[at:to]
        elif kind == 2:
            made[at:at] = made[at:to]
        elif kind == 3:
            made[at:at] = dice.randbytes(to - at)
        elif kind == 4:
            other = dice.choice(corpus)
            made[at:to] = other[at:to]
        else:
            del made[at:]
    return bytes(made)


def broken_lines(case: Case, corpus: list[Case], dice: random.Random) -> Case:
    """The same of whole lines; now and then of bytes."""
    if dice.randrange(3) == 0:
        return broken(case, corpus, dice)
    lines = case.split(b"\r\n")
    for _ in range(dice.choice((1, 2, 8))):
        at = dice.randrange(len(lines))
        kind = dice.randrange(4)
        if kind == 0 and len(lines) > 1:
            del lines[at]
        elif kind == 1:
            lines[at:at] = [lines[at]] * dice.choice((1, 2, 100))
        elif kind == 2:
            other = dice.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        else:
            lines[at] = broken(lines[at], [lines[at]], dice)
    return b"\r\n".join(lines)


class Keys:
    """Keys that a guest has agreed on with us, in place of a handshake."""

    has_begun = True

    def __init__(self) -> None:
        self.sessions = (
            _session(KEY, Policy.SSRC_ANY_INBOUND),
            _session(KEY[::-1], Policy.SSRC_ANY_OUTBOUND),
        )
        self.renew()

    def renew(self) -> None:
        """libsrtp keeps every SSRC there ever was, and looks through all of them."""
        self.theirs = _session(KEY, Policy.SSRC_ANY_OUTBOUND)

    def feed(self, _datagram: Case, _now: float) -> bool:
        """That is another's to try."""
        return False


def _session(key: bytes, kind: int) -> Session:
    policy = Policy(key=key, ssrc_type=kind, srtp_profile=Policy.SRTP_PROFILE_AES128_CM_SHA1_80)
    policy.allow_repeat_tx = True
    return Session(policy)


class Scene:
    """A port, and the connection of a guest who may do everything; what is sent goes nowhere."""

    def __init__(self) -> None:
        self.port, self.room = Port([HOST], 0), Room()
        [self.endpoint] = self.port._endpoints
        setattr(self.endpoint, "send", lambda _data, _address: True)  # noqa: B010
        self.line = self.room.new_line("guest:1")
        self.connection = Connection(self.line, self.offered(), self.port)
        self.port.add(self.connection)
        self.keys = Keys()
        setattr(self.connection, "_dtls", self.keys)  # noqa: B010
        self.now = time.monotonic()
        self._cases = 0

    def offered(self) -> offer.Offer:
        return offer.read((OFFERS / "chromium-1.sdp").read_bytes().decode())

    def connect(self) -> None:
        connection, agent = self.connection, self.connection.agent
        agent.pair = Pair(agent, self.endpoint, (HOST, 9), connection._take, self.now)
        connection._connect()
        self.room.let_in(lambda: frozenset({"guest:1"}))

    def later(self) -> float:
        """A moment later: no case is dropped because there were too many before."""
        self._cases += 1
        self.now += 0.05
        self.connection._refill(self.now)
        return self.now

    # --- One case of each kind ---

    def read_offer(self, case: Case) -> None:
        try:
            read = offer.read(case.decode("utf-8", "replace"))
        except sdp.UnusualOffer:
            return
        Connection(self.line, read, self.port)

    def check(self, case: Case) -> None:
        self.endpoint._check(case, (HOST, self._cases % 50_000 + 1), self.later())

    def take(self, case: Case) -> None:
        """A packet that the guest has encrypted well, whatever it holds."""
        if self._cases % 200 == 0:
            self.keys.renew()
        is_rtcp = len(case) > 1 and 192 <= case[1] <= 223
        protect = self.keys.theirs.protect_rtcp if is_rtcp else self.keys.theirs.protect
        try:
            datagram = protect(case)
        except (pylibsrtp.Error, ValueError):  # the guest's own libsrtp refuses it
            datagram = case
        if datagram:
            pair = self.connection.agent.pair
            assert pair is not None
            pair.take(pair, datagram, self.later())

    def kept(self) -> int:
        """Whatever could grow."""
        agent, connection = self.connection.agent, self.connection
        return (
            len(agent._pairs)
            + len(self.endpoint._pairs)
            + len(self.port.members)
            + len(connection._sources)
            + sum(len(inlet._missing) for inlet in self.line.inlets.values())
        )


class Handshakes:
    """Broken DTLS to an end that has begun a handshake; a new end now and then."""

    def __init__(self) -> None:
        self.corpus: list[Case] = []
        self._loop = asyncio.new_event_loop()
        self._end: Dtls | None = None
        self._fed = self._ends = self._taken = 0
        self._over = True

    def record(self) -> None:
        """The datagrams of a handshake between two ends of ours."""
        self._loop.run_until_complete(self._shake_hands())

    async def _shake_hands(self) -> None:
        ends: list[Dtls] = []
        there = [asyncio.Event(), asyncio.Event()]

        def to(which: int) -> Callable[[Case], None]:
            def send(datagram: Case) -> None:
                self.corpus.append(datagram)
                ends[which].feed(datagram, 0.0)

            return send

        ends += [Dtls(True, to(1)), Dtls(False, to(0))]
        for end, other, done in zip(ends, ends[::-1], there, strict=True):
            end.begin(other.fingerprint, partial(_mark, done))
        await asyncio.gather(*(done.wait() for done in there))
        await asyncio.gather(*(end.end() for end in ends))

    def take(self, case: Case) -> None:
        self._loop.run_until_complete(self._feed(case))

    async def _feed(self, case: Case) -> None:
        if self._over or self._fed % A_HANDSHAKE == 0:
            if self._end is not None:
                await self._end.end()
            self._over, self._ends = False, self._ends + 1
            self._end = Dtls(self._ends % 2 == 0, lambda _datagram: None)
            self._end.begin(("sha-256", ":".join(["00"] * 32)), self._ended)
            self._taken = 0
            await asyncio.sleep(0)
        self._fed += 1
        assert self._end is not None
        if not self._end.feed(case, float(self._fed)):
            assert self._taken  # it has had all the bytes it takes before there are keys
            self._over = True
            return
        self._taken += 1
        for _ in range(3):  # so that it is read
            await asyncio.sleep(0)

    def _ended(self, _keys: bool) -> None:
        self._over = True

    def close(self) -> None:
        if self._end is not None:
            self._loop.run_until_complete(self._end.end())
        self._loop.close()


def _mark(done: asyncio.Event, _keys: object) -> None:
    done.set()


def checks(scene: Scene) -> list[Case]:
    """As browsers write them: a right one, one with a wrong password, one for nobody."""
    agent = scene.connection.agent
    return [
        _check(agent.username.decode(), agent.pwd),
        _check(agent.username.decode(), "wrong"),
        _check("somebody:else", agent.pwd),
    ]


def _check(username: str, password: str) -> Case:
    message = aioice_stun.Message(aioice_stun.Method.BINDING, aioice_stun.Class.REQUEST)
    message.attributes |= {"USERNAME": username, **ATTRIBUTES}
    message.add_message_integrity(password.encode())
    return bytes(message)


def packets(scene: Scene) -> list[Case]:
    """Sound, a picture in VP8 and H.264, a retransmission; reports of every kind."""
    [ssrc, *_] = [leg for leg, _rtx in scene.connection._ssrcs]
    head = bytes.fromhex("9060 0001 00000001 00000457 bede0002 9030220000010000")
    sound = bytes.fromhex("906f 0001 00000001 00000458 bede0001 9031e01e")
    lost = list(range(1, 200, 3))
    info = rtcp.RtcpSenderInfo(1 << 40, 1, 1, 1)
    received = rtcp.RtcpReceiverInfo(ssrc, 1, 1, 1, 1, 1, 1)
    reports: list[SupportsBytes] = [
        rtcp.RtcpSrPacket(1111, info, [received]),
        rtcp.RtcpRrPacket(1111, [received] * 3),
        rtcp.RtcpSdesPacket([rtcp.RtcpSourceInfo(1111, [(1, b"cname")])]),
        rtcp.RtcpByePacket([1111]),
        rtcp.RtcpRtpfbPacket(rtcp.RTCP_RTPFB_NACK, 1111, ssrc, lost),
        rtcp.RtcpPsfbPacket(rtcp.RTCP_PSFB_PLI, 1111, ssrc),
        rtcp.RtcpPsfbPacket(rtcp.RTCP_PSFB_APP, 1111, 0, rtcp.pack_remb_fci(10**6, [ssrc])),
    ]
    made = [bytes(each) for each in reports]
    return [
        head + b"\x10\0" + bytes(900),
        head.replace(b"\x60", b"\x66", 1) + b"\x65" + bytes(900),
        head.replace(b"\x60", b"\x61", 1) + b"\0\1\x10\0" + bytes(900),
        sound + bytes(80),
        *made,
        b"".join(made[:3]),
    ]


def run(cases: int, each: Deed, corpus: list[Case], dice: random.Random, breaking: Break) -> int:
    """How many exceptions came out; the first ones are printed."""
    failed = 0
    for _ in range(cases):
        case = breaking(dice.choice(corpus), corpus, dice)
        try:
            each(case)
        except Exception as problem:  # noqa: BLE001  # any at all is what is looked for
            failed += 1
            if failed <= SHOWN:
                print(f"{each.__qualname__}: {problem!r} by {case!r}")
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--to", type=Path, default=RESULTS, help="folder for the results")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    dice, shakes = random.Random(SEED), Handshakes()  # noqa: S311  (the same cases every time)
    shakes.record()
    quiet, talking = Scene(), Scene()
    asyncio.run(_connected(talking))
    offers = [file.read_bytes() for file in sorted(OFFERS.glob("*.sdp"))]
    kinds: dict[str, tuple[float, Deed, list[Case], Break]] = {
        "offers": (0.05, quiet.read_offer, offers, broken_lines),
        "checks": (0.4, quiet.check, checks(quiet), broken),
        "packets": (0.4, talking.take, packets(talking), broken),
        "DTLS": (0.15, shakes.take, shakes.corpus, broken),
    }
    figures, failed = {}, 0
    for name, (share, deed, corpus, breaking) in kinds.items():
        began, mine = time.process_time(), max(1, int(share * asked.cases))
        failed += run(WARM, deed, corpus, dice, breaking)
        gc.collect()
        before = len(gc.get_objects())
        failed += run(mine, deed, corpus, dice, breaking)
        gc.collect()
        figures[f"{name}, cases"] = float(mine)
        figures[f"{name}, us each"] = (time.process_time() - began) / (mine + WARM) * 1e6
        figures[f"{name}, objects left"] = float(len(gc.get_objects()) - before)
    shakes.close()
    left = max(value for name, value in figures.items() if name.endswith("left"))
    figures["failures of ours while a packet was served"] = float(talking.line.failures)
    figures["kept for all of it"] = float(quiet.kept() + talking.kept())
    bars = [
        Bar("exceptions", failed + talking.line.failures, 0, ""),
        Bar("objects left of one kind", left, MOST_LEFT, ""),
    ]
    return 0 if report("fuzz", figures, bars, asked.to) else 1


async def _connected(scene: Scene) -> None:
    scene.connect()


if __name__ == "__main__":
    sys.exit(main())
