"""
One person's line: frames in from the browser, frames out to it.

This first relay decodes and encodes; a later one forwards packets behind the same
names. The newest frame of each speaker stays in memory until the next one, or until the
next check of the rooms a second later, and is never written anywhere. Nothing here may
raise: an exception in a source callback would end the track for good.

Shapes: pictures are av.VideoFrame of any size; sound is 20 ms, 48 kHz, signed 16 bit,
stereo, interleaved as (1, 1920).
"""

import time
from collections import deque
from collections.abc import Callable
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from av import AudioFrame, VideoFrame
from numpy.typing import NDArray

if TYPE_CHECKING:
    from core.media.room import Room

RATE = 48_000
SAMPLES = RATE // 50
PICTURE_AGE = 1.0  # seconds after which a picture counts as gone
LARGEST = 1920 * 1088  # pixels
SILENT_AGE = 2.0  # seconds without anything after which a connection counts as gone
QUEUE = 8  # sound frames kept per speaker: 160 ms
TONE_SECONDS = 2.0
TONE_HERTZ = 440
# A switched-off camera keeps sending black; video black is 16 of 255.
BLACK_BELOW = 24
# Root mean square (0 to 1) above which somebody is heard; a muted track sends zeros.
HEARD_ABOVE = 0.003

Sound = NDArray[np.int16]


class Part(Enum):
    """What of a person is forwarded."""

    PICTURE = "picture"
    SOUND = "sound"


class Line:
    """One connection between one browser and the room."""

    def __init__(self, seat: str, room: "Room", stays: Callable[[], bool]) -> None:
        self.seat = seat
        self.room = room
        self.stays = stays  # asks the office whether this browser may still sit here
        self.release: Callable[[], None] = lambda: None  # ends the browser's connection
        self.started = 0  # 0: nothing has arrived yet; below 0: closed
        self._last_put = 0.0
        self._last_picture = 0.0
        self._heard_at = 0.0
        self._pictures: dict[str, tuple[VideoFrame, float]] = {}
        self._sounds: dict[str, deque[Sound]] = {}
        self._tone_left = 0

    @property
    def closed(self) -> bool:
        return self.started < 0

    @property
    def silent(self) -> bool:
        """Nothing has arrived for a while: the browser is gone."""
        return time.monotonic() - self._last_put > SILENT_AGE

    @property
    def camera_on(self) -> bool:
        return time.monotonic() - self._last_picture < PICTURE_AGE

    @property
    def heard(self) -> bool:
        """Something other than silence arrived within the last second."""
        return time.monotonic() - self._heard_at < 1.0

    def put_picture(self, frame: Any) -> None:
        """Take a decoded picture from this browser and give it to whoever may see it."""
        if not self._speaks() or not _is_picture(frame):
            return
        now = time.monotonic()
        black = _is_black(frame)
        if not black:
            self._last_picture = now
        with self.room.audience(self, Part.PICTURE) as audience:
            for hearer in audience:
                if black:
                    hearer._pictures.pop(self.seat, None)
                else:
                    hearer._pictures[self.seat] = (frame, now)

    def put_sound(self, frame: Any) -> None:
        """Take 20 ms of sound from this browser and give it to whoever may hear it."""
        if not self._speaks() or not _is_sound(frame):
            return
        sound = _stereo(frame)
        if np.sqrt(np.mean(np.square(sound / 32768.0))) > HEARD_ABOVE:
            self._heard_at = time.monotonic()
        with self.room.audience(self, Part.SOUND) as audience:
            for hearer in audience:
                hearer._sounds.setdefault(self.seat, deque(maxlen=QUEUE)).append(sound)

    def next_picture(self, _pts: int, _time_base: Fraction) -> VideoFrame:
        """The picture this person sees next: always a frame of its own, grey if there is none."""
        self.drop_old_pictures()
        for frame, _at in list(self._pictures.values()):
            return _copy(frame)
        return _grey()

    def next_sound(self, _pts: int, _time_base: Fraction) -> AudioFrame:
        """The 20 ms this person hears next: everybody who may be heard, added up."""
        mixed = np.zeros((1, 2 * SAMPLES), np.int32)
        for waiting in list(self._sounds.values()):
            if waiting:
                sound = waiting.popleft()
                mixed[:, : sound.shape[1]] += sound[:, : 2 * SAMPLES]
        if self._tone_left > 0:
            mixed += _tone(self._tone_left)
            self._tone_left -= SAMPLES
        frame = AudioFrame.from_ndarray(
            np.clip(mixed, -32768, 32767).astype(np.int16), format="s16", layout="stereo"
        )
        frame.sample_rate = RATE
        return frame

    def play_tone(self) -> None:
        """Play the test tone to this person over the real line."""
        self._tone_left = int(TONE_SECONDS * RATE)

    def drop_old_pictures(self) -> None:
        """What is older than a second is nobody's picture any more."""
        oldest = time.monotonic() - PICTURE_AGE
        for seat, (_frame, at) in list(self._pictures.items()):
            if at < oldest:
                self._pictures.pop(seat, None)

    def forget(self) -> None:
        """Drop everything that waits to be shown or played."""
        self._pictures.clear()
        self._sounds.clear()

    def forget_all_but(self, seats: frozenset[str]) -> None:
        """Drop what came from people who are not among `seats`; one's own mirror stays."""
        for seat in {*self._pictures, *self._sounds} - seats - {self.seat}:
            self.forget_from(seat)

    def forget_from(self, seat: str) -> None:
        """Drop what came from one person."""
        self._pictures.pop(seat, None)
        self._sounds.pop(seat, None)

    def close(self) -> None:
        """Give the seat up; whatever still arrives on this line goes nowhere."""
        self.room.leave_seat(self)
        self.forget()

    def _speaks(self) -> bool:
        self._last_put = time.monotonic()
        return self.room.take_seat(self)


