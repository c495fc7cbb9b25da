"""
What the pages themselves note, each with the machine's clock: presses, first pictures and
sounds, words that appear. Knows no server.
"""

import time
from collections.abc import Callable

from tests.browser.people import Person

PATIENCE = 20.0  # seconds
MILLI = 1000
# What is measured here needs a thread of its own, which our pages allow nobody.
PHONE = {"viewport": {"width": 390, "height": 844}, "bypass_csp": True}
DESK = {"viewport": {"width": 1280, "height": 800}, "bypass_csp": True}

# The moment of the next press, of a button or of the Enter key.
PRESSED = """
() => {
  window.pressed = null;
  const note = (event) => {
    if (event.type === "click" || event.key === "Enter") window.pressed ??= Date.now();
  };
  for (const each of ["click", "keydown"]) addEventListener(each, note, true);
}
"""
# The moment at which the next character stands in a field.
TYPED = """
() => {
  window.typed = null;
  addEventListener("input", () => (window.typed ??= Date.now()), true);
}
"""
# The moments of the first decoded picture of the other's colour and of the first sound, noted by
# a thread beside the page's own, which has just then a new page to draw; and the moment of the
# next picture that is drawn in the page.
FIRST = """
(channel) => {
  const work = async ({ data: { kind, channel, readable } }) => {
    const pixels = new Uint8Array(64);
    // Below the middle of a picture, where the fake camera shows nothing but its colour.
    const corner = { x: 64, y: 160, width: 2, height: 2 };
    // Four of brightness, one of blue, one of red: of I420 as of NV12.
    const shown = async (frame) => {
      if (frame.codedHeight < 162) return false;
      await frame.copyTo(pixels, { rect: corner });
      const [blue, red] = pixels.subarray(4);
      return channel === 0 ? red > blue + 40 : blue > red + 40;
    };
    let energy = 0;
    const heard = async (sound) => {
      const samples = new Float32Array(sound.numberOfFrames);
      sound.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
      for (const each of samples) energy += (each * each) / sound.sampleRate;
      return energy > 1e-5;
    };
    const found = kind === "video" ? shown : heard;
    for (const reader = readable.getReader(); ; ) {
      const { value, done } = await reader.read();
      if (done) return;
      const yes = await found(value);
      value.close();
      if (!yes) continue;
      postMessage(Date.now());
      return;
    }
  };
  window.seen = window.heard = window.drawn = null;
  // A picture that has come is the other's from now on.
  const look = () => {
    for (const video of document.querySelectorAll(".stage .tile:not([hidden]) video"))
      video.requestVideoFrameCallback((_now, { presentationTime }) => {
        window.drawn ??= performance.timeOrigin + presentationTime;
      });
    if (!window.drawn) setTimeout(look, 20);
  };
  const address = URL.createObjectURL(new Blob([`onmessage = ${work}`]));
  for (const connection of window.connections)
    for (const { track } of connection.getReceivers()) {
      const { kind } = track;
      const { readable } = new MediaStreamTrackProcessor({ track });
      const worker = new Worker(address);
      const name = kind === "video" ? "seen" : "heard";
      worker.onmessage = ({ data }) => {
        window[name] ??= data;
        if (name === "seen") look();
      };
      worker.postMessage({ kind, channel, readable }, [readable]);
    }
}
"""
# The moment something that fits the selector says these words.
SAYS = """
([selector, words]) => {
  window.said = null;
  const look = () => {
    for (const each of document.querySelectorAll(selector))
      if (each.textContent.includes(words)) window.said ??= Date.now();
    if (!window.said) requestAnimationFrame(look);
  };
  look();
}
"""
# The moment a picture as wide as a screen is shown in the place of a screen.
SCREEN = """
() => {
  window.shown = null;
  const look = () => {
    const video = document.querySelector(".stage .tile.screen:not([hidden]) video");
    if (video?.videoWidth) video.requestVideoFrameCallback(() => (window.shown ??= Date.now()));
    else setTimeout(look, 10);
  };
  look();
}
"""
JOINED = """
async () => {
  const all = window.connections ?? [];
  let frames = 0;
  for (const each of all)
    for (const report of (await each.getStats()).values())
      if (report.type === "inbound-rtp") frames += report.framesDecoded ?? 0;
  const up = all.some((each) => each.connectionState === "connected");
  return [all.length, up && frames > 0];
}
"""


def watch(person: Person, script: str, *given: object) -> None:
    person.page.evaluate(script, *given)


def noted(person: Person, name: str, seconds: float = PATIENCE) -> float | None:
    """The moment the page has noted, in seconds; None if there is none in all this time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        at: float | None = person.page.evaluate(f"window.{name}")
        if at is not None:
            return at / MILLI
        person.page.wait_for_timeout(20)
    return None


def joins(person: Person, begin: Callable[[], object]) -> tuple[float, int] | None:
    """Seconds until the own connection plays, and how many it took; None if none does."""
    begin()
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        tries, plays = person.page.evaluate(JOINED)
        if plays:
            return time.monotonic() - began, tries
        person.page.wait_for_timeout(50)
    return None
