"""
Firefox and Chromium, each as client and as advisor: the whole way, and what differs between them.

What arrives is told by decoded frames, audio energy and colours, as everywhere.
"""

from contextlib import closing

import pytest
from playwright.sync_api import Browser, Playwright, expect

from core.appointment import GuestRole
from tests.browser import office, paper, voice
from tests.browser.firefox import a_screen, is_firefox, launch
from tests.browser.people import GREEN, Advisor, Person, Visitor, wait_until
from tests.browser.quality import codec
from tests.browser.server import LOGIN, PASSWORD, Served
from tests.browser.test_journey import all_come, both_see_and_hear, everybody_has_left, meet
from tests.browser.test_share import (
    HIDE,
    SHOW,
    SHOWN,
    frame,
    screen,
    sees_only_the_advisor,
    shows,
    talk,
)

PHONE, SCREEN = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
FIREFOX_CHROMIUM = ("firefox", "office")  # fixtures: the browser of the visitor, of the advisor
CHROMIUM_FIREFOX = ("clients", "firefox")
FIREFOX_FIREFOX = ("firefox", "firefox")
EITHER = [
    pytest.param(FIREFOX_CHROMIUM, id="firefox-chromium"),
    pytest.param(CHROMIUM_FIREFOX, id="chromium-firefox"),
]
# Offers this kind of picture first, the others behind it.
BEST = """
(() => {
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    createOffer(...a) {
      const able = RTCRtpReceiver.getCapabilities("video").codecs;
      const is = (each) => each.mimeType === "video/{codec}";
      const liked = [...able.filter(is), ...able.filter((each) => !is(each))];
      for (const each of this.getTransceivers())
        if (each.receiver.track.kind === "video") each.setCodecPreferences(liked);
      return super.createOffer(...a);
    }
  };
})();
"""
# The strongest of red, green and blue in each picture of another person.
SEEN = """
() => [...document.querySelectorAll(".stage .tile:not([hidden]) video")].map((video) => {
  if (!video.videoWidth) return -1;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const paint = canvas.getContext("2d");
  paint.drawImage(video, 0, 0, 1, 1);
  const [...pixel] = paint.getImageData(0, 0, 1, 1).data.slice(0, 3);
  return pixel.indexOf(Math.max(...pixel));
}).sort()
"""
# Voices that are heard within a short time.
HEARD = """
async () => {
  const connection = window.connections.find((each) => each.connectionState === "connected");
  const energy = async () => {
    const found = {};
    for (const report of (await connection.getStats()).values())
      if (report.type === "inbound-rtp" && report.kind === "audio")
        found[report.id] = report.totalAudioEnergy ?? 0;
    return found;
  };
  const before = await energy();
  await new Promise((done) => setTimeout(done, 500));
  const now = await energy();
  return Object.keys(now).filter((id) => now[id] > (before[id] ?? 0) + 1e-5).length;
}
"""
LINES = "() => window.connections.length"
Pair = tuple[Visitor, Advisor]


class Interpreter(Visitor):
    """A third person, before a green camera."""

    CAMERA = GREEN


def likes_best(person: Person, kind: str) -> None:
    person.context.add_init_script(BEST.replace("{codec}", kind))
    person.page.reload()  # a page that is open already likes others


def seen(person: Person) -> list[int]:
    colours: list[int] = person.page.evaluate(SEEN)
    return colours


def heard(person: Person) -> int:
    return int(person.page.evaluate(HEARD))


@pytest.fixture
def pair(request: pytest.FixtureRequest, served: Served, people: list[Person]) -> Pair:
    """A visitor and an advisor who has signed in, each with the browser that was asked for."""
    clients, office = (request.getfixturevalue(name) for name in request.param)
    visitor = Visitor(clients, served.base_url, viewport=PHONE)
    people.append(visitor)
    advisor = Advisor(office, served.base_url, viewport=SCREEN)
    people.append(advisor)
    advisor.signs_in(LOGIN, PASSWORD)
    return visitor, advisor


def read(client: Person) -> str:
    """What stands on the screen that is shown; no word before there is a picture of it."""
    sized = screen(client).count() and screen(client).evaluate("(video) => video.videoWidth")
    return paper.read(frame(client)) if sized else ""


def test_a_voice_is_taken_in_firefox_too_and_played_where_there_is_a_loudspeaker(
    served: Served, firefox: Browser, people: list[Person]
) -> None:
    visitor = Visitor(firefox, served.base_url, viewport=PHONE)
    people.append(visitor)
    visitor.context.add_init_script(voice.PLAYED)
    invited = served.plan()
    office.consented(served, invited)
    visitor.opens(invited.link)
    visitor.sees("Gerät prüfen")
    visitor.tests_devices()
    voice.is_taken(visitor)
    played = visitor.page.get_by_text("Haben Sie sich selbst gehört?")
    nowhere = visitor.page.get_by_text(
        "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal."
    )
    expect(played.or_(nowhere)).to_be_visible(timeout=30_000)
    expect(visitor.page.get_by_role("button", name="Eigene Stimme anhören")).to_be_enabled()


