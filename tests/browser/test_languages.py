"""
Another language, chosen on the way in: the page is in it, and step and tick stay as they are. In
every language the main button is in sight, and nothing is cut off.
"""

import pytest
from playwright.sync_api import Browser, Page, expect

from core.languages import LANGUAGES, OFFERED
from core.office import guest_view
from tests.browser import office
from tests.browser.languages import LIST, PAGE, chooses, said
from tests.browser.people import Person, Visitor
from tests.browser.server import Served

SIZES = {"phone": (390, 844), "small": (360, 640), "desk": (1280, 800)}
WIDER = """
() => {
  const main = document.querySelector('[data-testid="stMain"]');
  return [main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth - innerWidth];
}
"""


def test_on_the_way_in_step_and_tick_stay_and_the_list_keeps_the_focus(
    visitor: Visitor, served: Served
) -> None:
    invited = served.plan()
    visitor.opens(invited.link)
    visitor.sees("Startseite")
    visitor.page.get_by_text("Ich stimme den Nutzungsbedingungen zu").click()
    visitor.page.locator(LIST).focus()
    chooses(visitor, "uk", "Startseite")
    expect(visitor.page.locator(LIST)).to_be_focused()
    expect(visitor.page.get_by_role("checkbox")).to_be_checked()
    visitor.press(said("Weiter", "uk"))
    visitor.sees(said("Gerät prüfen", "uk"))
    chooses(visitor, "fa", "Gerät prüfen")
    visitor.page.reload()
    visitor.sees(said("Gerät prüfen", "fa"))
    found = guest_view.visit(invited.link.rpartition("/")[2])
    assert found is not None
    assert found.language == "fa"


def test_after_another_language_the_next_step_is_announced_as_ever(
    visitor: Visitor, served: Served
) -> None:
    """The headings are the same in German and in Einfache Sprache."""
    visitor.opens(served.plan().link)
    visitor.sees("Startseite")
    chooses(visitor, "de-simple", "Startseite")
    visitor.agrees()
    heading = visitor.page.get_by_role("heading", name="Gerät prüfen", exact=True)
    expect(heading).to_be_focused()


def test_another_device_of_a_guest_goes_on_in_their_language(
    visitor: Visitor, served: Served, clients: Browser, people: list[Person]
) -> None:
    invited = served.plan()
    visitor.opens(invited.link)
    visitor.sees("Startseite")
    chooses(visitor, "tr", "Startseite")
    visitor.page.locator(".st-key-agreed label").click()
    visitor.press(said("Weiter", "tr"))
    visitor.sees(said("Gerät prüfen", "tr"))
    laptop = Visitor(clients, served.base_url)
    people.append(laptop)
    laptop.opens(invited.link)
    laptop.press("Hier weitermachen")  # whoever only holds the link is told nothing
    laptop.sees(said("Gerät prüfen", "tr"))


def test_a_browser_that_asks_for_a_language_gets_it_on_every_kind_of_page(
    clients: Browser, served: Served, people: list[Person]
) -> None:
    person = Visitor(clients, served.base_url, locale="pl-PL")
    people.append(person)
    person.page.goto("/")
    person.sees(said("Videokommunikation", "pl"))
    person.page.get_by_role("link", name="Русский").click()
    person.sees(said("Videokommunikation", "ru"))
    person.opens(served.plan().link)
    person.sees(said("Startseite", "ru"))
    assert person.page.evaluate(PAGE) == ["ru", "ltr"]


def steps(page: Page, served: Served) -> list[tuple[str, str]]:
    """An invitation at each step, and what its main button is found by."""
    start, devices, room = served.plan(), served.plan(), served.plan()
    office.consented(served, devices)
    office.talking(served, room)
    return [
        (start.link, ".st-key-go_on button"),
        (devices.link, ".st-key-enter button"),
        (room.link, ".st-key-leave button"),
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", OFFERED)
def test_the_main_button_of_every_step_is_in_sight_and_nothing_is_wider_than_the_window(
    clients: Browser, served: Served, people: list[Person], language: str, size: str
) -> None:
    width, height = SIZES[size]
    visitor = Visitor(clients, served.base_url, viewport={"width": width, "height": height})
    people.append(visitor)
    visitor.context.add_cookies([{"name": "sprache", "value": language, "url": served.base_url}])
    for link, button in steps(visitor.page, served):
        visitor.opens(link)
        expect(visitor.page.locator(button)).to_be_in_viewport(ratio=1)
        assert visitor.page.evaluate(PAGE) == [language, LANGUAGES[language].direction]
        assert max(visitor.page.evaluate(WIDER)) <= 0
