"""Who brings no cookie reads why: the browser takes none, or the address is another browser's."""

import pytest
from starlette.testclient import TestClient

from core import access
from core.settings import settings
from tests.conftest import MINUTE, NOW, PASSWORD
from tests.pages import reading
from tests.pages.knocking import form, said, send

NOT_KEPT = "Ihr Browser nimmt keine Cookies an."
ELSEWHERE = "In diesem Browser ist Ihr Termin nicht offen."
NOWHERE = "Dieser Link führt zu keinem Termin."
ONCE_MORE = "Bitte senden Sie das Formular noch einmal ab."
PHONE = "Fragen? Rufen Sie uns an: 0800 4555500"
RIGHT = {"login": "anna", "password": PASSWORD}


@pytest.fixture(autouse=True)
def helped(house, monkeypatch):
    """An installation with a number for people whose link says nothing."""
    monkeypatch.setenv("BERATUNGSRAUM_HELP_PHONE", "0800 4555500")
    settings.cache_clear()


@pytest.fixture
def another(client):
    """Another browser of the same person, behind the same address."""
    browser = TestClient(client.app, follow_redirects=False)
    browser.headers["user-agent"] = "another one"
    return browser


def sent_on(client, planned):
    """Opens the link; the address it leads to."""
    return client.get(f"/termin/{planned.secret}").headers["location"].removeprefix("..")


def follow(client, address, keeps):
    """Goes there at once, in a browser that keeps cookies or none."""
    if not keeps:
        client.cookies.clear()
    return client.get(address)


def read(answer):
    """Status, heading, whether the number is there, and that it may not be kept."""
    words = said(answer)
    return answer.status_code, words[0], words[-1], answer.headers["cache-control"]


def test_a_browser_that_keeps_no_cookie_is_told_so_when_it_opens_the_link(house, client):
    planned = house.plan()
    for _ in range(3):
        page = follow(client, sent_on(client, planned), keeps=False)
        assert read(page) == (403, NOT_KEPT, PHONE, "no-store")
        assert client.get(page.url).text == page.text
    assert follow(client, sent_on(client, planned), keeps=True).text == "Streamlit"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_address_of_a_running_page_is_told_apart_from_that(house, client, another, method):
    address = sent_on(client, house.plan())
    page = another.request(method, address)
    assert page.status_code == 404
    assert read(another.get(address)) == (404, ELSEWHERE, PHONE, "no-store")
    assert follow(client, address, keeps=True).text == "Streamlit"
    assert read(another.get(address))[:2] == (404, ELSEWHERE)


def test_the_browser_of_an_app_and_the_one_it_hands_on_to_have_the_same_name(house, client):
    """Its cookie came back before: what comes without it now is another jar, not a refusal."""
    address = sent_on(client, house.plan())
    assert follow(client, address, keeps=True).text == "Streamlit"
    assert read(follow(client, address, keeps=False))[:2] == (404, ELSEWHERE)


@pytest.mark.parametrize("seconds", [31, 3600, 86400])
def test_who_comes_back_later_without_a_cookie_is_told_to_open_the_link(
    house, client, later, seconds
):
    address = sent_on(client, house.plan())
    later(seconds)
    assert read(follow(client, address, keeps=False))[:2] == (404, ELSEWHERE)


def test_an_address_of_somebody_elses_or_of_nobodys_appointment_says_the_same(client, house):
    keys = [access.link_key(secret) for secret in (house.plan().secret, "x" * 43)]
    keys += ["0" * 10, "abcdefabcd"]
    # But for the links to itself in other languages.
    said = {client.get(f"/termin?t={key}").text.replace(f"?t={key}&", "?") for key in keys}
    assert said == {client.get("/termin?t=0123456789").text.replace("?t=0123456789&", "?")}


@pytest.mark.parametrize("key", ["", "x", "0" * 9, "0" * 11, "ABCDEFABCD", "%00" * 10, "ä" * 10])
def test_an_address_that_no_page_of_ours_ever_had_leads_nowhere(client, key):
    assert read(client.get(f"/termin?t={key}"))[:2] == (404, NOWHERE)


def test_a_cookie_that_does_not_belong_to_the_address_opens_nothing_there(house, client):
    mine, other = house.plan(), house.plan()
    sent_on(client, mine)
    page = client.get(f"/termin?t={access.link_key(other.secret)}")
    assert read(page)[:2] == (404, ELSEWHERE)


def test_neither_page_says_anything_about_an_appointment(house, client):
    address = sent_on(client, house.plan())
    pages = [client.get("/termin?t=0123456789").text, follow(client, address, keeps=False).text]
    names = ["Karla", "Anna", "Musterstadt", "November"]
    assert [name for page in pages for name in names if name in page] == []


# At the door of staff


@pytest.mark.parametrize("fields", [RIGHT, {**RIGHT, "password": "x"}, {"login": "nobody"}, {}])
def test_a_browser_that_keeps_no_cookie_is_told_so_when_somebody_signs_in(client, fields):
    for _ in range(3):
        sent = {**fields, "form": form(client)}
        client.cookies.clear()
        page = send(client, sent)
        assert read(page) == (403, NOT_KEPT, PHONE, "no-store")
        [way] = [link for link in reading.tree(page.text).all("a") if link.text == "Zur Anmeldung"]
        assert way.attributes["href"] == "anmelden"


def test_who_allows_cookies_then_signs_in(client):
    sent = {**RIGHT, "form": form(client)}
    client.cookies.clear()
    assert send(client, sent).status_code == 403
    assert send(client, {**RIGHT, "form": form(client)}).status_code == 303


def test_a_form_whose_cookie_may_have_run_out_is_sent_once_more(client, it_is):
    sent = {**RIGHT, "form": form(client)}
    it_is(NOW + 16 * MINUTE)
    client.cookies.clear()
    assert said(send(client, sent))[1:] == [ONCE_MORE]


@pytest.mark.parametrize("token", ["", "x", "1e9.x.y", "-5.x.y", "9" * 30, "٣٣٣.x.y", ".."])
def test_a_form_of_nobodys_is_sent_once_more(client, token):
    assert said(send(client, {**RIGHT, "form": token}))[1:] == [ONCE_MORE]


def test_another_browsers_cookie_is_a_cookie(client):
    sent = {**RIGHT, "form": form(client)}
    client.cookies.clear()
    page = send(client, sent, cookie=f"formular={access.new_secret()}")
    assert said(page)[1:] == [ONCE_MORE]
