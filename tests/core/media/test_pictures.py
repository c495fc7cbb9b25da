"""
Sources switched at every packet, with real pictures and a real decoder at the far end.

Whatever is decoded is, bit for bit, the picture that its sender's own decoder has: nothing is ever
drawn upon another source's picture, nor upon the server's grey one.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pytest
from aiortc.codecs.vpx import Vp8Decoder, Vp8Encoder, VpxPayloadDescriptor
from aiortc.jitterbuffer import JitterFrame
from av import VideoFrame
from hypothesis import given, settings
from hypothesis import strategies as st

from core.media.packets import keyframes, placeholders, rtp
from core.media.packets.outlet import Outlet
from tests.core.media.ends import VP8, leg, packet

FRAMES, WHOLE_EVERY = 12, 4  # pictures of a film; each fourth needs no other
SECOND, MOMENT = 1.0, 0.03


@dataclass(frozen=True)
class Shot:
    """One picture as it is sent, and as its sender's own decoder has it."""

    payloads: tuple[bytes, ...]
    seen: bytes


def decoded(decoder: Vp8Decoder, payloads: tuple[bytes, ...]) -> bytes:
    data = b"".join(VpxPayloadDescriptor.parse(each)[1] for each in payloads)
    [frame] = decoder.decode(JitterFrame(data, 0))
    return frame.to_ndarray().tobytes()


