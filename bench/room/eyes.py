"""
What the pages themselves note, each with the machine's clock: presses, first pictures and
sounds, words that appear. Knows no server.
"""

import time
from collections.abc import Callable

from tests.browser.people import Person

PATIENCE = 20.0  # seconds
MILLI = 1000

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
# The moments of the first picture of the other's colour, in any place, and of the first sound.
FIRST = """
(channel) => {
  window.seen = window.heard = null;
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const watched = new WeakSet();
  const look = (video) => {
    paint.drawImage(video, 0, 0, 8, 8);
    const pixel = paint.getImageData(2, 6, 1, 1).data;
    if (pixel[channel] > 120 && pixel[2 - channel] < 100) window.seen ??= Date.now();
    if (!window.seen) video.requestVideoFrameCallback(() => look(video));
  };
  const all = () => {
    for (const video of document.querySelectorAll(".stage .tile video"))
      if (!watched.has(video)) {
        watched.add(video);
        video.requestVideoFrameCallback(() => look(video));
      }
    if (!window.seen) setTimeout(all, 20);
  };
  all();
  let before = null;
  const listen = async () => {
    let energy = 0;
    for (const connection of window.connections)
      for (const each of (await connection.getStats()).values())
        if (each.type === "inbound-rtp") energy += each.totalAudioEnergy ?? 0;
    before ??= energy;
    if (energy > before + 1e-5) window.heard ??= Date.now();
    if (!window.heard) setTimeout(listen, 20);
  };
  listen();
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
