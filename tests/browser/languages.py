"""What people do with the list of languages, and how a page says which one it is in."""

from playwright.sync_api import expect

from core import words
from core.languages import LANGUAGES
from tests.browser.people import SECONDS, Person

LIST = ".bar select"
PAGE = "() => [document.documentElement.lang, document.documentElement.dir]"


def said(german: str, language: str) -> str:
    return words.translation(language)(german)


def chooses(person: Person, language: str, heading: str) -> None:
    person.page.locator(LIST).select_option(language)
    person.sees(said(heading, language))
    page = person.page.locator("html")
    expect(page).to_have_attribute("lang", language, timeout=30 * SECONDS)
    expect(page).to_have_attribute("dir", LANGUAGES[language].direction)
