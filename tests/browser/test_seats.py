"""Seats in real browsers: one device at a time, and a stolen session or cookie opens nothing."""

import json
import re
import time

import pytest
from playwright.sync_api import Browser, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import InvalidStatus

from core import clock
from core.access import link_key
from core.office import hosting
from tests.browser import office
from tests.browser.people import SECONDS, Advisor, Person, Visitor, wait_until
from tests.browser.raw import raw_page
from tests.browser.server import Invited, Served
from tests.browser.test_journey import meet
from tests.jars import link_jar

OUT_SECONDS = 2
OPEN_ELSEWHERE = "Dieser Termin ist schon in einem anderen Fenster oder Browser offen."
GOES_ON_ELSEWHERE = "Sie machen jetzt in einem anderen Fenster oder Browser weiter."


def secret_of(invited: Invited) -> str:
    return invited.link.rsplit("/", 1)[1]


def query_of(invited: Invited) -> str:
    return f"t={link_key(secret_of(invited))}"


def goes_on(person: Person) -> None:
    """Frames are still decoded, on the one connection there was from the beginning."""
    before = person.received()["frames"]
    wait_until(lambda: person.received()["frames"] > before + 10, "frames are decoded")
    assert person.page.evaluate("window.connections.length") == 1


def sessions_of(person: Person) -> list[str]:
    """The ids of Streamlit's sessions of this page, as its own socket tells them."""
    found: list[str] = []

    def heard(payload: str | bytes) -> None:
        if isinstance(payload, str):
            return  # our own live socket
        message = ForwardMsg.FromString(payload)
        if message.HasField("new_session"):
            found.append(message.new_session.initialize.session_id)

    def opened(socket: WebSocket) -> None:
        socket.on("framereceived", heard)

    person.page.on("websocket", opened)
    return found


def waits_with_picture(visitor: Visitor, invited: Invited) -> None:
    visitor.opens(invited.link)
    visitor.agrees()
    visitor.tests_devices()
    visitor.goes_to_waiting_room()


@pytest.fixture
def second(browser: Browser, served: Served, people: list[Person]) -> Visitor:
    """The same person, or somebody else with the link, at another device."""
    person = Visitor(browser, served.base_url, viewport={"width": 1280, "height": 800})
    people.append(person)
    return person


def test_a_stolen_session_id_shows_nothing_and_disturbs_nobody(
    served: Served, visitor: Visitor
) -> None:
    invited, other = served.plan("Karla Bestohlen"), served.plan("Otto Dieb")
    ids = sessions_of(visitor)
    waits_with_picture(visitor, invited)
    stolen = ids[-1]
    assert len(stolen) == 36

    with raw_page(served.base_url, link_jar(secret_of(other)), stolen) as thief:
        # Streamlit would show the page as the session left it; this is a new one of their own.
        assert "Warteraum" not in thief.run("termin", query_of(invited))
        assert "Startseite" in thief.run("termin", query_of(other))
    with (
        pytest.raises(InvalidStatus, match="403"),
        raw_page(served.base_url, {}, stolen),
    ):
        pass  # with no cookie at all nobody gets as far as Streamlit

    visitor.sees("Warteraum")
    goes_on(visitor)


def test_a_stolen_cookie_opens_nothing_after_the_end(served: Served) -> None:
    invited = served.plan()
    office.talking(served, invited)
    jar = link_jar(secret_of(invited))
    with raw_page(served.base_url, jar) as page:
        assert "Beratungsraum" in page.run("termin", query_of(invited))
    hosting.end(served.advisor, clock.now(), invited.appointment_id)
    with pytest.raises(InvalidStatus, match="403"), raw_page(served.base_url, jar):
        pass


def test_a_call_forged_from_a_device_that_does_not_hold_the_seat_is_never_answered(
    served: Served, visitor: Visitor
) -> None:
    invited, other = served.plan(), served.plan()
    waits_with_picture(visitor, invited)
    office.waiting(served, other)
    with raw_page(served.base_url, link_jar(secret_of(other))) as own:
        own.run("termin", query_of(other))
        call = own.widgets["call"]
    offer = {"playing": True, "sdpOffer": {"type": "offer", "sdp": "v=0"}, "iceCandidates": {}}
    forged = [WidgetState(id=call, json_value=json.dumps(offer))]
    with raw_page(served.base_url, link_jar(secret_of(invited), "x" * 43)) as page:
        for states in ([], forged, forged):
            drawn = page.run("termin", query_of(invited), states)
            assert OPEN_ELSEWHERE in drawn
            assert ("Anna Berger" in drawn, "call" in page.widgets) == (False, False)
    goes_on(visitor)


def test_the_second_device_asks_takes_over_and_the_first_loses_page_and_media(
    served: Served, visitor: Visitor, second: Visitor, advisor: Advisor
) -> None:
    invited = served.plan()
    meet(visitor, advisor, invited)
    advisor.writes("Nur für Sie")
    expect(visitor.page.locator("ol.chat li")).to_have_count(1)
    second.opens(invited.link)
    expect(second.page.get_by_text(OPEN_ELSEWHERE)).to_be_visible(timeout=30 * SECONDS)
    expect(second.page.locator("ol.chat")).to_have_count(0)
    assert not second.has_call()
    assert visitor.sees_picture_of(advisor)

    second.press("Hier weitermachen")
    pressed = time.monotonic()
    told = visitor.page.get_by_text(GOES_ON_ELSEWHERE)
    expect(told).to_be_visible(timeout=30 * SECONDS)
    assert time.monotonic() - pressed < OUT_SECONDS
    assert not visitor.has_call()
    expect(visitor.page.locator("ol.chat")).to_have_count(0)
    expect(visitor.page.get_by_role("button", name="Chat öffnen")).to_be_hidden()
    wait_until(lambda: visitor.live_tracks() == 0, "the first device's camera is released")

    second.sees("Warteraum")
    changed = r"Hat um \d\d:\d\d das Gerät gewechselt\. Bitte prüfen Sie die Identität"
    expect(advisor.page.get_by_text(re.compile(changed))).to_be_visible()
    wait_until(lambda: not advisor.sees_a_picture(), "no picture of anyone who has to wait again")
    advisor.press("Einlassen")
    second.sees("Beratungsraum")
    wait_until(lambda: second.sees_picture_of(advisor), "the advisor's picture")
    expect(told).to_be_visible()


def test_another_tab_of_the_same_browser_is_the_same_device(
    served: Served, visitor: Visitor
) -> None:
    invited = served.plan()
    waits_with_picture(visitor, invited)
    tab = visitor.context.new_page()
    tab.goto(invited.link)
    expect(tab.get_by_role("heading", name="Warteraum", exact=True)).to_be_visible(
        timeout=30 * SECONDS
    )
    elsewhere = "Bild und Ton sind in einem anderen Fenster."
    expect(visitor.page.get_by_text(elsewhere)).to_be_visible(timeout=30 * SECONDS)
    tab.close()
    expect(visitor.page.get_by_text("Oben sehen Sie Ihr eigenes Bild.")).to_be_visible(
        timeout=30 * SECONDS
    )
    wait_until(visitor.sees_a_picture, "the picture is back, too")
