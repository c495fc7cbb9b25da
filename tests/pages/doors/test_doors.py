"""The personal link at the plain doors: opening it changes nothing, whatever is behind it."""

import re
import sqlite3
from datetime import timedelta

import pytest

from core import access
from core.appointment import Status
from core.office import inviting
from core.records import Appointment
from core.settings import settings
from tests.conftest import HOUR, NOW
from tests.jars import link_jar
from tests.pages.knocking import said, shape, sign_in

NOWHERE = [
    "Dieser Link führt zu keinem Termin.",
    "Haben Sie mehrere E-Mails von uns? Dann nehmen Sie bitte den Link aus der neuesten, "
    "genau so, wie er dort steht.",
    "Vielleicht ist der Termin auch schon vorbei. "
    "Wenn Sie nicht teilnehmen konnten, rufen Sie uns bitte an.",
    "Hat die Technik nicht funktioniert, entsteht Ihnen daraus kein Nachteil.",
]
PHONE = "Fragen? Rufen Sie uns an: 0800 4555500"


@pytest.fixture(autouse=True)
def helped(house, monkeypatch):
    """An installation with a number for people whose link says nothing."""
    monkeypatch.setenv("BERATUNGSRAUM_HELP_PHONE", "0800 4555500")
    settings.cache_clear()


def dump(house):
    """Everything in the database."""
    database = sqlite3.connect(house.database)
    lines = list(database.iterdump())
    database.close()
    return lines


def expired(house):
    planned = house.plan()
    house.set(Appointment, planned.appointment_id, status=Status.EXPIRED)
    return planned.secret


def closed_by_time(house):
    """Nobody has noted it yet."""
    planned = house.plan()
    hours_ago = {"starts_at": NOW - 5 * HOUR, "ends_at": NOW - 4 * HOUR}
    house.set(Appointment, planned.appointment_id, **hours_ago)
    return planned.secret


def replaced(house):
    planned = house.plan()
    inviting.new_link(house.advisor, NOW, planned.guest_id)
    return planned.secret


def unknown(house):
    return access.new_secret()


DEAD = [unknown, expired, closed_by_time, replaced]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_a_link_changes_nothing_in_the_database(house, client, method):
    secrets = [house.plan().secret, *(dead(house) for dead in DEAD)]
    before = dump(house)
    answers = [client.request(method, f"/termin/{secret}") for secret in secrets for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303] * 2 + [404] * 8
    assert dump(house) == before


def test_a_link_leads_to_a_clean_address_and_keeps_its_secret_in_a_cookie(house, client):
    secret = house.plan().secret
    key = access.link_key(secret)
    answer = client.get(f"/termin/{secret}")
    assert answer.headers["location"] == f"../termin?t={key}"
    name, rest = answer.headers["set-cookie"].split("=", 1)
    value, attributes = rest.split("; ", 1)
    assert (name, value.partition(".")[0]) == (f"termin_{key}", secret)
    assert attributes == "HttpOnly; Max-Age=46800; Path=/; SameSite=lax"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert secret not in answer.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("dead", DEAD, ids=lambda dead: dead.__name__)
def test_unknown_expired_and_replaced_links_get_one_answer(house, client, dead, method):
    answers = [client.request(method, f"/termin/{each(house)}") for each in (unknown, dead)]
    assert shape(answers[0]) == shape(answers[1])
    assert (answers[0].status_code, answers[0].text) == (404, answers[1].text)
    assert [answer.headers.get("set-cookie") for answer in answers] == [None, None]
    assert said(answers[0]) == ([*NOWHERE, PHONE] if method == "GET" else [])


@pytest.mark.parametrize("dead", DEAD, ids=lambda dead: dead.__name__)
def test_a_cookie_of_such_a_link_opens_that_page_too(house, client, dead):
    secret = dead(house)
    client.cookies.update(link_jar(secret))
    page = client.get(f"/termin?t={access.link_key(secret)}")
    assert (page.status_code, said(page)) == (404, [*NOWHERE, PHONE])


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "x",
        "A" * 42,
        "A" * 44,
        "A" * 42 + "!",
        "A" * 42 + "%0A",
        "%00" * 43,
        "ä" * 43,
        "%F0",
        "A" * 9999,
        "A" * 43 + "/x",
        "A" * 43 + "/_stcore/health",
    ],
)
def test_a_damaged_link_gets_that_page_too(client, secret):
    answer = client.get(f"/termin/{secret}")
    assert (answer.status_code, said(answer)) == (404, [*NOWHERE, PHONE])
    assert "set-cookie" not in answer.headers


def test_a_link_takes_no_form(client):
    assert client.post(f"/termin/{'A' * 43}").status_code == 405


def test_under_https_every_cookie_is_secure_and_of_this_host_alone(house, client, monkeypatch):
    monkeypatch.setenv("BERATUNGSRAUM_BASE_URL", "https://beratung.example.de")
    settings.cache_clear()
    client.base_url = "https://testserver"
    planned = house.plan()
    answers = [client.get(f"/termin/{planned.secret}"), client.get("/anmelden"), sign_in(client)]
    cookies = [each for answer in answers for each in answer.headers.get_list("set-cookie")]
    ends = [re.sub("=.*?; ", "; ", cookie, count=1) for cookie in cookies]
    rest = "Path=/; SameSite=lax; Secure"
    assert ends == [
        f"__Host-termin_{access.link_key(planned.secret)}; HttpOnly; Max-Age=46800; {rest}",
        f"__Host-formular; HttpOnly; Max-Age=900; {rest}",
        f"__Host-beratung; HttpOnly; Max-Age=36000; {rest}",
        f"__Host-formular; HttpOnly; Max-Age=0; {rest}",
    ]


def test_a_link_that_will_be_good_tomorrow_is_good(house, client):
    planned = house.plan(starts_at=NOW + timedelta(days=1))
    assert client.get(f"/termin/{planned.secret}").status_code == 303
