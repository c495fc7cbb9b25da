"""Real frames for what is encoded and decoded at the far ends, and how to look at them."""

import numpy as np
from av import AudioFrame, VideoFrame

from core.media.packets.placeholders import RATE, SAMPLES

GREY = (56, 128, 128)  # shown when there is no picture


def picture(colour: tuple[int, int, int], width: int = 320, height: int = 240) -> VideoFrame:
    """One picture all of one colour: brightness, blue, red."""
    frame = VideoFrame(width, height, "yuv420p")
    for plane, value in zip(frame.planes, colour, strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    return frame


def colour(frame: VideoFrame) -> tuple[int, int, int]:
    """The colour in the middle of each plane."""
    planes = [np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size) for plane in frame.planes]
    return tuple(
        int(np.median(values[:, : plane.width]))
        for values, plane in zip(planes, frame.planes, strict=True)
    )


def sound(hertz: int, start: int = 0) -> AudioFrame:
    """20 ms of a sine wave; 0 Hz is what a muted microphone sends."""
    at = np.arange(start, start + SAMPLES)
    wave = (0.5 * 32767 * np.sin(2 * np.pi * hertz * at / RATE)).astype(np.int16)
    frame = AudioFrame.from_ndarray(np.repeat(wave, 2).reshape(1, -1), "s16", "stereo")
    frame.sample_rate = RATE
    return frame


def loudness(samples: np.ndarray) -> float:
    """Root mean square, 0 to 1."""
    return float(np.sqrt(np.mean(np.square(samples / 32768.0))))


def main_hertz(samples: np.ndarray) -> float:
    """The frequency with most energy."""
    energy = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.fft.rfftfreq(len(samples), 1 / RATE)[energy.argmax()])
