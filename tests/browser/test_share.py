"""The advisor's screen: what a client can read of it, when it may be seen, and when it is over."""

import base64

import pytest
from playwright.sync_api import Browser, Locator, expect

from core import clock
from core.appointment import IdentityProof
from core.office import hosting
from tests.browser import office, paper
from tests.browser.people import Advisor, Person, Visitor, wait_until
from tests.browser.server import LOGIN, PASSWORD, Invited, Served
from tests.browser.test_axe import violations

AS_IT_FITS = "tile screen"
SHOW, HIDE = "Bildschirm zeigen", "Bildschirm nicht mehr zeigen"
# The shown picture as it came, in its own size.
FRAME = """
(video) => {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  return canvas.toDataURL("image/png").split(",")[1];
}
"""
SIGNAL = """
async (screen) => {
  const { tab } = window.beratungsraum.stage.data;
  const connection = new RTCPeerConnection();
  connection.addTransceiver("video", { direction: "sendonly" });
  await connection.setLocalDescription();
  const offer = connection.localDescription.sdp;
  const body = JSON.stringify({ tab, offer, screen });
  const answer = await fetch("signal", { method: "POST", body });
  return answer.status;
}
"""
REFUSES = """
([name, message, platform]) => {
  Object.defineProperty(navigator, "platform", { value: platform, configurable: true });
  navigator.mediaDevices.getDisplayMedia = async () => { throw new DOMException(message, name); };
}
"""
NO_SCREEN = "navigator.mediaDevices.getDisplayMedia = undefined"
SHOWN = "(video) => video.getVideoPlaybackQuality().totalVideoFrames"
SENDING = '() => window.beratungsraum.share?.line?.pc?.connectionState ?? "none"'
CAPTURED = "() => (window.captured ?? []).map((track) => track.readyState)"
# Keeps what is captured, to see whether it is released.
KEEP = """
(() => {
  const media = navigator.mediaDevices;
  if (!media?.getDisplayMedia) return;
  const ask = media.getDisplayMedia.bind(media);
  window.captured = [];
  media.getDisplayMedia = async (...a) => {
    const stream = await ask(...a);
    window.captured.push(...stream.getTracks());
    return stream;
  };
})();
"""


@pytest.fixture
def advisor(sharing_office: Browser, served: Served, people: list[Person]) -> Advisor:
    person = Advisor(sharing_office, served.base_url, viewport={"width": 1280, "height": 800})
    person.context.add_init_script(KEEP)
    people.append(person)
    person.signs_in(LOGIN, PASSWORD)
    return person


@pytest.fixture
def at_a_computer(clients: Browser, served: Served, people: list[Person]) -> Visitor:
    person = Visitor(clients, served.base_url, viewport={"width": 1280, "height": 800})
    people.append(person)
    return person


@pytest.fixture
def on_a_phone(clients: Browser, served: Served, people: list[Person]) -> Visitor:
    size = {"width": 390, "height": 844}
    person = Visitor(
        clients,
        served.base_url,
        viewport=size,
        device_scale_factor=3,
        is_mobile=True,
        has_touch=True,
    )
    people.append(person)
    return person


def talk(served: Served, visitor: Visitor, advisor: Advisor, checked: bool = True) -> Invited:
    """Both are in the talk."""
    invited = served.plan()
    office.talking(served, invited)
    if checked:
        how = IdentityProof.KNOWN_PERSON
        hosting.check_identity(served.advisor, clock.now(), invited.guest_id, how)
    visitor.opens(invited.link)
    visitor.sees("Beratungsraum")
    advisor.goes_to_desk(invited.appointment_id)
    wait_until(lambda: visitor.sees_picture_of(advisor), "the advisor's picture")
    return invited


def share(advisor: Advisor) -> Locator:
    return advisor.page.locator(".share")


def screen(visitor: Person) -> Locator:
    return visitor.page.locator(".stage .tile.screen video:visible")


def shows(advisor: Advisor) -> None:
    advisor.press(SHOW)
    expect(share(advisor)).to_contain_text("Alle im Gespräch sehen diese Seite Ihres Browsers")


def frame(visitor: Person) -> bytes:
    return base64.b64decode(screen(visitor).evaluate(FRAME))


def reads_everything(visitor: Visitor) -> None:
    expect(screen(visitor)).to_be_visible()
    wait_until(lambda: screen(visitor).evaluate(SHOWN) > 0, "a picture has come")
    wait_until(lambda: paper.recovered(paper.read(frame(visitor))) == 1, "the text can be read")
    assert screen(visitor).evaluate("(v) => [v.videoWidth, v.videoHeight]") == [1280, 720]


def sees_only_the_advisor(visitor: Visitor, advisor: Advisor) -> None:
    expect(screen(visitor)).to_have_count(0)
    wait_until(lambda: visitor.sees_picture_of(advisor), "the advisor alone")


