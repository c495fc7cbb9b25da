"""
The stage alone in a page, without a server: its script, its words and a real browser.

Only the devices and the line to the server are replaced: `devices` says of each kind what there
is ("there", or the error that asking for it ends with), `tracks` are those that were given. What
is sent is read from real senders.
"""

from functools import partial
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route

from pages.call import stage
from pages.ui import modules
from tests.browser.people import wait_until

ADDRESS = "https://stage.test/"  # asked of nobody: devices are for safe pages only
DEVICES = """
(() => {
  window.asked = [];
  window.tracks = [];
  window.devices = { audio: "there", video: "there" };
  window.allowed = { audio: "granted", video: "granted" };
  const names = { microphone: "audio", camera: "video" };
  const media = navigator.mediaDevices;
  const statuses = (window.statuses = {});
  navigator.permissions.query = async ({ name }) => {
    const status = (statuses[names[name]] ??= new EventTarget());
    Object.defineProperty(status, "state", { configurable: true, get: () => allowed[names[name]] });
    return status;
  };
  media.enumerateDevices = async () =>
    ["audio", "video"]
      .filter((kind) => devices[kind] !== "NotFoundError")
      .map((kind) => ({ kind: `${kind}input`, deviceId: kind, label: kind }));
  const made = {
    audio: () => new AudioContext().createMediaStreamDestination().stream.getTracks()[0],
    video: () => document.createElement("canvas").captureStream(20).getTracks()[0],
  };
  media.getUserMedia = async (wanted) => {
    const kinds = Object.keys(wanted);
    asked.push(kinds.sort().join(" "));
    for (const kind of kinds) {
      const [name, message = ""] = devices[kind].split(": ");
      if (name === "unanswered") await new Promise((answer) => (window.answer = answer));
      else if (name !== "there") throw new DOMException(message, name);
    }
    const given = kinds.map((kind) => {
      const track = made[kind]();
      track.is = { muted: false };
      Object.defineProperty(track, "muted", { get: () => track.is.muted });
      return track;
    });
    tracks.push(...given);
    return new MediaStream(given);
  };
  window.mute = (kind, muted) => {
    const track = tracks.findLast((each) => each.kind === kind && each.readyState === "live");
    track.is.muted = muted;
    track.dispatchEvent(new Event(muted ? "mute" : "unmute"));
  };
  window.lose = (kind) => {
    const track = tracks.findLast((each) => each.kind === kind && each.readyState === "live");
    track.stop();
    track.dispatchEvent(new Event("ended"));
  };
})();
"""
# A connection that nobody answers, taken for one that stands.
LINE = """
import { initial } from "./ui/{version}/call/element.js";
import { Line } from "./ui/{version}/call/line.js";
import mount from "./ui/{version}/call/stage.js";
import { Watch } from "./ui/{version}/call/statistics.js";

Line.prototype.offer = async function () {
  this.pc ??= new RTCPeerConnection();
  if (!this.places.length) this.places = this.lay(this.pc);
  this.since = 0;
  await this.send();
};
Object.assign(window, { Watch, initial, mount });
Line.prototype.tick = async function () {
  if (this.wanted) this.told(null);
};
"""
SENT = """
() => Object.values(beratungsraum.stage.line.places[0] ?? {})
  .map((each) => each.sender?.track?.kind).filter(Boolean).sort().join(" ")
"""
SHOWN: dict[str, object] = {
    "tab": "tab",
    "call": 1,
    "iceServers": [],
    "camera": True,
    "talking": False,
    "autostart": False,
    "alone": "",
    "people": [],
    "places": 1,
    "phone": "",
    "freeze": False,
}


def opened(context: BrowserContext, before: str = "", **data: Any) -> Page:
    """A page with the stage drawn on it; `before` is run in it first."""
    context.add_init_script(DEVICES + before)
    page = context.new_page()
    script = LINE.replace("{version}", modules.VERSION)
    begun = "<script>window.beratungsraum = {}</script>"  # as first.js does
    body = f'<div id="here"></div>{begun}<script type="module">{script}</script>'
    style = f"<style>{(modules.HERE / 'call' / 'stage.css').read_text(encoding='utf-8')}</style>"
    html = f"<!doctype html><html lang=de><head>{style}</head><body>{body}</body></html>"
    show(page, ADDRESS, html)
    draw(page, **data)
    return page


def show(page: Page, address: str, html: str) -> None:
    """A page of our scripts, one of which puts `mount` on the window."""
    page.route(address, lambda route: route.fulfill(content_type="text/html", body=html))
    for name, code in modules.MODULES.items():
        serve = partial(Route.fulfill, content_type="text/javascript", body=code)
        page.route(f"**/{modules.address(name)}", serve)
    page.goto(address)
    page.wait_for_function("() => Boolean(window.mount)")


def draw(page: Page, **data: Any) -> None:
    """As Streamlit does it, with what the server says."""
    mount = "(data) => void mount({ data, parentElement: document.getElementById('here') })"
    page.evaluate(mount, stage.told({**SHOWN, **data}))


def sends(page: Page, kinds: str) -> None:
    """Await that what goes out is "audio video", one of them, or nothing."""
    wait_until(lambda: page.evaluate(SENT) == kinds, f"sent is: {kinds}", 10)
