"""
Debian's Firefox, driven by Playwright over WebDriver BiDi, with a microphone and a camera.

Its own fake camera changes its colour all the time, so a canvas of one colour stands before it:
whose picture arrives can be told. Knows no page.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright

from tests.browser.find_browser import firefox, xvfb

PREFERENCES = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "app.normandy.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
}
OLDER_BIDI = Path(__file__).with_name("older_bidi.cjs")
COLOURS = ("#e00000", "#00b000", "#0000e0")
CAMERA = """
(() => {
  const media = navigator.mediaDevices;
  if (!media) return;
  const ask = media.getUserMedia.bind(media);
  media.getUserMedia = async (...a) => {
    const stream = await ask(...a);
    const [camera] = stream.getVideoTracks();
    if (!camera) return stream;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [320, 240];
    const paint = canvas.getContext("2d");
    let number = 0;
    const draw = () => {
      number += 1;
      paint.fillStyle = "{colour}";
      paint.fillRect(0, 0, 320, 240);
      paint.fillStyle = "#808080";
      paint.fillRect((number * 4) % 280, 20, 30, 30);
    };
    draw();
    const drawing = setInterval(draw, 50);
    const [track] = canvas.captureStream().getVideoTracks();
    const stop = track.stop.bind(track);
    track.stop = () => {
      clearInterval(drawing);
      camera.stop();
      stop();
    };
    track.getSettings = () => ({ ...camera.getSettings(), facingMode: "user" });
    return new MediaStream([track, ...stream.getAudioTracks()]);
  };
})();
"""


@contextmanager
def understood() -> Iterator[None]:
    """A Playwright that begins meanwhile says nothing that this Firefox does not understand."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NODE_OPTIONS", f'--require "{OLDER_BIDI}"')
        yield


@contextmanager
def a_screen(width: int, height: int) -> Iterator[str]:
    """The name of a display that nobody looks at."""
    read, write = os.pipe()
    size = f"{width}x{height}x24"
    command = [xvfb(), "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as process:
        os.close(write)
        try:
            with os.fdopen(read) as said:
                yield f":{said.readline().strip()}"
        finally:
            process.terminate()


def launch(playwright: Playwright, display: str = "") -> Browser:
    """With a window on that display, or without any."""
    return playwright.firefox.launch(
        headless=not display, env={**os.environ, "DISPLAY": display}, **_started()
    )


@contextmanager
def trustful(playwright: Playwright, folder: Path, host: str) -> Iterator[Browser]:
    """Any certificate will do for it, and any name but localhost leads to `host`."""
    preferences = {"network.dns.forceResolve": host}
    # For all of a browser, not for pages only, and that can only be had in this way.
    context = playwright.firefox.launch_persistent_context(
        folder, ignore_https_errors=True, **_started(**preferences)
    )
    assert context.browser
    yield context.browser
    context.close()


def _started(**preferences: object) -> dict[str, Any]:
    return {
        "channel": "moz-firefox",
        "executable_path": firefox(),
        "firefox_user_prefs": {**PREFERENCES, **preferences},
    }


def is_firefox(browser: Browser) -> bool:
    return browser.browser_type.name == "firefox"


def camera(colour: int) -> str:
    """What puts a canvas of one colour (red, green, blue) in place of a page's camera."""
    return CAMERA.replace("{colour}", COLOURS[colour])
