"""/datenschutz: everybody can read what is stored and for how long, as this house has set it."""

import re

from core.office.kept import KEPT
from core.settings import settings
from tests.pages import reading


def listed(answer):
    """Each period with the things that are kept so long."""
    page = reading.tree(answer.text)
    return [tag.text for tag in page.all("h2")], [tag.text for tag in page.all("strong")]


def of_the_appointment(periods):
    return [each for each in periods if re.fullmatch(r"\d+ Tage? nach dem Ende des Termins", each)]


def test_it_names_everything_in_the_data_map_once(client):
    _, things = listed(client.get("/datenschutz"))
    assert sorted(thing.split(": ", 1)[-1] for thing in things) == sorted(
        row.what.split(": ", 1)[-1] for row in KEPT
    )


def test_it_says_the_periods_that_are_set(client, monkeypatch):
    chat, names, rest = (f"{n} nach dem Ende des Termins" for n in ("1 Tag", "30 Tage", "90 Tage"))
    periods, _ = listed(client.get("/datenschutz"))
    assert of_the_appointment(periods) == [chat, names, rest]
    monkeypatch.setenv("BERATUNGSRAUM_CHAT_DAYS", "2")
    settings.cache_clear()
    periods, _ = listed(client.get("/datenschutz"))
    assert of_the_appointment(periods)[0] == "2 Tage nach dem Ende des Termins"


def test_it_sets_no_cookie_and_needs_none(client):
    answer = client.get("/datenschutz")
    assert (answer.status_code, list(answer.cookies)) == (200, [])


def test_the_first_page_leads_to_it(client):
    links = [tag.attributes["href"] for tag in reading.tree(client.get("/").text).all("a")]
    assert links.count("datenschutz") == 1