@cache
def film(which: int) -> tuple[Shot, ...]:
    """Restless pictures, several packets each; each film has a size of its own."""
    width, height = ((160, 120), (240, 160), (320, 160))[which]
    chance, encoder, decoder = np.random.default_rng(which), Vp8Encoder(), Vp8Decoder()
    encoder.picture_id = 7  # the same everywhere: they tell no film from another
    shots = []
    for number in range(FRAMES):
        pixels = chance.integers(0, 255, (height * 3 // 2 // 4, width // 4), np.uint8)
        frame = VideoFrame.from_ndarray(np.kron(pixels, np.ones((4, 4), np.uint8)), "yuv420p")
        frame.pts, frame.time_base = number * 3000, Fraction(1, 90_000)
        payloads, _ = encoder.encode(frame, force_keyframe=number % WHOLE_EVERY == 0)
        shots.append(Shot(tuple(payloads), decoded(decoder, tuple(payloads))))
    return tuple(shots)


@cache
def known() -> dict[tuple[bytes, ...], bytes]:
    """What every picture that can come looks like."""
    grey = tuple(placeholders.grey("VP8"))
    films = {each.payloads: each.seen for which in range(3) for each in film(which)}
    return films | {grey: decoded(Vp8Decoder(), grey)}


@dataclass(eq=False)
class Source:
    """One film, packet by packet; it goes on whether anybody gets it or not."""

    which: int
    source: int = 0
    screen_of: str | None = None
    number: int = 60_000  # not far from where numbers start over

    def __post_init__(self) -> None:
        self.seat = f"guest:{self.which}"
        self.packets = self.run()

    def run(self) -> Any:
        while True:
            for at, shot in enumerate(film(self.which)):
                for payload in shot.payloads:
                    self.number += 1
                    last = payload is shot.payloads[-1]
                    yield packet(
                        self.number,
                        payload,
                        marker=last,
                        timestamp=at * 3000,
                        source=self.source,
                        ssrc=7,
                    )


@dataclass
class FarEnd:
    """A browser: puts packets in order, and decodes what it may believe to be whole."""

    got: dict[int, rtp.Packet] = field(default_factory=dict)

    def take(self, data: list[bytes]) -> None:
        for each in map(rtp.parse, data):
            self.got[each.sequence_number] = each

    def sees(self) -> list[tuple[tuple[bytes, ...], bytes]]:
        """Each picture that it shows: what was sent, and what was made of it."""
        decoder, shown, shot, whole, last = Vp8Decoder(), [], [], False, 0
        for number in sorted(self.got):
            here = self.got[number]
            if number != last + 1 or (shot and here.timestamp != shot[-1].timestamp):
                whole, shot = whole and number == last + 1 and not shot, []
            last = number
            if not shot and not here.payload[0] & 0x10:
                whole = False
            shot.append(here)
            if not here.marker:
                continue
            payloads = tuple(each.payload for each in shot)
            begins = keyframes.starts_keyframe("VP8", payloads[0])
            complete, shot = bool(payloads[0][0] & 0x10), []
            whole = complete and (whole or begins)
            if whole:
                shown.append((payloads, decoded(decoder, payloads)))
        return shown


@dataclass
class Talk:
    outlet: Outlet = field(default_factory=lambda: Outlet(leg(), True))
    far: FarEnd = field(default_factory=FarEnd)
    now: float = 10.0

    def plays(self, source: Source, packets: int) -> None:
        for _ in range(packets):
            self.now += MOMENT / 3
            self.gives(source, next(source.packets))

    def gives(self, source: Source, sent: rtp.Packet) -> None:
        self.far.take(self.outlet.give(source, "VP8", sent, None, self.now))

    def greys(self) -> None:
        self.now += 2 * SECOND
        self.far.take(self.outlet.grey(self.now))

    def proves(self, at_least: int) -> None:
        shown = self.far.sees()
        for payloads, picture in shown:
            assert picture == known()[payloads], "drawn upon another picture"
        assert len(shown) >= at_least


LONG = 3 * sum(len(each.payloads) for each in film(0)) // 2
BOUNDARIES = range(sum(len(each.payloads) for each in film(0)[: WHOLE_EVERY + 2]))


def to_grey_and_back(talk: Talk, one: Source, other: Source) -> None:
    talk.greys()
    talk.plays(one, LONG)


def to_another_and_back(talk: Talk, one: Source, other: Source) -> None:
    talk.plays(other, 5)
    talk.plays(one, LONG)


def to_grey_and_to_another(talk: Talk, one: Source, other: Source) -> None:
    talk.greys()
    talk.plays(other, LONG)


def to_another_that_turns_grey(talk: Talk, one: Source, other: Source) -> None:
    talk.plays(other, 4)
    talk.greys()
    talk.plays(one, 2)
    talk.greys()
    talk.plays(other, LONG)


def to_another_camera_of_the_same_person(talk: Talk, one: Source, other: Source) -> None:
    other.seat, other.which = one.seat, 2
    one.source += 1
    talk.plays(one, LONG)


def the_door_closes_and_opens(talk: Talk, one: Source, other: Source) -> None:
    talk.outlet.forget()
    talk.plays(one, LONG)


def one_picture_a_second(talk: Talk, one: Source, other: Source) -> None:
    """What Firefox sent of a camera that is off."""
    for _ in range(3):
        for _ in range(8):
            talk.plays(one, 1)
        talk.greys()
    talk.plays(one, LONG)


WAYS = [
    to_grey_and_back,
    to_another_and_back,
    to_grey_and_to_another,
    to_another_that_turns_grey,
    to_another_camera_of_the_same_person,
    the_door_closes_and_opens,
    one_picture_a_second,
]


@pytest.mark.parametrize("way", WAYS)
def test_at_whatever_packet_the_source_changes_no_picture_is_drawn_upon_another(way):
    for boundary in BOUNDARIES:
        talk, one, other = Talk(), Source(0), Source(1)
        talk.plays(one, boundary)
        way(talk, one, other)
        talk.proves(at_least=WHOLE_EVERY)


DEEDS = st.sampled_from(["play", "play", "play", "lose", "late", "other", "grey", "forget", "new"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(DEEDS, st.integers(1, 30)), min_size=5, max_size=40), st.integers())
def test_whatever_is_lost_late_or_switched_no_picture_is_drawn_upon_another(deeds, seed):
    chance, talk, sources = Random(seed), Talk(), [Source(which) for which in range(3)]
    one, late = sources[0], []
    for deed, count in deeds:
        if deed == "play":
            talk.plays(one, count)
        elif deed == "lose":
            late += [(one, next(one.packets)) for _ in range(count % 4)]
        elif deed == "late":
            chance.shuffle(late)
            for source, sent in late[:count]:
                talk.gives(source, sent)
            del late[:count]
        elif deed == "other":
            one = chance.choice(sources)
        elif deed == "grey":
            talk.greys()
        elif deed == "forget":
            talk.outlet.forget()
        else:
            one.source += 1
    talk.proves(at_least=0)


def test_an_outlet_that_let_through_what_needs_another_picture_would_be_caught():
    """The test itself: after the grey picture, whatever comes is sent."""

    class Careless(Outlet):
        def give(self, speaker, codec, packet, level, now):
            if self._begins and self.speaker is speaker:
                return self._begin(packet, VP8, level, now)
            return super().give(speaker, codec, packet, level, now)

    talk, one = Talk(Careless(leg(), True)), Source(0)
    talk.plays(one, 5)
    talk.greys()
    talk.plays(one, LONG)
    with pytest.raises(AssertionError, match="drawn upon another"):
        talk.proves(at_least=0)
