"""A private minute in real browsers: the two go on, the advisor hears and sees nothing of it."""

from playwright.sync_api import Browser, expect

from core.appointment import GuestRole
from tests.browser import office as desk
from tests.browser.people import Advisor, Person, Visitor, wait_until
from tests.browser.server import Served
from tests.browser.test_journey import all_come

QUIET_SECONDS = 1.5


def test_client_and_beistand_talk_among_themselves_until_the_advisor_is_fetched(
    served: Served, clients: Browser, visitor: Visitor, advisor: Advisor, people: list[Person]
) -> None:
    invited = served.plan()
    second = desk.joined_by(served, invited, "Ida Begleiter", GuestRole.ASSISTANT)
    beistand = Visitor(clients, served.base_url, viewport={"width": 1280, "height": 800})
    people.append(beistand)
    all_come(advisor, (visitor, invited), (beistand, second))
    for person in (visitor, beistand, advisor):
        person.sees_and_hears()

    advisor.press("Die anderen kurz allein lassen")

    expect(
        advisor.page.get_by_text("Sie werden jetzt nicht gehört und nicht gesehen.")
    ).to_be_visible()
    expect(
        visitor.page.get_by_text("Nur Sie und Ida Begleiter hören und sehen sich.")
    ).to_be_visible()
    wait_until(lambda: advisor.hears_nothing_for(QUIET_SECONDS), "the advisor hears nobody")
    assert not advisor.sees_picture_of(visitor)
    assert not visitor.sees_picture_of(advisor)
    for person in (visitor, beistand):
        person.sees_and_hears()

    advisor.press("Zurück ins Gespräch")
    expect(visitor.page.get_by_text("Anna Berger möchte zurückkommen.")).to_be_visible()
    visitor.press("Wieder mit dem Jobcenter sprechen")

    advisor.sees_and_hears()
    wait_until(lambda: advisor.sees_picture_of(visitor), "the advisor sees the client again")
