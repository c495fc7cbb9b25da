"""Another language, chosen in the middle of a talk, in both browsers."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.languages import chooses, said
from tests.browser.people import Advisor, Person, Visitor
from tests.browser.server import Served
from tests.browser.test_journey import both_see_and_hear, meet

CONNECTIONS = "() => window.connections.map((each) => each.connectionState)"


@pytest.mark.parametrize("browser", ["clients", "firefox"])
def test_in_a_talk_another_language_leaves_the_connection_and_what_was_typed_as_they_are(
    request: pytest.FixtureRequest,
    served: Served,
    people: list[Person],
    advisor: Advisor,
    browser: str,
) -> None:
    clients: Browser = request.getfixturevalue(browser)
    visitor = Visitor(clients, served.base_url, viewport={"width": 1280, "height": 800})
    people.append(visitor)
    invited = served.plan()
    meet(visitor, advisor, invited)
    field = visitor.page.get_by_test_id("stChatInput").get_by_role("textbox")
    field.press_sequentially("Ich schreibe gerade")
    before = visitor.page.evaluate(CONNECTIONS)
    chooses(visitor, "ar", "Beratungsraum")
    expect(field).to_have_attribute("placeholder", said("Nachricht schreiben", "ar"))
    expect(field).to_have_value("Ich schreibe gerade")
    leave = said("Gespräch beenden", "ar")
    expect(visitor.page.get_by_role("button", name=leave, exact=True)).to_be_visible()
    assert visitor.page.evaluate(CONNECTIONS) == before
    both_see_and_hear(visitor, advisor)
    expect(advisor.page.get_by_text("Liest Arabisch", exact=True)).to_be_visible()
    chooses(visitor, "de", "Beratungsraum")
    expect(field).to_have_value("Ich schreibe gerade")
    assert visitor.page.evaluate(CONNECTIONS) == before
