"""A database that is locked for a while: said on the page, and gone by itself; nothing is lost."""

import os

from playwright.sync_api import expect

from core.office import chat
from tests import outages
from tests.browser import office
from tests.browser.people import Advisor, Visitor
from tests.browser.server import Served

NOT_KEPT = "Das konnten wir gerade nicht speichern. Bitte versuchen Sie es gleich noch einmal."
BANNER = (
    "Wir können gerade nichts speichern. Das liegt nicht an Ihnen. Sobald es wieder geht, "
    "verschwindet dieser Hinweis."
)
SOON = 30_000  # a lock is waited for for 5 s, and what goes by itself is left to be read


def test_a_message_stays_in_its_field_and_the_talk_goes_on_until_it_can_be_kept(
    served: Served, visitor: Visitor, advisor: Advisor
) -> None:
    invited = served.plan()
    office.talking(served, invited)
    visitor.opens(invited.link)
    visitor.sees("Beratungsraum")
    advisor.page.goto(f"/beratung?termin={invited.appointment_id}")
    advisor.page.get_by_test_id("stChatInput").wait_for()
    visitor.opens_chat()
    field = visitor.page.get_by_test_id("stChatInput").get_by_role("textbox")
    said = visitor.page.get_by_text(NOT_KEPT)
    banners = [person.page.locator("#connection") for person in (visitor, advisor)]
    with outages.locked(served.folder / "office.sqlite"):
        visitor.writes("Ich komme später")
        expect(said).to_be_visible(timeout=SOON)
        expect(field).to_have_value("Ich komme später")
        expect(banners[0]).to_have_text(f"{BANNER} Rufen Sie uns an: 030 2312 5000")
        expect(banners[0].get_by_role("link")).to_have_attribute("href", "tel:+493023125000")
        expect(banners[1]).to_have_text(BANNER)
        expect(advisor.page.get_by_role("button", name="Tagesplan")).to_be_visible()
        visitor.sees("Beratungsraum")
        if folder := os.environ.get("PICTURES"):
            for name, person in (("visitor", visitor), ("advisor", advisor)):
                person.page.screenshot(path=f"{folder}/{name}.png")
    for banner in banners:
        expect(banner).to_be_empty(timeout=SOON)
    expect(said).to_have_count(0, timeout=SOON)
    expect(field).to_have_value("Ich komme später")
    field.press("Enter")
    expect(advisor.page.locator(".st-key-chatlog li")).to_have_count(1, timeout=SOON)
    kept = [line.text for line in chat.read(served.advisor, invited.appointment_id)]
    assert kept == ["Ich komme später"]
