"""
How a client on a phone comes in: how long the link takes to a page that can be used, and what that
costs, the first time and again; beside the same with nothing packed (packing.py).

The line and the processor are a phone's, by Chromium's own brakes: 1.6 Mbit/s, 150 ms there and
back, a quarter of this machine's speed. The brakes do not hold WebSockets. It has an Android's
fonts, by name, so it fetches none.

Run: make bench-arrival
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Playwright, expect, sync_playwright

from bench.results import RESULTS, Bar, report
from tests.browser.conftest import ARGUMENTS
from tests.browser.find_browser import chromium
from tests.browser.people import START, Visitor
from tests.browser.server import Served, serve

ROUNDS = 7
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
SLOWER = 4
MEGABYTE = 1_000_000
# What is installed here is shown under the name of what every Android has.
FONTS_CONF = """<?xml version="1.0"?>
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <match>
    <test name="family"><string>Roboto</string></test>
    <edit name="family" mode="assign" binding="same"><string>DejaVu Sans</string></edit>
  </match>
</fontconfig>
"""
PACKED: dict[str, str] = {}
WAYS = {"packed": PACKED, "as it is": {"Accept-Encoding": "identity"}}


@dataclass
class Way:
    """What the visits have shown; seconds, bytes by HTTP and WebSocket, requests."""

    first: list[float] = field(default_factory=list)
    devices: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    requests: list[float] = field(default_factory=list)


class Counter:
    """What one page has received."""

    def __init__(self, line: CDPSession) -> None:
        self.bytes = self.requests = 0
        line.on("Network.loadingFinished", self._file)
        line.on("Network.webSocketFrameReceived", self._frame)

    def _file(self, event: dict[str, Any]) -> None:
        self.requests += 1
        self.bytes += int(event["encodedDataLength"])

    def _frame(self, event: dict[str, Any]) -> None:
        self.bytes += len(event["response"]["payloadData"])


def with_a_phones_fonts(playwright: Playwright, folder: Path) -> Browser:
    fonts = folder / "fonts.conf"
    fonts.write_text(FONTS_CONF, encoding="utf-8")
    env: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
    return playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS, env=env)


def brake(visitor: Visitor) -> Counter:
    line = visitor.context.new_cdp_session(visitor.page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return Counter(line)


def usable(visitor: Visitor) -> None:
    """The Startseite stands, with its box and its button, and our own scripts have begun."""
    visitor.sees("Startseite", seconds=120)
    expect(visitor.page.get_by_role("button", name="Weiter", exact=True)).to_be_enabled()
    expect(visitor.page.locator("#connection.late")).to_have_count(0)


def took(deed: Callable[[], object]) -> float:
    began = time.monotonic()
    deed()
    return time.monotonic() - began


def visit(served: Served, browser: Browser, asks: dict[str, str], way: Way) -> None:
    link = served.plan().link
    visitor = Visitor(browser, served.base_url, **PHONE, extra_http_headers=asks)
    counter = brake(visitor)

    def opens() -> None:
        visitor.opens(link)
        usable(visitor)

    way.first.append(took(opens))
    way.megabytes.append(counter.bytes / MEGABYTE)
    way.requests.append(counter.requests)
    way.again.append(took(opens))
    visitor.page.get_by_text("Ich stimme den Nutzungsbedingungen zu").click()
    expect(visitor.page.get_by_role("checkbox", name="Ich stimme")).to_be_checked()

    def goes_on() -> None:
        visitor.press("Weiter")
        visitor.sees("Gerät prüfen")
        start = visitor.page.locator(".stage").get_by_role("button", name=START, exact=True)
        expect(start).to_be_visible(timeout=30_000)

    way.devices.append(took(goes_on))
    visitor.leave()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--to", type=Path, default=RESULTS, help="folder for the results")
    given = parser.parse_args()
    ways = {name: Way() for name in WAYS}
    with (
        tempfile.TemporaryDirectory() as name,
        sync_playwright() as playwright,
        serve(Path(name)) as served,
    ):
        browser = with_a_phones_fonts(playwright, Path(name))
        visit(served, browser, PACKED, Way())  # what a server does for the first time
        for number in range(1, given.rounds + 1):
            for each, asks in WAYS.items():
                visit(served, browser, asks, ways[each])
            print(f"round {number} of {given.rounds}", flush=True)
        browser.close()
    return 0 if summary(ways, given.to) else 1


def summary(ways: dict[str, Way], folder: Path) -> bool:
    values: dict[str, float] = {}
    for name, way in ways.items():
        values |= {
            f"{name}: first visit, median s": statistics.median(way.first),
            f"{name}: first visit, max s": max(way.first),
            f"{name}: first visit, MB": statistics.median(way.megabytes),
            f"{name}: first visit, requests": statistics.median(way.requests),
            f"{name}: second visit, median s": statistics.median(way.again),
            f"{name}: on to Gerät prüfen, median s": statistics.median(way.devices),
        }
    ours = ways["packed"]
    bars = [
        Bar("first visit to a usable Startseite, median", statistics.median(ours.first), 5, "s"),
        Bar("first visit to a usable Startseite", statistics.median(ours.megabytes), 1, "MB"),
        Bar("on to a usable Gerät prüfen, median", statistics.median(ours.devices), 3, "s"),
        Bar("second visit, median", statistics.median(ours.again), 2, "s"),
    ]
    return report("arrival", values, bars, folder)


if __name__ == "__main__":
    sys.exit(main())
