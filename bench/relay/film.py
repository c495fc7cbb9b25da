"""What every participant sends, encoded once before anything is measured. Knows no network."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import numpy as np
from aiortc.codecs.vpx import Vp8Encoder

WIDTH, HEIGHT, PICTURES = 640, 480, 25
SOUNDS, RATE = 50, 48_000
SPOT, PAN, GRAIN = 30, 4, 8  # pixels, pixels a picture, steps of brightness
SECONDS = 2  # then from the beginning again, with a picture that needs no other


@dataclass(frozen=True)
class Film:
    """RTP payloads: of each picture a list, of each 20 ms of sound one."""

    pictures: list[list[bytes]]
    sounds: list[bytes]


def film() -> Film:
    """A moving picture in VP8 with about a megabit a second, noise in Opus with 32 kbit/s."""
    pack = Vp8Encoder()
    pictures = [[bytes(part) for part in pack.pack(picture)[0]] for picture in _pictures()]
    return Film(pictures, [bytes(sound) for sound in _sounds()])


def _pictures() -> list["av.Packet[Any]"]:
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.time_base, encoder.bit_rate = Fraction(1, PICTURES), 1_150_000
    rate = {"minrate": "1150k", "maxrate": "1150k", "bufsize": "200k"}
    encoder.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", **rate}
    packets: list[av.Packet[Any]] = []
    for number, shown in enumerate(_shown()):
        frame = av.VideoFrame.from_ndarray(shown, "yuv420p")
        frame.pts, frame.time_base = number, Fraction(1, PICTURES)
        packets += encoder.encode(frame)
    return packets + encoder.encode(None)


def _shown() -> Iterator[np.ndarray]:
    """A soft pattern that moves, and the noise of a camera: brightness and colours below it."""
    dice, height = np.random.default_rng(0), HEIGHT * 3 // 2
    soft = dice.integers(60, 180, (height // SPOT, 2 * WIDTH // SPOT)).astype(float)
    soft = soft.repeat(SPOT, 0).repeat(SPOT, 1)
    for axis in (0, 1):
        soft = np.mean([np.roll(soft, by, axis) for by in range(SPOT)], axis=0)
    for number in range(SECONDS * PICTURES):
        part = soft[:, number * PAN : number * PAN + WIDTH]
        yield (part + dice.integers(0, GRAIN, part.shape)).astype(np.uint8)


def _sounds() -> list["av.Packet[Any]"]:
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.format, encoder.layout = RATE, "s16", "mono"
    encoder.time_base, encoder.bit_rate = Fraction(1, RATE), 32_000
    encoder.options = {"vbr": "off"}
    samples = RATE // SOUNDS
    noise = np.random.default_rng(0).integers(-9000, 9000, (SECONDS * SOUNDS, samples), np.int16)
    packets: list[av.Packet[Any]] = []
    for number, part in enumerate(noise):
        frame = av.AudioFrame.from_ndarray(part.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
        frame.pts = number * samples
        packets += encoder.encode(frame)
    return packets