def pinch(person: Person, where: Locator) -> None:
    """Two fingers on a place of the page that part."""
    box = where.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
    fingers = person.context.new_cdp_session(person.page)
    for kind, apart in (("touchStart", 20), ("touchMove", 60), ("touchMove", 100)):
        points = [{"x": x + side * apart, "y": y, "id": side + 1} for side in (-1, 1)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_client_reads_small_letters_and_sees_the_advisor_beside_them(
    served: Served, at_a_computer: Visitor, advisor: Advisor
) -> None:
    client = at_a_computer
    talk(served, client, advisor)
    document = paper.lay_out(advisor.context)

    shows(advisor)
    reads_everything(client)
    assert violations(client.page) + violations(advisor.page) == []

    large, small = (
        client.page.locator(f".stage .tile{which}:visible").bounding_box()
        for which in (".screen", ":not(.screen)")
    )
    assert large is not None
    assert small is not None
    assert large["width"] > 640
    assert large["width"] * large["height"] > 4 * small["width"] * small["height"] > 0
    wait_until(lambda: client.sees_picture_of(advisor), "the advisor's picture beside it")
    expect(advisor.page.locator(".tile.screen:visible")).to_have_count(0)

    before = screen(client).evaluate(SHOWN)
    advisor.page.evaluate("window.beratungsraum.share.line.pc.close()")
    wait_until(lambda: screen(client).evaluate(SHOWN) > before + 10, "it comes back by itself")
    assert advisor.page.evaluate(CAPTURED) == ["live"]  # nothing was chosen again

    advisor.press(HIDE)
    sees_only_the_advisor(client, advisor)
    assert advisor.page.evaluate(CAPTURED) == ["ended"]

    shows(advisor)
    reads_everything(client)
    document.close()  # as by the browser's own bar: the choice is gone
    expect(advisor.page.get_by_role("button", name=SHOW, exact=True)).to_be_enabled()
    sees_only_the_advisor(client, advisor)


def test_on_a_phone_whoever_comes_later_sees_it_at_once_and_makes_it_larger(
    served: Served, on_a_phone: Visitor, advisor: Advisor
) -> None:
    client = on_a_phone
    invited = talk(served, client, advisor)
    paper.lay_out(advisor.context)
    shows(advisor)
    client.page.reload()
    reads_everything(client)

    tile = client.page.locator(".stage .tile.screen:visible")
    for button in ("Größer", "Größer", "Größer", *["Nach links"] * 4, *["Nach oben"] * 4):
        tile.get_by_role("button", name=button, exact=True).tap()
    assert violations(client.page) == []
    begin = " ".join(paper.LINES[:3])
    assert paper.recovered(paper.read(tile.screenshot()), begin) == 1

    tile.get_by_role("button", name="Größer").focus()
    for _ in range(4):
        client.page.keyboard.press("-")
    expect(tile).to_have_class(AS_IT_FITS)
    pinch(client, tile)
    expect(tile).not_to_have_class(AS_IT_FITS)

    hosting.end(served.advisor, clock.now(), invited.appointment_id)
    wait_until(lambda: advisor.page.evaluate(CAPTURED) == ["ended"], "nothing is captured any more")


def test_no_screen_leaves_the_desk_before_the_identity_is_checked(
    served: Served, at_a_computer: Visitor, advisor: Advisor
) -> None:
    client = at_a_computer
    talk(served, client, advisor, checked=False)
    button = advisor.page.get_by_role("button", name=SHOW, exact=True)
    expect(button).to_be_disabled()
    expect(share(advisor)).to_contain_text("sobald Sie von allen im Gespräch die Identität")
    assert [person.page.evaluate(SIGNAL, True) for person in (advisor, client)] == [403, 403]

    advisor.checks_identity()
    expect(button).to_be_enabled()
    assert [person.page.evaluate(SIGNAL, True) for person in (advisor, client)] == [403, 403]

    for refusal, sentence in (
        (("NotAllowedError", "Permission denied", "Win32"), "Sie haben nichts ausgewählt."),
        (("NotAllowedError", "Permission denied by system", "MacIntel"), "Ihr Mac erlaubt"),
        (("NotReadableError", "Could not start video source", "Win32"), "Windows gibt dieses"),
        (("NotReadableError", "Could not start video source", "Linux x86_64"), "xdg-desktop"),
    ):
        advisor.page.evaluate(REFUSES, refusal)
        advisor.press(SHOW)
        expect(share(advisor)).to_contain_text(sentence)
        assert advisor.page.evaluate(SENDING) == "none"

    advisor.context.add_init_script(NO_SCREEN)
    advisor.page.reload()  # as on a phone
    expect(button).to_be_disabled()
    expect(share(advisor)).to_contain_text("Das geht nur am Computer")
    expect(screen(client)).to_have_count(0)
