"""The whole way, from the personal link to goodbye, in two real browsers."""

from playwright.sync_api import expect

from tests.browser.people import Advisor, Visitor, wait_until
from tests.browser.server import Invited, Served

SECOND = 1000
QUIET_SECONDS = 2


def meet(visitor: Visitor, advisor: Advisor, invited: Invited) -> None:
    """Bring both into the open room."""
    all_come(advisor, (visitor, invited))
    visitor.sees("Beratungsraum")
    both_see_and_hear(visitor, advisor)


def all_come(advisor: Advisor, *guests: tuple[Visitor, Invited]) -> None:
    """Through the device test and the Warteraum; then the advisor opens the room."""
    for visitor, invited in guests:
        visitor.opens(invited.link)
        visitor.agrees()
        visitor.tests_devices()
        visitor.goes_to_waiting_room()
    advisor.goes_to_desk(guests[0][1].appointment_id)
    advisor.turn_on()
    advisor.sees_own_picture()
    advisor.press("Beratungsraum öffnen")


def both_see_and_hear(visitor: Visitor, advisor: Advisor) -> None:
    for person, other in ((visitor, advisor), (advisor, visitor)):
        person.sees_and_hears()
        wait_until(lambda: person.sees_picture_of(other), "the other one's picture")  # noqa: B023


def everybody_has_left(visitor: Visitor, advisor: Advisor) -> None:
    expect(visitor.page.get_by_text("Das Gespräch ist beendet.")).to_be_visible()
    expect(advisor.page.get_by_text("Das Gespräch ist beendet.")).to_be_visible()
    wait_until(lambda: visitor.live_tracks() == 0, "the visitor's camera is released")
    wait_until(lambda: advisor.live_tracks() == 0, "the advisor's camera is released")


def test_a_client_and_an_advisor_meet_talk_write_and_part(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    invited = served.plan()
    meet(visitor, advisor, invited)

    advisor.checks_identity()
    expect(advisor.page.get_by_text("Identität geprüft: Ausweis")).to_be_visible()

    # chat, both ways
    advisor.writes("Guten Tag, hier ist der Antrag: https://www.example.org/antrag?a=1&b=2")
    visitor.opens_chat()
    link = visitor.page.get_by_role("link", name="https://www.example.org/antrag?a=1&b=2")
    expect(link).to_have_attribute("href", "https://www.example.org/antrag?a=1&b=2")
    expect(link).to_have_attribute("target", "_blank")
    rel = str(link.get_attribute("rel")).split()
    assert {"noopener", "noreferrer"} <= set(rel)
    visitor.writes("Danke! <b>Ich</b> lese **das** gleich.")
    expect(advisor.page.locator("ol.chat li").nth(1)).to_contain_text(
        "Danke! <b>Ich</b> lese **das** gleich."
    )
    authors = advisor.page.locator("ol.chat .who").all_inner_texts()
    assert [author.split()[0] for author in authors] == ["Sie", "Emil"]
    visitor.closes_chat()

    # microphone off: silence at the far end; on: sound again
    visitor.toggle("Mikrofon ausschalten")
    wait_until(lambda: advisor.hears_nothing_for(QUIET_SECONDS), "the visitor is silent")
    visitor.toggle("Mikrofon einschalten")
    advisor.sees_and_hears()

    # camera off: no picture at the far end; on: a picture again
    visitor.toggle("Kamera ausschalten")
    expect(advisor.page.get_by_text("Im Gespräch, nicht zu sehen")).to_be_visible()
    wait_until(lambda: not advisor.sees_a_picture(), "the visitor's picture is gone")
    visitor.toggle("Kamera einschalten")
    wait_until(lambda: advisor.sees_picture_of(visitor), "the visitor's picture is back")

    # each side reloads; the other stays, the talk comes back without a click
    for person in (visitor, advisor):
        person.page.reload()
        person.sees("Beratungsraum")
        both_see_and_hear(visitor, advisor)

    # who leaves by mistake comes back and is let in again
    visitor.press("Gespräch beenden")
    visitor.sees("Beratungsraum verlassen")
    wait_until(lambda: visitor.live_tracks() == 0, "the visitor's camera is released")
    expect(advisor.page.get_by_role("alert")).to_have_text(
        "Emil Özdemir hat das Gespräch verlassen."
    )
    visitor.press("Zurück zum Gespräch")
    visitor.sees("Warteraum")
    advisor.press("Einlassen")
    visitor.sees("Beratungsraum")
    both_see_and_hear(visitor, advisor)

    # when everybody has left, one press ends it
    visitor.press("Gespräch beenden")
    visitor.sees("Beratungsraum verlassen")
    expect(advisor.page.get_by_role("alert")).to_be_visible()
    advisor.press("Gespräch beenden")
    everybody_has_left(visitor, advisor)

    visitor.opens(invited.link)
    expect(visitor.page.get_by_text("Das Gespräch ist beendet.")).to_be_visible()
    assert not visitor.has_call()


def test_the_advisor_ends_the_talk_for_both(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    invited = served.plan()
    meet(visitor, advisor, invited)

    advisor.ends_for_all()

    everybody_has_left(visitor, advisor)


def test_nobody_hears_or_sees_a_waiting_visitor_nor_one_who_is_sent_back(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    invited = served.plan()
    meet(visitor, advisor, invited)

    advisor.press("Zurück in den Warteraum")

    visitor.sees("Warteraum")
    wait_until(lambda: not advisor.sees_a_picture(), "no picture of somebody who waits")
    wait_until(lambda: advisor.hears_nothing_for(QUIET_SECONDS), "no sound of somebody who waits")
    advisor.press("Einlassen")
    visitor.sees("Beratungsraum")
    both_see_and_hear(visitor, advisor)


def test_the_call_keeps_one_connection_from_the_device_test_to_the_talk(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    meet(visitor, advisor, served.plan())

    assert visitor.page.evaluate("window.connections.length") == 1
    assert visitor.page.evaluate("window.connections[0].given.iceServers") == []


def test_an_advisor_who_looks_at_the_agenda_comes_back_into_the_talk(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    invited = served.plan()
    meet(visitor, advisor, invited)

    advisor.press("Tagesplan")
    advisor.sees("Tagesplan")
    wait_until(lambda: not visitor.sees_a_picture(), "the advisor's picture is gone")
    wait_until(lambda: advisor.live_tracks() == 0, "the advisor's camera is released")
    advisor.goes_to_desk(invited.appointment_id)

    both_see_and_hear(visitor, advisor)


def test_a_second_click_on_open_does_not_end_what_has_just_begun(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    invited = served.plan()
    advisor.goes_to_desk(invited.appointment_id)
    button = advisor.page.get_by_role("button", name="Beratungsraum öffnen", exact=True)
    box = button.bounding_box()
    assert box is not None
    for _ in range(2):
        advisor.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(button).to_have_count(0)

    visitor.opens(invited.link)
    visitor.agrees()
    visitor.goes_to_waiting_room()
    advisor.press("Einlassen")
    visitor.sees("Beratungsraum")
