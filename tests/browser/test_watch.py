"""How much data a call takes and what a line carries, as each browser's statistics tell it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import alone

# A watch that is told so much every second: bytes so far, and what is said of the line's rate.
SEES = """
(moments) => {
  const watch = new Watch();
  const parameters = { encodings: [{}] };
  const sender = { track: {}, getParameters: () => parameters, setParameters: async () => null };
  const line = { pc: {}, places: [{ video: { sender } }] };
  let target = 0;
  return moments.map(({ bytes = [], available, aims, lost }, at) => {
    const type = "candidate-pair";
    const stats = bytes.map((each) => ({ type, bytesReceived: each, bytesSent: 0 }));
    stats.push({ type, nominated: true, availableOutgoingBitrate: available });
    if (aims !== undefined) {
      target += aims(parameters.encodings[0].maxBitrate ?? Infinity) / 8;
      const sent = { kind: "video", timestamp: 1000 * at, totalEncodedBytesTarget: target };
      stats.push({ type: "outbound-rtp", ...sent });
    }
    stats.push({ type: "remote-inbound-rtp", kind: "video", fractionLost: lost ?? 0 });
    const now = 1000 * (at + 1);
    if (watch.pc !== line.pc) watch.begin(line, now);
    watch.weigh(stats, now);
    watch.quality.adapt(line, stats, now);
    return [watch.megabytes, watch.quality.step];
  });
}
"""


@pytest.fixture(scope="module")
def page(clients: Browser) -> Iterator[Page]:
    context = clients.new_context(locale="de-DE")
    yield alone.opened(context)
    context.close()


def sees(page: Page, moments: str) -> tuple[list[int], list[int]]:
    """In each second: megabytes in half an hour, and the step."""
    told = page.evaluate(f"({SEES})({moments})")
    return [each[0] for each in told], [each[1] for each in told]


@pytest.mark.parametrize(
    ("bytes_", "megabytes"),
    [
        ("[26_000 * at]", 50),
        ("[16_000 * at, 10_000 * at]", 50),  # two ways to the server
        ("[26_000 * at, undefined]", 50),
        ("[3_000 * at]", 6),
        ("at < 15 ? [99_000 * at] : [26_000 * at]", 50),  # the other way is not counted any more
        ("[]", 0),
    ],
)
def test_bytes_of_every_way_are_counted_and_never_less_than_nothing(
    page: Page, bytes_: str, megabytes: int
) -> None:
    moments = f"Array.from({{ length: 40 }}, (_, at) => ({{ bytes: {bytes_} }}))"
    said, _ = sees(page, moments)
    assert said[-1] == megabytes
    assert min(said) >= 0


FIREFOX = "({{ aims: (most) => Math.min(most, {carries}) }})"
CHROMIUM = "({{ available: {carries} }})"


@pytest.mark.parametrize("browser", [FIREFOX, CHROMIUM], ids=["firefox", "chromium"])
@pytest.mark.parametrize(
    ("carries", "step"), [("3e6", 0), ("0.4e6", 0), ("0.17e6", 1), ("0.15e6", 1), ("0.05e6", 2)]
)
def test_what_is_sent_steps_down_to_what_the_line_carries_in_every_browser(
    page: Page, browser: str, carries: str, step: int
) -> None:
    moment = browser.format(carries=carries)  # nothing is known before the camera is on
    _, steps = sees(page, f"Array.from({{ length: 43 }}, (_, at) => at < 3 ? {{}} : {moment})")
    assert steps[-1] == step


@pytest.mark.parametrize(
    ("browser", "seconds"), [(FIREFOX, 70), (CHROMIUM, 20)], ids=["firefox", "chromium"]
)
def test_what_is_sent_steps_up_again_when_the_line_carries_more(
    page: Page, browser: str, seconds: int
) -> None:
    weak, strong = browser.format(carries="0.15e6"), browser.format(carries="3e6")
    moments = f"Array.from({{ length: 20 + {seconds} }}, (_, at) => at < 20 ? {weak} : {strong})"
    _, steps = sees(page, moments)
    assert (steps[19], steps[-1]) == (1, 0)


def test_where_a_tenth_is_lost_less_is_sent_in_every_browser(page: Page) -> None:
    _, steps = sees(page, "Array.from({ length: 30 }, () => ({ lost: 0.2 }))")
    assert steps[-1] == 2
