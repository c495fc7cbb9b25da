"""
What the server itself has to say: a grey picture and a test tone.

The only place where anything is encoded, each once, at first use. Shapes: RTP payloads as
lists of bytes, one list per picture; one payload per 20 ms of sound, 48 kHz.
"""

from fractions import Fraction
from functools import cache

import numpy as np
from aiortc.codecs.h264 import H264Encoder
from aiortc.codecs.opus import OpusEncoder
from aiortc.codecs.vpx import Vp8Encoder
from av import AudioFrame, VideoFrame

RATE = 48_000
SAMPLES = RATE // 50
TONE_SECONDS = 2
TONE_HERTZ = 440


@cache
def grey(codec: str) -> list[bytes]:
    """One whole picture of nothing but grey, for "VP8" or "H264"."""
    pixels = np.full((360 * 3 // 2, 480), 128, np.uint8)
    pixels[:360] = 56
    frame = VideoFrame.from_ndarray(pixels, "yuv420p")
    frame.pts, frame.time_base = 0, Fraction(1, 90_000)
    encoder = Vp8Encoder() if codec == "VP8" else H264Encoder()
    payloads, _timestamp = encoder.encode(frame, force_keyframe=True)
    return [bytes(payload) for payload in payloads]


@cache
def tone() -> list[bytes]:
    """The test tone in Opus, packet by packet."""
    encoder, packets = OpusEncoder(), []
    for number in range(TONE_SECONDS * 50):
        at = np.arange(number * SAMPLES, (number + 1) * SAMPLES)
        wave = (0.25 * 32767 * np.sin(2 * np.pi * TONE_HERTZ * at / RATE)).astype(np.int16)
        frame = AudioFrame.from_ndarray(np.repeat(wave, 2).reshape(1, -1), "s16", "stereo")
        frame.sample_rate, frame.pts = RATE, number * SAMPLES
        frame.time_base = Fraction(1, RATE)
        payloads, _timestamp = encoder.encode(frame)
        packets += [bytes(payload) for payload in payloads]
    return packets
