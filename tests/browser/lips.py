"""
Whether lips are in step: when a flash is seen and when a beep is heard, in one browser.

A camera that flashes and a microphone that beeps once a second, though not together: the
browser starts its two fake devices when it likes. So both are noted where they are sent, too,
and what counts is how much longer the one takes on its way than the other.
"""

from pathlib import Path
from statistics import median

import numpy as np

from tests.browser.fake_camera import HEIGHT, RATE, WIDTH, write_wave
from tests.browser.people import Person, wait_until

ENOUGH, LAST = 10, 5  # of each that are awaited; of them, those that count
# The time of each first white picture, and of each first loud sample, in milliseconds.
MARK = """
(own) => {
  let video = document.querySelector("video");
  if (own) {
    video = document.body.appendChild(document.createElement("video"));
    video.muted = true;
    video.srcObject = new MediaStream(window.tracks.filter((each) => each.readyState === "live"));
    video.play();
  }
  const marks = window.marks = { flashes: [], beeps: [] };
  const note = (times, now) => {
    const at = performance.timeOrigin + now;  // one clock for all browsers of this machine
    if (!(at - times.at(-1) < 500)) times.push(at);
  };

  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  let white = true;
  const look = (now) => {
    paint.drawImage(video, 0, 0, 8, 8);
    const pixel = paint.getImageData(4, 4, 1, 1).data;
    const was = white;
    white = Math.min(pixel[0], pixel[1], pixel[2]) > 180;
    if (white && !was) note(marks.flashes, now);
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);

  const context = new AudioContext();
  const heard = context.createAnalyser();
  heard.fftSize = 4096;
  context.createMediaStreamSource(video.srcObject).connect(heard);
  const samples = new Float32Array(heard.fftSize);
  setInterval(() => {
    heard.getFloatTimeDomainData(samples);
    const first = samples.findIndex((each) => Math.abs(each) > 0.05);
    // Only where silence goes before it.
    if (first > samples.length / 4)
      note(marks.beeps, performance.now() - (samples.length - first) / context.sampleRate * 1000);
  }, 10);
}
"""

# By how much sound lags, as the browser reckons from the sender's clock it is told.
RECKONED = """
async () => {
  const connected = window.connections.find((each) => each.connectionState === "connected");
  const reports = [...(await connected.getStats()).values()];
  const [picture, sound] = ["video", "audio"].map(
    (kind) => reports.filter((each) => each.type === "inbound-rtp" && each.kind === kind)
      .sort((one, other) => other.packetsReceived - one.packetsReceived)[0]  // not an empty place
  );
  return picture.estimatedPlayoutTimestamp - sound.estimatedPlayoutTimestamp;
}
"""


def write_flashes(path: Path, colour: tuple[int, int, int]) -> Path:
    """A YUV4MPEG2 file of one second: white for 150 ms, else this colour."""
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(RATE):
            luma, *chroma = (235, 128, 128) if number < 3 else colour
            y = np.full((HEIGHT, WIDTH), luma, np.uint8)
            y[-40:] = np.random.default_rng(number).integers(16, 235, (40, WIDTH))
            file.write(b"FRAME\n" + y.tobytes())
            for value in chroma:
                file.write(np.full(WIDTH * HEIGHT // 4, value, np.uint8).tobytes())
    return path


def write_beeps(path: Path) -> Path:
    """A wave file of one second: a tone for 100 ms, else nothing."""
    at = np.arange(48_000) / 48_000
    beep = np.where(at < 0.1, np.sin(2 * np.pi * 1000 * at), 0)
    return write_wave(path, beep * 20_000)


def mark(person: Person, own: bool) -> None:
    """Begin to note flashes and beeps: one's own, or those that arrive."""
    person.page.evaluate(MARK, own)


def lag(sender: Person, receiver: Person) -> float:
    """Milliseconds that sound takes longer from one to the other than picture."""
    sent, got = noted(sender), noted(receiver)
    return delay(sent["beeps"], got["beeps"]) - delay(sent["flashes"], got["flashes"])


def noted(person: Person) -> dict[str, list[float]]:
    """When there was what, once there is enough of it."""
    marks: dict[str, list[float]] = {}

    def enough() -> bool:
        marks.update(person.page.evaluate("window.marks"))
        return min(map(len, marks.values())) >= ENOUGH

    wait_until(enough, f"{ENOUGH} flashes and beeps")
    return marks


def delay(sent: list[float], got: list[float]) -> float:
    """Milliseconds on the way: the median, each with what was sent closest to it."""
    return median(min((at - each for each in sent), key=abs) for at in got[-LAST:])


def reckoned_lag(person: Person) -> float:
    """The same, as the browser reckons that has to bring both into step."""
    return float(person.page.evaluate(RECKONED))
