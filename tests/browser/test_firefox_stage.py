"""What Firefox does otherwise on the stage: a camera that is off, little data, a weak line."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import SECONDS, wait_until
from tests.browser.server import Served
from tests.browser.test_stage import SENDS, Pair, in_a_talk, tile

LONG = 30 * SECONDS
PICTURES = """
async () => {
  let sum = 0;
  for (const connection of window.connections)
    for (const report of (await connection.getStats()).values())
      if (report.type === "outbound-rtp" && report.kind === "video") sum += report.packetsSent;
  return sum;
}
"""


@pytest.fixture(scope="module")
def pair(firefox: Browser, office: Browser, served: Served) -> Iterator[Pair]:
    """A client in Firefox and an advisor in Chromium, in a talk."""
    with in_a_talk(firefox, office, served) as both:
        yield both


def test_a_camera_that_is_off_sends_nothing_and_everybody_notices(pair: Pair) -> None:
    visitor, advisor = pair
    visitor.toggle("Kamera ausschalten")
    expect(advisor.page.get_by_text("Im Gespräch, nicht zu sehen")).to_be_visible(timeout=LONG)
    expect(tile(advisor).get_by_text("Nicht zu sehen", exact=True)).to_be_visible()
    sent = visitor.page.evaluate(PICTURES)
    visitor.page.wait_for_timeout(3 * SECONDS)  # it used to be one black picture a second
    assert visitor.page.evaluate(PICTURES) == sent
    expect(advisor.page.get_by_text("Im Gespräch, nicht zu sehen")).to_be_visible()
    visitor.toggle("Kamera einschalten")
    wait_until(lambda: advisor.sees_picture_of(visitor), "the picture is back")
    expect(advisor.page.get_by_text("✓ Im Gespräch", exact=True)).to_be_visible(timeout=LONG)


def test_who_looks_for_little_data_reads_how_much_it_takes(pair: Pair) -> None:
    visitor, _advisor = pair
    visitor.toggle("Einstellungen")
    said = visitor.page.locator(".stage .panel p")
    expect(said).to_have_text(re.compile(r"etwa [1-9]\d* MB in 30 Minuten"), timeout=LONG)
    visitor.toggle("Einstellungen")


def test_where_less_may_be_sent_a_smaller_picture_is_sent(pair: Pair) -> None:
    visitor, advisor = pair
    first = visitor.page.evaluate(SENDS)
    advisor.toggle("Einstellungen")
    advisor.toggle("Wenig Daten")  # asks for no more than a weak line carries
    wait_until(lambda: visitor.page.evaluate(SENDS) == [[220_000, 15]], "a smaller picture", 40)
    assert first == [[1_200_000, 20]]
