"""
The people of a journey: a visitor and an advisor, each in a browser of their own.

They use only what a person sees (names of buttons, headings, fields). What arrives is
measured by WebRTC's own statistics and by the pixels of the picture, never by the
presence of an element.
"""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.browser.asked import Asked
from tests.browser.firefox import camera, is_firefox

SECONDS = 1000
SECOND_CLICK = 600  # milliseconds; see pages/ui/page/clicks.js
START = "Kamera und Mikrofon einschalten"
RED, GREEN, BLUE = range(3)
PROBE = """
(() => {
  if (window.connections) return;
  window.connections = [];
  window.tracks = [];
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...a) {
      super(...a);
      this.given = a[0];
      window.connections.push(this);
    }
  };
  const media = navigator.mediaDevices;
  if (!media) return;
  const ask = media.getUserMedia.bind(media);
  media.getUserMedia = async (...a) => {
    const stream = await ask(...a);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
})();
"""
RECEIVED = """
async () => {
  const sum = { frames: 0, energy: 0 };
  for (const connection of window.connections ?? []) {
    if (connection.connectionState !== "connected") continue;
    for (const report of (await connection.getStats()).values()) {
      if (report.type !== "inbound-rtp") continue;
      sum.frames += report.framesDecoded ?? 0;
      sum.energy += report.totalAudioEnergy ?? 0;
    }
  }
  return sum;
}
"""
PICTURE = """
() => {
  const video = document.querySelector(".stage .tile:not([hidden]) video");
  if (!video || !video.videoWidth) return [0, 0, 0];
  const canvas = document.createElement("canvas");
  canvas.width = 16; canvas.height = 16;
  const paint = canvas.getContext("2d");
  paint.drawImage(video, 0, 0, 16, 16);
  const pixels = paint.getImageData(0, 0, 16, 16).data;
  const sum = [0, 0, 0];
  for (let i = 0; i < pixels.length; i += 4) for (const c of [0, 1, 2]) sum[c] += pixels[i + c];
  return sum.map((value) => value / 256);
}
"""


def wait_until(done: Callable[[], bool], what: str, seconds: float = 30) -> float:
    """Await a condition; returns the seconds it took."""
    began = time.monotonic()
    while not done():
        if time.monotonic() - began > seconds:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)
    return time.monotonic() - began


# As a person types. Playwright sets a field's value itself in Firefox, for letters that no American
# keyboard has, too; React does not hear of that and may take it back.
INSERT = "(text) => document.execCommand('insertText', false, text)"


