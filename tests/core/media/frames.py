"""Real frames for the tests of the live room, and how to look at what comes out."""

import threading
import time
from collections.abc import Callable
from fractions import Fraction

import numpy as np
from av import AudioFrame, VideoFrame

from core.media.relay import RATE, SAMPLES, Line

TICK = Fraction(1, 90_000)
GREY = 56  # brightness of the picture shown when there is none
PATIENCE = 20.0


def picture(brightness: int, width: int = 64, height: int = 48) -> VideoFrame:
    """One evenly bright picture, as a decoder gives it."""
    frame = VideoFrame(width, height, "yuv420p")
    for plane, value in zip(frame.planes, (brightness, 128, 128), strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    return frame


def sound(
    hertz: int = 0, volume: float = 0.5, start: int = 0, layout: str = "stereo"
) -> AudioFrame:
    """20 ms of a sine wave; 0 Hz is what a muted microphone sends."""
    at = np.arange(start, start + SAMPLES)
    wave = (volume * 32767 * np.sin(2 * np.pi * hertz * at / RATE)).astype(np.int16)
    channels = 2 if layout == "stereo" else 1
    frame = AudioFrame.from_ndarray(
        np.repeat(wave, channels).reshape(1, -1), format="s16", layout=layout
    )
    frame.sample_rate = RATE
    return frame


def sees(line: Line) -> int:
    """How bright the next picture of this line is, on average."""
    return brightness(line.next_picture(0, TICK))


def brightness(frame: VideoFrame) -> int:
    pixels = frame.to_ndarray(format="gray8" if frame.format.name == "gray8" else "yuv420p")
    return round(float(pixels[: frame.height].mean()))


def hears(line: Line) -> np.ndarray:
    """The next 20 ms of this line, one channel."""
    return line.next_sound(0, TICK).to_ndarray()[0, ::2]


def loudness(samples: np.ndarray) -> float:
    """Root mean square, 0 to 1."""
    return float(np.sqrt(np.mean(np.square(samples / 32768.0))))


def main_hertz(samples: np.ndarray) -> float:
    """The frequency with most energy."""
    energy = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.fft.rfftfreq(len(samples), 1 / RATE)[energy.argmax()])


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; fails loudly when it never comes."""
    end = time.monotonic() + PATIENCE
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < end
        pause.wait(0.01)
