"""
Files for Chromium's fake devices: a camera of one colour and a voice-like sound.

The colour tells whose picture arrives. The sound goes on without a pause, unlike
Chromium's own beep once a second, and changes enough not to be taken for noise.
"""

import wave
from pathlib import Path

import numpy as np

WIDTH, HEIGHT, RATE = 320, 240, 20
# Y, U, V of a full red and a full blue.
RED, BLUE = (81, 90, 240), (41, 240, 110)


def write_video(path: Path, colour: tuple[int, int, int], seconds: int = 2) -> Path:
    """A YUV4MPEG2 file of one colour with a moving grey square."""
    luma, *chroma = colour
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(RATE * seconds):
            y = np.full((HEIGHT, WIDTH), luma, np.uint8)
            y[20:50, number * 4 % 280 : number * 4 % 280 + 30] = 128
            file.write(b"FRAME\n" + y.tobytes())
            for value in chroma:
                file.write(np.full(WIDTH * HEIGHT // 4, value, np.uint8).tobytes())
    return path


def write_scene(
    path: Path, colour: tuple[int, int, int], seconds: int = 2, rate: int = RATE
) -> Path:
    """The same at 640 by 480, but as hard to encode as a person in a dim room: several packets."""
    width, height, chance = 640, 480, np.random.default_rng(4)
    wall = np.kron(chance.integers(-30, 30, (height // 8, width // 8)), np.ones((8, 8), int))
    luma, *chroma = colour
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F{rate}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(rate * seconds):
            noise = chance.integers(-6, 6, (height, width))
            y = luma + np.roll(wall, number * width // (rate * seconds), axis=1) + noise
            file.write(b"FRAME\n" + y.clip(16, 235).astype(np.uint8).tobytes())
            for value in chroma:
                file.write(np.full(width * height // 4, value, np.uint8).tobytes())
    return path


def write_sound(path: Path, hertz: int, seconds: int = 10) -> Path:
    """A wave file of a wavering tone with overtones, 48 kHz, mono."""
    at = np.arange(48_000 * seconds) / 48_000
    phase = 2 * np.pi * hertz * at + 3 * np.sin(2 * np.pi * 5 * at)
    voice = sum(np.sin(phase * overtone) / overtone for overtone in range(1, 9))
    loud = voice * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * at)) / np.abs(voice).max()
    return write_wave(path, loud * 16_000)


def write_wave(path: Path, samples: np.ndarray) -> Path:
    """A wave file of these samples (at most ±32,767), 48 kHz, mono."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(samples.astype(np.int16).tobytes())
    return path