class Person:
    """Somebody at a browser of their own."""

    CAMERA = GREEN

    def __init__(self, browser: Browser, base_url: str, **context: Any) -> None:
        settings = {"locale": "de-DE", "timezone_id": "Europe/Berlin", **context}
        self.context: BrowserContext = browser.new_context(base_url=base_url, **settings)
        self.browser = browser
        if is_firefox(browser):
            self.context.add_init_script(camera(self.CAMERA))
        else:
            self.context.grant_permissions(["camera", "microphone"], origin=base_url)
        self.context.add_init_script(PROBE)
        self.context.set_default_timeout(30 * SECONDS)
        self.requests: list[str] = []
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.errors: list[str] = []  # what broke in a page's scripts
        self.context.on("weberror", lambda error: self.errors.append(str(error.error.stack)))
        self.context.on("console", self._notes)
        self.page: Page = self.context.new_page()
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.asked = Asked()
        self.page.on("websocket", self.asked.listen)

    def _notes(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.errors.append(said.text)

    def sees(self, heading: str, seconds: float = 30) -> None:
        expect(self.page.get_by_role("heading", name=heading, exact=True)).to_be_visible(
            timeout=seconds * SECONDS
        )

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def has_call(self) -> bool:
        return self.page.locator(".stage").count() > 0

    def call_is_ready(self) -> None:
        """The page has come to rest: the call's own button is there."""
        expect(self._control(START)).to_be_visible()

    def turn_on(self) -> None:
        self._control(START).click()

    def toggle(self, button: str) -> None:
        """Press one of the call's own controls."""
        self._control(button).click()

    def _control(self, name: str) -> Locator:
        return self.page.locator(".stage").get_by_role("button", name=name, exact=True)

    def received(self) -> dict[str, float]:
        """Frames decoded and audio energy received so far on connected connections."""
        received: dict[str, float] = self.page.evaluate(RECEIVED)
        return received

    def colour(self) -> list[float]:
        """Mean red, green, blue (0 to 255) of what the call shows."""
        colour: list[float] = self.page.evaluate(PICTURE)
        return colour

    def sees_and_hears(self, seconds: float = 30) -> float:
        """Await both rising; returns the seconds it took."""
        began = self.received()

        def rising() -> bool:
            now = self.received()
            if now["frames"] < began["frames"]:
                began.update(now)  # another connection counts from nothing
            return now["frames"] > began["frames"] + 5 and now["energy"] > began["energy"] + 1e-4

        return wait_until(rising, f"picture and sound arrive: {began}", seconds)

    def sees_a_picture(self) -> bool:
        """Every fake camera has a colour; no picture is grey."""
        colour = self.colour()
        return max(colour) > min(colour) + 60

    def sees_own_picture(self) -> None:
        """Outside a talk; nobody hears anything there but the test tone."""
        wait_until(self.sees_a_picture, "one's own picture comes back from the server")

    def sees_picture_of(self, other: "Person") -> bool:
        """Whether what is shown has the colour of the other one's camera, and not of one's own."""
        colour = self.colour()
        return colour[other.CAMERA] > 120 and colour[self.CAMERA] < 60

    def hears_nothing_for(self, seconds: float) -> bool:
        """Whether the audio energy of a living connection stands still, measured over `seconds`."""
        before = self.received()
        self.page.wait_for_timeout(seconds * SECONDS)
        now = self.received()
        return now["frames"] > before["frames"] and abs(now["energy"] - before["energy"]) < 1e-6

    def live_tracks(self) -> int:
        """Camera and microphone tracks that are still live."""
        script = '() => (window.tracks ?? []).filter((t) => t.readyState === "live").length'
        return int(self.page.evaluate(script))

    def opens_chat(self) -> None:
        """On a phone the chat lies behind a button."""
        button = self.page.get_by_role("button", name="Chat öffnen")
        if button.is_visible():
            button.click()

    def closes_chat(self) -> None:
        sidebar = self.page.get_by_test_id("stSidebar")
        sidebar.hover()
        self.page.get_by_role("button", name="Chat schließen").click()

    def writes(self, text: str) -> None:
        field = self.page.get_by_test_id("stChatInput").get_by_role("textbox")
        if is_firefox(self.browser):
            field.focus()
            self.page.evaluate(INSERT, text)
        else:
            field.fill(text)
        field.press("Enter")

    def leave(self) -> None:
        self.context.close()


class Visitor(Person):
    """A client with a link, before a red camera."""

    CAMERA = RED

    def opens(self, link: str) -> None:
        self.page.goto(link)

    def agrees(self) -> None:
        self.sees("Startseite")
        # Streamlit hides the real box behind its own drawing of it.
        self.page.get_by_text("Ich stimme den Nutzungsbedingungen zu").click()
        expect(self.page.get_by_role("checkbox", name="Ich stimme")).to_be_checked()
        self.press("Weiter")
        self.sees("Gerät prüfen")
        # The next button has come to the place of this one: a click there would be its second.
        self.page.wait_for_timeout(SECOND_CLICK)

    def tests_devices(self) -> None:
        self.turn_on()
        expect(self.page.get_by_text("Die Kamera funktioniert.")).to_be_visible()
        expect(self.page.get_by_text("Das Mikrofon funktioniert.")).to_be_visible()

    def goes_to_waiting_room(self) -> None:
        self.press("Schritt 2: Beratungsraum betreten")
        self.sees("Warteraum")


class Advisor(Person):
    """An advisor with an account, before a blue camera."""

    CAMERA = BLUE

    def checks_identity(self) -> None:
        # Streamlit hides the real button behind its own drawing of it.
        self.page.get_by_text("Ausweis in die Kamera gehalten", exact=True).click()
        expect(self.page.get_by_role("radio", name="Ausweis")).to_be_checked()
        self.press("Identität geprüft")

    def signs_in(self, login: str, password: str) -> None:
        self.page.goto("/anmelden")
        self.page.get_by_label("Anmeldename").fill(login)
        self.page.get_by_label("Passwort").fill(password)
        self.press("Anmelden")
        self.sees("Tagesplan")

    def awaits_media(self) -> None:
        """Until frames are decoded: the connection stands."""
        wait_until(lambda: self.received()["frames"] > 5, "the connection stands")

    def ends_for_all(self) -> None:
        """Press the button and say yes to its one question."""
        self.press("Gespräch beenden")
        self.press("Ja, für alle beenden")

    def goes_to_desk(self, appointment_id: int) -> None:
        self.page.locator(f".st-key-to_{appointment_id}").get_by_role("button").click()
        self.sees("Beratungsraum")