def _is_picture(frame: Any) -> bool:
    # A browser may send what it likes; nothing it sends may end its partner's track.
    if not isinstance(frame, VideoFrame):
        return False
    # A huge picture would hold up everybody's talk while it is copied.
    return min(frame.width, frame.height) > 1 and frame.width * frame.height <= LARGEST


def _is_sound(frame: Any) -> bool:
    return (
        isinstance(frame, AudioFrame)
        and frame.format.name == "s16"
        and frame.layout.nb_channels in (1, 2)
        and frame.samples > 0
    )


def _copy(frame: VideoFrame) -> VideoFrame:
    # Encoders write into the frame they get, so nobody may share one. An odd row or column
    # (a shared window) is left out: NumPy cannot take half a colour sample.
    even = frame.reformat(frame.width & ~1, frame.height & ~1, "yuv420p")
    return VideoFrame.from_ndarray(even.to_ndarray(), "yuv420p")


def _is_black(frame: VideoFrame) -> bool:
    if not frame.format.name.startswith("yuv"):
        return False
    brightness = np.frombuffer(memoryview(frame.planes[0]), np.uint8)[::101]
    return bool(np.percentile(brightness, 99) < BLACK_BELOW)


def _grey() -> VideoFrame:
    frame = np.full((360 * 3 // 2, 480), 128, np.uint8)
    frame[:360] = 56
    return VideoFrame.from_ndarray(frame, "yuv420p")


def _stereo(frame: AudioFrame) -> Sound:
    sound: Sound = frame.to_ndarray().astype(np.int16)
    if frame.layout.nb_channels == 1:
        sound = np.repeat(sound.reshape(1, -1), 2, axis=1)
    return sound.reshape(1, -1)


def _tone(samples_left: int) -> NDArray[np.int32]:
    at = np.arange(SAMPLES) - samples_left
    wave = (0.25 * 32767 * np.sin(2 * np.pi * TONE_HERTZ * at / RATE)).astype(np.int32)
    return np.repeat(wave, 2).reshape(1, -1)
