"""/barrierefreiheit: what the law wants said, as this house has set it, and nothing too good."""

import pytest

from core.languages import LANGUAGES
from core.settings import settings
from pages.words import statement
from tests.pages import reading

PARTS = [
    "Wie barrierefrei die Videokommunikation ist",
    "Was noch nicht barrierefrei ist",
    "Was noch nicht geprüft ist",
    "Anders mit uns sprechen",
    "Barriere melden",
    "Wenn wir nicht helfen: Schlichtung",
]
MAIL = "barrierefrei@jobcenter-beispiel.de"
LAND = "Schlichtungsstelle des Landes, Am Platz 1, 12345 Beispielstadt"


@pytest.fixture
def shown(client, monkeypatch):
    """The page, with these settings."""

    def show(**given):
        for name, value in given.items():
            monkeypatch.setenv(f"BERATUNGSRAUM_{name.upper()}", value)
        settings.cache_clear()
        return reading.tree(client.get("/barrierefreiheit").text)

    return show


def sentences(page):
    return [tag.text for tag in page.all("p")]


def items(page):
    [main] = page.all("main")
    return [tag.text for tag in main.all("li")]


def test_it_has_the_parts_of_the_models_of_the_law_in_their_order(shown):
    page = shown()
    assert [tag.text for tag in page.all("h1")] == ["Erklärung zur Barrierefreiheit"]
    assert [tag.text for tag in page.all("h2")] == PARTS
    assert sentences(page)[-1] == "Diese Erklärung ist vom 1. Dezember 2026."


def test_it_names_everything_that_is_not_met_with_its_reason_and_all_that_is_open(shown):
    rest = items(shown())
    machine = rest.pop(len(statement.not_met()))
    assert rest == [*statement.not_met(), *statement.not_tested()]
    assert [each.count("Grund: ") for each in statement.not_met()] == [1] * len(statement.not_met())
    names = [each.name for code, each in LANGUAGES.items() if code in settings().languages]
    assert [name in machine for name in names] == [name != "Deutsch" for name in names]


def test_it_says_that_the_languages_are_a_machines_only_where_one_is_offered(shown):
    assert items(shown(languages="de")) == [*statement.not_met(), *statement.not_tested()]


def test_a_barrier_is_reported_to_the_house_and_then_to_whom_its_law_names(shown):
    page = shown(accessibility_mail=MAIL, arbitration=LAND, house="Jobcenter Beispielstadt")
    links = {tag.text: tag.attributes["href"] for tag in page.all("a")}
    assert links[MAIL] == f"mailto:{MAIL}"
    said = sentences(page)
    assert said.count("Wir antworten in höchstens einem Monat.") == 1
    assert said.count(LAND) == 1
    assert [each.startswith("Eine Barriere können Sie nur") for each in items(page)] == [False] * (
        len(statement.not_met()) + 1 + len(statement.not_tested())
    )
    assert said.count("Verantwortlich ist: Jobcenter Beispielstadt") == 1


def test_without_settings_it_promises_nothing_and_names_the_federations(shown):
    page = shown()
    said = sentences(page)
    nowhere = "Eine Barriere können Sie nur am Telefon melden."
    assert [each.startswith(nowhere) for each in items(page)].count(True) == 1
    links = [tag.attributes["href"] for tag in page.all("a")]
    assert links.count("https://www.schlichtungsstelle-bgg.de") == 1
    assert "Wir antworten in höchstens einem Monat." not in said
    assert said.count(statement.FEDERAL_ARBITRATION) == 1


def test_it_names_the_law_of_the_house(shown):
    law = "dem Gesetz des Landes"
    assert [law in each for each in sentences(shown(accessibility_law=law))].count(True) == 1


def test_it_sets_no_cookie_and_needs_none(client):
    answer = client.get("/barrierefreiheit")
    assert (answer.status_code, list(answer.cookies)) == (200, [])
