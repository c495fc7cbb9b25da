"""/hilfe: the whole way to read before the appointment, and what to do when something fails."""

from contextvars import copy_context

import pytest
from starlette.testclient import TestClient

from core import words
from core.settings import settings
from pages.gate.middleware import Gate
from pages.words import guide
from pages.words.words import speak
from tests.pages import reading

IMPRINT = "https://www.jobcenter-beispiel.de/impressum?a=1&b=2"


def spoken(language):
    """The guide's way and troubles in a language; this thread goes on in its own."""

    def read():
        speak(language)
        return guide.way(), guide.troubles()

    return copy_context().run(read)


def links(client, path):
    found = reading.tree(client.get(path).text).all("a")
    return {tag.text: tag.attributes["href"] for tag in found}


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_it_has_every_step_in_its_order_and_every_trouble(client, language):
    behind_the_gate = TestClient(Gate(client.app))
    answer = behind_the_gate.get("/hilfe", headers={"Accept-Language": language})
    shown = reading.tree(answer.text)
    way, troubles = spoken(language)
    assert [tag.text for tag in shown.all("h2")][1:-1] == [part.title for part in way]
    assert [tag.text for tag in shown.all("h3")] == [part.title for part in troubles]
    said = {tag.text for tag in shown.all("p")}
    assert {each for part in (*way, *troubles) for each in part.sentences} <= said


def test_it_sets_no_cookie_and_needs_none(client):
    answer = client.get("/hilfe")
    assert (answer.status_code, list(answer.cookies)) == (200, [])


def test_it_names_a_button_as_it_is_called_in_that_language():
    way, _troubles = spoken("en")
    button = words.translation("en")("Schritt 2: Beratungsraum betreten")
    assert [button in each for part in way for each in part.sentences].count(True) == 1


@pytest.mark.parametrize("path", ["/", "/hilfe", "/datenschutz", "/barrierefreiheit", "/anmelden"])
def test_every_plain_page_leads_to_it_and_to_the_impressum_of_the_house(client, monkeypatch, path):
    assert links(client, path)["Hilfe"] == "hilfe"
    assert "Impressum" not in links(client, path)
    monkeypatch.setenv("BERATUNGSRAUM_IMPRINT_URL", IMPRINT)
    settings.cache_clear()
    assert links(client, path)["Impressum"] == IMPRINT
