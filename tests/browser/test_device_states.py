"""
Every state of a microphone and a camera, at every step: what is read of it, what is sent, and how
it comes back. What the others read of it: tests/pages/call/test_presence.py, test_desk.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect

from pages.call import lacking
from tests.browser import alone
from tests.browser.people import START, wait_until

AGAIN_MS = 3000  # between two looks
KINDS = {"audio": ["audio"], "video": ["video"], "both": ["audio", "video"]}
STEPS = {
    "device test": {},
    "Warteraum": {"autostart": True},
    "talk": {"autostart": True, "talking": True},
}
ON, OFF = "ausschalten", "einschalten"  # what the button offers
WAITS = ""  # nothing is told: only a while has to pass


@dataclass(frozen=True)
class State:
    """How a device gets there (before it is asked for, or afterwards), and back again."""

    asked: str = "there"  # what asking for it ends with
    allowed: str = "granted"
    happens: str = WAITS
    back: str = WAITS
    offers: str = OFF


CHANGED = "navigator.mediaDevices.dispatchEvent(new Event('devicechange'))"
STATES = {
    "missing": State("NotFoundError", back=CHANGED),
    "refused": State(
        "NotAllowedError", "denied", back="statuses[kind].dispatchEvent(new Event('change'))"
    ),
    "forbidden": State("NotAllowedError: Permission denied by system"),
    "busy": State("NotReadableError"),
    "lost": State(happens="devices[kind] = 'NotFoundError'; lose(kind)"),
    "muted": State(happens="mute(kind, true)", back="mute(kind, false)", offers=ON),
}


@pytest.fixture
def context(clients: Chromium) -> Iterator[BrowserContext]:
    context = clients.new_context(viewport={"width": 390, "height": 844}, locale="de-DE")
    yield context
    context.close()


def do(page: Page, kinds: list[str], deed: str) -> None:
    page.evaluate(f"(kinds) => kinds.forEach((kind) => {{ {deed} }})", kinds)


def begin(page: Page, step: str) -> None:
    if step == "device test":
        page.get_by_role("button", name=START).click()


def reads(page: Page, sentence: str) -> None:
    expect(page.locator(".stage .notice > p")).to_have_text(sentence)
    expect(page.locator(".stage .notice")).to_be_visible(visible=bool(sentence))


def begun(context: BrowserContext, step: str = "device test", before: str = "") -> Page:
    """Somebody who has been asked for both devices, at this step."""
    page = alone.opened(context, before, **STEPS[step])
    begin(page, step)
    return page


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("which", KINDS)
@pytest.mark.parametrize("name", STATES)
def test_what_a_device_lacks_is_said_and_it_comes_back_by_itself(
    context: BrowserContext, name: str, which: str, step: str
) -> None:
    state, kinds = STATES[name], KINDS[which]
    context.clock.install()
    before = [f"devices.{k} = '{state.asked}'; allowed.{k} = '{state.allowed}';" for k in kinds]
    page = begun(context, step, "".join(before))
    if state.happens:
        alone.sends(page, "audio video")
        do(page, kinds, state.happens)

    alone.sends(page, " ".join(kind for kind in ("audio", "video") if kind not in kinds))
    reads(page, lacking.sentences()[which][name])
    for kind, device in (("audio", "Mikrofon"), ("video", "Kamera")):
        offers = state.offers if kind in kinds else ON
        expect(page.get_by_role("button", name=f"{device} {offers}", exact=True)).to_be_visible()
    assert page.evaluate("beratungsraum.stage.line.wanted"), (
        "who lacks a device watches and listens"
    )

    do(page, kinds, f"devices[kind] = 'there'; allowed[kind] = 'granted'; {state.back}")
    if state.back == WAITS:
        context.clock.fast_forward(AGAIN_MS)
    alone.sends(page, "audio video")
    reads(page, "")


@pytest.mark.parametrize(
    ("error", "state"),
    [
        ("NotFoundError", "missing"),
        ("OverconstrainedError", "missing"),
        ("NotAllowedError", "refused"),
        ("NotAllowedError: Permission dismissed", "refused"),
        ("NotAllowedError: Permission denied by system", "forbidden"),
        ("SecurityError", "refused"),
        ("NotReadableError", "busy"),
        ("AbortError: Starting videoinput failed", "busy"),
        ("InvalidStateError", "failed"),
        ("UnknownError", "failed"),
    ],
)
def test_every_error_is_one_of_these_states(
    context: BrowserContext, error: str, state: str
) -> None:
    before = [f"devices.{kind} = '{error}'; allowed.{kind} = 'denied';" for kind in KINDS["both"]]
    reads(begun(context, before="".join(before)), lacking.sentences()["both"][state])


@pytest.mark.parametrize(
    ("error", "allowed", "state"),
    [
        ("NotFoundError", "granted", "lost"),
        ("NotReadableError", "granted", "busy"),
        ("AbortError", "granted", "busy"),
        ("NotAllowedError", "denied", "refused"),
        ("NotAllowedError: Permission denied by system", "granted", "forbidden"),
    ],
)
@pytest.mark.parametrize("kind", ["audio", "video"])
def test_why_a_device_was_taken_away_is_said_as_what_it_is(
    context: BrowserContext, kind: str, error: str, allowed: str, state: str
) -> None:
    page = begun(context, "talk")
    alone.sends(page, "audio video")
    do(page, [kind], f"allowed[kind] = '{allowed}'; devices[kind] = '{error}'; lose(kind)")
    reads(page, lacking.sentences()[kind][state])


def test_another_device_stands_in_at_once_for_one_that_was_pulled_out(
    context: BrowserContext,
) -> None:
    page = begun(context, "talk")
    alone.sends(page, "audio video")
    for kind, other in (("audio", "video"), ("video", "audio")):
        page.evaluate("(kind) => lose(kind)", kind)
        alone.sends(page, "audio video")
        assert page.evaluate("asked.at(-1)") == kind, f"nobody asked for {other} again"


def test_two_devices_that_lack_different_things_are_said_one_after_the_other(
    context: BrowserContext,
) -> None:
    before = "devices = { audio: 'NotReadableError', video: 'NotFoundError' }"
    said = lacking.sentences()
    reads(begun(context, before=before), f"{said['audio']['busy']} {said['video']['missing']}")


def test_a_missing_device_is_asked_for_only_once_there_is_one(context: BrowserContext) -> None:
    context.clock.install()
    page = begun(context, before="devices.video = 'NotFoundError';")
    alone.sends(page, "audio")
    for _ in range(3):
        context.clock.fast_forward(AGAIN_MS)
    assert page.evaluate("asked") == ["audio video", "audio"]


def test_a_device_is_not_looked_for_in_a_page_that_nobody_sees(context: BrowserContext) -> None:
    context.clock.install()
    hidden = "Object.defineProperty(document, 'visibilityState', { value: 'hidden' });"
    page = begun(context, before=f"devices.audio = 'NotReadableError'; {hidden}")
    alone.sends(page, "video")
    before = page.evaluate("asked.length")
    context.clock.fast_forward(2 * AGAIN_MS)
    assert page.evaluate("asked.length") == before


def test_a_device_that_fails_again_and_again_is_not_asked_for_without_a_pause(
    context: BrowserContext,
) -> None:
    context.clock.install()
    page = begun(context, "talk")
    for _ in range(2):
        alone.sends(page, "audio video")
        page.evaluate("lose('audio')")
    reads(page, lacking.sentences()["audio"]["lost"])
    assert page.evaluate("asked") == ["audio video", "audio"]
    context.clock.fast_forward(AGAIN_MS)
    alone.sends(page, "audio video")


def test_who_has_said_no_to_both_is_not_asked_again_at_once(context: BrowserContext) -> None:
    refused = "devices = { audio: 'NotAllowedError', video: 'NotAllowedError' };"
    page = begun(context, before=f"{refused} allowed = {{ audio: 'prompt', video: 'prompt' }};")
    reads(page, lacking.sentences()["both"]["refused"])
    assert page.evaluate("asked") == ["audio video"]


def test_whose_camera_alone_is_refused_is_asked_for_the_microphone(
    context: BrowserContext,
) -> None:
    refused = "devices.video = 'NotAllowedError';"
    page = begun(context, before=f"{refused} allowed = {{ audio: 'prompt', video: 'denied' }};")
    alone.sends(page, "audio")
    reads(page, lacking.sentences()["video"]["refused"])


def test_a_button_asks_anew_for_what_was_refused(context: BrowserContext) -> None:
    page = begun(context, before="devices.audio = 'NotAllowedError'; allowed.audio = 'denied';")
    alone.sends(page, "video")
    page.evaluate("devices.audio = 'there'")
    page.get_by_role("button", name="Mikrofon einschalten").click()
    alone.sends(page, "audio video")


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_what_somebody_has_switched_off_is_lacking_nothing_and_stays_off(
    context: BrowserContext, kind: str
) -> None:
    context.clock.install()
    page = begun(context, "talk")
    alone.sends(page, "audio video")
    name = {"audio": "Mikrofon", "video": "Kamera"}[kind]
    page.get_by_role("button", name=f"{name} ausschalten").click()
    do(page, ["audio"], CHANGED)
    context.clock.fast_forward(2 * AGAIN_MS)
    alone.sends(page, {"audio": "video", "video": "audio"}[kind])
    reads(page, "")


def test_a_browser_without_any_way_to_a_device_lets_watch_and_listen(
    context: BrowserContext,
) -> None:
    gone = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"
    page = begun(context, before=gone)
    reads(page, lacking.sentences()["both"]["unable"])
    assert page.evaluate("beratungsraum.stage.line.wanted")


def test_a_sentence_that_has_been_read_leaves_the_picture_and_the_next_one_comes(
    context: BrowserContext,
) -> None:
    page = begun(context, "talk", "devices.video = 'NotFoundError';")
    reads(page, lacking.sentences()["video"]["missing"])
    page.get_by_role("button", name="Verstanden").click()
    reads(page, "")
    page.evaluate("mute('audio', true)")
    said = lacking.sentences()
    reads(page, f"{said['audio']['muted']} {said['video']['missing']}")


# A question that nobody answers

OVERLOOKED_MS = 5000
WAITING = "devices.{kind} = 'unanswered'; allowed.{kind} = 'prompt';"
OVERLOOKED = (
    "Ihr Browser fragt, ob er Kamera und Mikrofon benutzen darf. Am Computer steht die Frage oben, "
    "neben der Adresse, am Handy in der Mitte oder unten. Bitte wählen Sie „Zulassen“ oder "
    "„Erlauben“."
)


def overlooks(context: BrowserContext, step: str, kind: str = "audio") -> Page:
    context.clock.install()
    page = begun(context, step, WAITING.replace("{kind}", kind))
    wait_until(lambda: page.evaluate("Boolean(window.answer)"), "the browser asks")
    reads(page, "")
    context.clock.fast_forward(OVERLOOKED_MS)
    reads(page, OVERLOOKED)
    return page


@pytest.mark.parametrize("kind", ["audio", "video"])
@pytest.mark.parametrize("step", STEPS)
def test_who_overlooks_the_question_reads_where_it_is_and_may_press_again(
    context: BrowserContext, step: str, kind: str
) -> None:
    page = overlooks(context, step, kind)
    assert page.evaluate("beratungsraum.stage.line.wanted"), "and watches and listens meanwhile"
    page.evaluate("(kind) => (devices[kind] = 'there')", kind)
    page.get_by_role("button", name=START).click()
    alone.sends(page, "audio video")
    expect(page.get_by_role("button", name=START)).to_be_hidden()
    reads(page, "")


def test_a_late_answer_counts(context: BrowserContext) -> None:
    page = overlooks(context, "device test")
    page.evaluate("answer()")
    alone.sends(page, "audio video")
    reads(page, "")


def test_a_no_to_the_first_question_takes_nothing_from_a_yes_to_the_second(
    context: BrowserContext,
) -> None:
    page = overlooks(context, "device test")
    page.evaluate("window.first = answer; devices.audio = 'there'")
    page.get_by_role("button", name=START).click()
    alone.sends(page, "audio video")
    page.evaluate("devices.video = 'NotAllowedError'; first()")
    page.evaluate("new Promise((done) => requestAnimationFrame(done))")
    alone.sends(page, "audio video")
    reads(page, "")


def test_an_answer_after_the_page_has_gone_leaves_no_camera_on(context: BrowserContext) -> None:
    page = overlooks(context, "device test")
    page.evaluate("beratungsraum.stage.end(); answer()")
    wait_until(lambda: page.evaluate("tracks.length") == 2, "the answer came")
    page.evaluate("new Promise((done) => requestAnimationFrame(done))")
    assert page.evaluate("tracks.map((each) => each.readyState)") == ["ended", "ended"]


@pytest.mark.parametrize("name", ["Kamera", "Mikrofon"])
def test_a_question_after_a_press_in_the_talk_is_said_as_well(
    context: BrowserContext, name: str
) -> None:
    context.clock.install()
    kind = {"Kamera": "video", "Mikrofon": "audio"}[name]
    page = begun(context, "talk", f"devices.{kind} = 'NotAllowedError'; allowed.{kind} = 'denied';")
    reads(page, lacking.sentences()[kind]["refused"])
    page.evaluate("(kind) => { devices[kind] = 'unanswered'; allowed[kind] = 'prompt'; }", kind)
    page.get_by_role("button", name=f"{name} einschalten").click()
    wait_until(lambda: page.evaluate("Boolean(window.answer)"), "the browser asks")
    context.clock.fast_forward(OVERLOOKED_MS)
    reads(page, OVERLOOKED)


def test_a_slow_camera_that_is_allowed_is_no_question(context: BrowserContext) -> None:
    context.clock.install()
    page = begun(context, before="devices.video = 'unanswered';")
    wait_until(lambda: page.evaluate("Boolean(window.answer)"), "the camera starts")
    context.clock.fast_forward(OVERLOOKED_MS)
    page.evaluate("new Promise((done) => requestAnimationFrame(done))")
    reads(page, "")