@pytest.mark.parametrize(
    "pair", [*EITHER, pytest.param(FIREFOX_FIREFOX, id="firefox-firefox")], indirect=True
)
def test_a_client_and_an_advisor_meet_talk_write_reload_and_part(
    served: Served, pair: Pair
) -> None:
    visitor, advisor = pair
    invited = served.plan()
    meet(visitor, advisor, invited)

    advisor.checks_identity()
    expect(advisor.page.get_by_text("Identität geprüft: Ausweis")).to_be_visible()

    advisor.writes("Guten Tag!")
    visitor.opens_chat()
    expect(visitor.page.locator("ol.chat li")).to_contain_text("Guten Tag!")
    visitor.writes("Danke, ich höre Sie.")
    expect(advisor.page.locator("ol.chat li").nth(1)).to_contain_text("Danke, ich höre Sie.")
    visitor.closes_chat()

    for person in (visitor, advisor):
        person.page.reload()
        person.sees("Beratungsraum")
        both_see_and_hear(visitor, advisor)

    advisor.ends_for_all()
    everybody_has_left(visitor, advisor)
    visitor.opens(invited.link)
    expect(visitor.page.get_by_text("Das Gespräch ist beendet.")).to_be_visible()
    assert not visitor.has_call()


@pytest.mark.parametrize("pair", EITHER, indirect=True)
def test_who_likes_h264_best_and_who_knows_only_vp8_see_each_other(
    served: Served, pair: Pair
) -> None:
    """Debian's Firefox has no H.264: what it could use is Cisco's and would be downloaded."""
    [chromium] = [each for each in pair if not is_firefox(each.browser)]
    likes_best(chromium, "H264")
    meet(*pair, served.plan())
    assert [codec(each) for each in pair] == ["video/VP8"] * 2


def test_three_people_in_two_kinds_of_browsers_see_and_hear_each_other(
    served: Served,
    firefox: Browser,
    visitor: Visitor,
    advisor: Advisor,
    people: list[Person],
) -> None:
    invited = served.plan()
    second = office.joined_by(served, invited, "Ida Dolmetsch", GuestRole.INTERPRETER)
    interpreter = Interpreter(firefox, served.base_url, viewport=SCREEN)
    people.append(interpreter)
    all_come(advisor, (visitor, invited), (interpreter, second))
    everybody = (visitor, interpreter, advisor)
    for person in everybody:
        others = sorted(each.CAMERA for each in everybody if each is not person)
        wait_until(lambda: seen(person) == others, "the pictures of both others")  # noqa: B023
        wait_until(lambda: heard(person) == 2, "the voices of both others")  # noqa: B023


def test_a_client_in_firefox_reads_what_an_advisor_in_chromium_shows(
    served: Served, firefox: Browser, sharing_office: Browser, people: list[Person]
) -> None:
    client = Visitor(firefox, served.base_url, viewport=SCREEN)
    people.append(client)
    advisor = Advisor(sharing_office, served.base_url, viewport=SCREEN)
    people.append(advisor)
    advisor.signs_in(LOGIN, PASSWORD)
    talk(served, client, advisor)
    paper.lay_out(advisor.context)
    shows(advisor)
    wait_until(lambda: paper.recovered(read(client)) == 1, "the text can be read")
    wait_until(lambda: client.sees_picture_of(advisor), "the advisor's picture beside it")
    advisor.press(HIDE)
    sees_only_the_advisor(client, advisor)
    both_see_and_hear(client, advisor)


def test_a_client_in_chromium_reads_what_an_advisor_in_firefox_shows(
    served: Served, clients: Browser, playwright: Playwright, people: list[Person]
) -> None:
    client = Visitor(clients, served.base_url, viewport=SCREEN)
    people.append(client)
    with a_screen(1280, 720) as display, closing(launch(playwright, display)) as browser:
        advisor = Advisor(browser, served.base_url, no_viewport=True)
        advisor.signs_in(LOGIN, PASSWORD)
        talk(served, client, advisor)
        advisor.press(SHOW)
        wait_until(lambda: "Kundin oder Kunde" in read(client), "what is on that screen")
        line, before = advisor.page.evaluate(LINES), screen(client).evaluate(SHOWN)
        wait_until(lambda: screen(client).evaluate(SHOWN) > before + 50, "it goes on")
        assert advisor.page.evaluate(LINES) == line
        assert screen(client).evaluate("(v) => [v.videoWidth, v.videoHeight]") == [1280, 720]
        advisor.press(HIDE)
        sees_only_the_advisor(client, advisor)
        advisor.leave()
