"""The device test with devices that work, that are missing, and that may not be used."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from playwright.sync_api import Browser, BrowserType, Locator, expect

from core.appointment import GuestStatus
from core.office import closing
from core.refused import Reason, Refused
from pages.call.lacking import sentences
from tests.browser import office, voice
from tests.browser.conftest import ARGUMENTS
from tests.browser.find_browser import chromium
from tests.browser.people import SECOND_CLICK, SECONDS, Advisor, Person, Visitor, wait_until
from tests.browser.server import Invited, Served
from tests.browser.test_links import is_calm, says

FAKE = "--use-fake-device-for-media-stream"
GRANT = "--use-fake-ui-for-media-stream"
NO_CAMERA = [*(each for each in ARGUMENTS if each != FAKE), f"{FAKE}=device-count=0"]
NO_PERMISSION = [each for each in ARGUMENTS if each != GRANT]
STAYS_SECONDS = 3
LONG = 30 * SECONDS
ASKED = """
(() => {
  const media = navigator.mediaDevices;
  const ask = media.getUserMedia.bind(media);
  window.asked = [];
  media.getUserMedia = (wanted) => {
    window.asked.push(Boolean(wanted.video));
    return ask(wanted);
  };
})();
"""


@pytest.fixture
def invited(served: Served, visitor: Visitor) -> Invited:
    """Somebody who has agreed, at the device test."""
    return comes_to_test(served, visitor)


def comes_to_test(served: Served, visitor: Visitor) -> Invited:
    planned = served.plan()
    office.consented(served, planned)
    visitor.opens(planned.link)
    visitor.sees("Gerät prüfen")
    return planned


# The loudspeaker


@pytest.mark.parametrize(
    ("answer", "sentence", "worked"),
    [
        ("Ja", "Der Lautsprecher funktioniert.", True),
        (
            "Nein",
            "Sie hören nichts. Stellen Sie den Ton lauter und versuchen Sie es noch einmal.",
            False,
        ),
    ],
)
def test_the_test_tone_is_heard_and_the_answer_is_kept(
    visitor: Visitor, invited: Invited, answer: str, sentence: str, worked: bool
) -> None:
    visitor.tests_devices()
    wait_until(lambda: visitor.received()["frames"] > 5, "the connection stands")
    assert visitor.hears_nothing_for(1), "nobody hears themself in the device test"

    visitor.press("Testton abspielen")
    wait_until(lambda: visitor.received()["energy"] > 0.01, "the tone arrives")
    for each in ("Ja", "Nein"):
        wait_until(partial(is_in_sight, visitor, each), "the answers are in sight")
    visitor.press(answer)

    says(visitor, sentence)
    expect(visitor.page.get_by_text("Haben Sie den Ton gehört?")).to_have_count(0)
    guest = office.guest(invited)
    assert guest.loudspeaker_worked is worked
    assert guest.technique_failed is not worked


IN_SIGHT = """
(button) => {
  const { left, right, top, bottom } = button.getBoundingClientRect();
  const middle = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const edge = document.elementFromPoint((left + right) / 2, bottom - 2);
  return [middle, edge].every((each) => button.contains(each));
}
"""


def is_in_sight(person: Person, button: str) -> bool:
    """Nothing lies over it, and nobody has to scroll."""
    found = person.page.get_by_role("button", name=button, exact=True)
    return bool(found.count()) and bool(found.evaluate(IN_SIGHT))


def test_without_a_connection_the_test_tone_asks_for_one_and_goes_on_asking(
    visitor: Visitor, invited: Invited
) -> None:
    visitor.call_is_ready()
    visitor.press("Lautsprecher prüfen")
    visitor.page.wait_for_timeout(SECOND_CLICK)  # what has come into its place is another button
    visitor.press("Testton abspielen")
    stays(visitor, "Bitte schalten Sie zuerst oben Kamera und Mikrofon ein.")


# One's own voice, and what the browser sees of a picture

# A camera that shows this colour and nothing else.
ONE_COLOUR = """
(() => {
  const media = navigator.mediaDevices;
  const ask = media.getUserMedia.bind(media);
  media.getUserMedia = async (...a) => {
    const stream = await ask(...a);
    const canvas = document.createElement("canvas");
    const paint = canvas.getContext("2d");
    setInterval(() => {
      paint.fillStyle = "{colour}";
      paint.fillRect(0, 0, 300, 150);
    }, 50);
    const [picture] = canvas.captureStream().getVideoTracks();
    return new MediaStream([...stream.getAudioTracks(), picture]);
  };
})();
"""


def test_a_client_hears_their_own_voice_and_says_whether_they_did(
    visitor: Visitor, invited: Invited
) -> None:
    visitor.context.add_init_script(voice.PLAYED)
    visitor.page.reload()
    visitor.tests_devices()
    voice.is_taken(visitor)
    says(visitor, "Jetzt hören Sie sich selbst.")
    says(visitor, "Haben Sie sich selbst gehört?")
    visitor.press("Nein")
    expect(visitor.page.get_by_text("Haben Sie sich selbst gehört?")).to_have_count(0)
    wait_until(lambda: office.guest(invited).loudspeaker_worked is False, "the answer is kept")
    says(visitor, "Das klappt noch nicht: Lautsprecher. Sie können trotzdem weitergehen.")


@pytest.mark.parametrize("colour", ["#000000", "#ffffff"])
def test_a_camera_that_is_covered_is_said_to_show_nothing(
    served: Served, visitor: Visitor, colour: str
) -> None:
    visitor.context.add_init_script(ONE_COLOUR.replace("{colour}", colour))
    comes_to_test(served, visitor)
    visitor.turn_on()
    says(visitor, "Auf Ihrem Bild ist nichts zu erkennen. Ist die Kamera abgedeckt?")


def test_why_a_device_does_not_work_is_read_by_the_advisor(
    served: Served, unlucky: Visitor, advisor: Advisor
) -> None:
    invited = comes_to_test(served, unlucky)
    unlucky.turn_on()
    failed(unlucky)
    advisor.goes_to_desk(invited.appointment_id)
    cause = re.compile("^Kamera: (nicht gefunden|im Browser nicht erlaubt)$")
    expect(advisor.page.get_by_text(cause)).to_be_visible()
    assert office.guest(invited).technique_failed


def test_who_is_too_early_reads_when_to_come_back(served: Served, visitor: Visitor) -> None:
    planned = served.plan(begins_in=timedelta(days=1))
    office.consented(served, planned)
    visitor.opens(planned.link)
    visitor.sees("Gerät prüfen")
    visitor.call_is_ready()
    stays(visitor, "Öffnen Sie zum Termin denselben Link.")
    button = visitor.page.get_by_role("button", name="Schritt 2: Beratungsraum betreten")
    expect(button).to_have_count(0)


def stays(person: Person, sentence: str) -> None:
    """It can be read, not only glimpsed."""
    says(person, sentence)
    person.page.wait_for_timeout(STAYS_SECONDS * SECONDS)
    assert person.page.get_by_text(sentence).is_visible()


# Devices that are missing or may not be used


@pytest.fixture(scope="module", params=[NO_CAMERA, NO_PERMISSION], ids=["missing", "not allowed"])
def lacking(request: pytest.FixtureRequest, browser_type: BrowserType) -> Iterator[Browser]:
    """A browser without a camera, or one whose user says no."""
    with browser_type.launch(executable_path=chromium(), args=request.param) as browser:
        yield browser


@pytest.fixture(scope="module")
def without_camera(browser_type: BrowserType) -> Iterator[Browser]:
    """A browser with a microphone only."""
    with browser_type.launch(executable_path=chromium(), args=NO_CAMERA) as browser:
        yield browser


@pytest.fixture
def unlucky(lacking: Browser, served: Served, people: list[Person]) -> Visitor:
    person = Visitor(lacking, served.base_url, viewport={"width": 390, "height": 844})
    people.append(person)
    person.context.clear_permissions()
    return person


@pytest.fixture
def unseen(without_camera: Browser, served: Served, people: list[Person]) -> Visitor:
    person = Visitor(without_camera, served.base_url, viewport={"width": 390, "height": 844})
    people.append(person)
    return person


def failed(visitor: Visitor) -> None:
    """Until the stage says that it lacks a device."""
    expect(notice(visitor)).to_contain_text(re.compile("gefunden|nicht erlaubt"), timeout=LONG)


def notice(visitor: Visitor) -> Locator:
    return visitor.page.locator(".stage .notice")


def test_whose_devices_fail_can_say_so_and_is_never_recorded_as_missed(
    served: Served, unlucky: Visitor
) -> None:
    invited = comes_to_test(served, unlucky)
    unlucky.turn_on()
    failed(unlucky)
    is_calm(unlucky)
    assert office.guest(invited).camera_worked is None

    unlucky.page.get_by_role("button", name="Kamera klappt nicht?", exact=True).click()

    says(unlucky, "Die Kamera funktioniert nicht.")
    assert office.guest(invited).technique_failed
    assert refused_as_missed(served, invited) == Reason.TECHNIQUE_FAILED


def test_whose_devices_fail_can_still_go_to_the_waiting_room(
    served: Served, unlucky: Visitor
) -> None:
    invited = comes_to_test(served, unlucky)
    unlucky.turn_on()
    failed(unlucky)
    says(unlucky, "Sie können trotzdem weitergehen.")

    unlucky.goes_to_waiting_room()

    says(unlucky, "Sie sind angemeldet.")
    is_calm(unlucky)
    assert office.status(invited) == GuestStatus.WAITING
    assert refused_as_missed(served, invited) == Reason.SOMEBODY_WAITS


def refused_as_missed(served: Served, invited: Invited) -> Reason:
    """Why the appointment cannot be recorded as missed once it is over."""
    over = office.appointment(invited).ends_at + timedelta(minutes=30)
    with pytest.raises(Refused) as refused:
        closing.record_missed(served.advisor, over, invited.appointment_id)
    return refused.value.reason


def test_what_is_wrong_with_a_device_is_said_in_german(served: Served, unlucky: Visitor) -> None:
    comes_to_test(served, unlucky)
    unlucky.turn_on()
    failed(unlucky)
    expect(notice(unlucky)).not_to_contain_text("Error")


# Without a camera


def test_whose_camera_is_missing_goes_on_with_sound_and_reads_so(
    served: Served, unseen: Visitor
) -> None:
    unseen.context.add_init_script(ASKED)
    comes_to_test(served, unseen)
    unseen.turn_on()
    says(unseen, "Das Mikrofon funktioniert.")
    expect(notice(unseen).locator("> p")).to_have_text(sentences()["video"]["missing"])
    assert unseen.page.evaluate("window.asked") == [True, False]


def declines_the_camera(visitor: Visitor) -> None:
    visitor.page.get_by_text("Hilfe bei Kamera und Mikrofon", exact=True).click()
    visitor.page.get_by_text("Ohne Kamera teilnehmen, nur mit Ton").click()
    expect(visitor.page.get_by_role("checkbox", name="Ohne Kamera")).to_be_checked()
    says(visitor, "Sie nehmen ohne Kamera teil.")  # the page knows it, so the call does


def meet_without_camera(served: Served, visitor: Visitor, advisor: Advisor) -> Invited:
    invited = comes_to_test(served, visitor)
    declines_the_camera(visitor)
    visitor.turn_on()
    says(visitor, "Das Mikrofon funktioniert.")
    visitor.goes_to_waiting_room()
    advisor.goes_to_desk(invited.appointment_id)
    advisor.turn_on()
    advisor.sees_own_picture()
    advisor.press("Beratungsraum öffnen")
    visitor.sees("Beratungsraum")
    return invited


def test_who_has_no_camera_is_heard_and_sees_and_hears_the_advisor(
    served: Served, unseen: Visitor, advisor: Advisor
) -> None:
    meet_without_camera(served, unseen, advisor)

    unseen.sees_and_hears()
    hears(advisor)
    wait_until(unseen.sees_a_picture, "the advisor is seen")
    wait_until(lambda: not advisor.sees_a_picture(), "nobody is seen without a camera")
    expect(advisor.page.get_by_text("Im Gespräch, nicht zu sehen")).to_be_visible()


def hears(person: Person) -> None:
    before = person.received()["energy"]
    wait_until(lambda: person.received()["energy"] > before + 0.01, "sound arrives")


def test_who_has_declined_the_camera_is_not_asked_for_it_in_any_step(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    visitor.context.add_init_script(ASKED)
    meet_without_camera(served, visitor, advisor)
    hears(advisor)
    assert cameras_asked_for(visitor) == 0


def test_who_has_declined_the_camera_is_not_seen_after_a_reload(
    served: Served, visitor: Visitor
) -> None:
    visitor.context.add_init_script(ASKED)
    comes_to_test(served, visitor)
    declines_the_camera(visitor)
    visitor.turn_on()
    says(visitor, "Das Mikrofon funktioniert.")
    visitor.goes_to_waiting_room()

    visitor.page.reload()

    visitor.sees("Warteraum")
    wait_until(lambda: visitor.live_tracks() > 0, "the call has come back")
    assert cameras_asked_for(visitor) == 0


def cameras_asked_for(visitor: Visitor) -> int:
    """How often a page since the last load has asked for the camera."""
    return int(visitor.page.evaluate("window.asked.filter(Boolean).length"))
