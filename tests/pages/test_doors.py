"""The plain HTTP doors: a link changes nothing, a sign-in gives a fresh session or nothing."""

import re
import sqlite3

import pytest
from sqlmodel import Session, select

from core import access
from core.office import accounts
from core.records import Staff, StaffSession, engine
from core.settings import settings
from tests.conftest import NOW, PASSWORD
from tests.hostile import HOSTILE
from tests.pages import reading

WRONG = "Anmeldename oder Passwort stimmen nicht."
HERE = "http://testserver"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def https(house, monkeypatch):
    """The same installation under https."""
    monkeypatch.setenv("BERATUNGSRAUM_BASE_URL", "https://beratung.example.de")
    settings.cache_clear()


def dump(house):
    """Everything in the database."""
    database = sqlite3.connect(house.database)
    lines = list(database.iterdump())
    database.close()
    return lines


def shape(answer):
    """Status, and the headers with whatever is random in them taken out."""
    secret = re.compile(r"[A-Za-z0-9_-]{43}|(?<=t=)[0-9a-f]{10}|(?<=termin_)[0-9a-f]{10}")
    return answer.status_code, [
        (key, secret.sub("*", text)) for key, text in answer.headers.items()
    ]


def sign_in(client, login="anna", password=PASSWORD, **headers):
    return client.post("/anmelden", data={"login": login, "password": password}, headers=headers)


def sessions():
    with Session(engine()) as session:
        return list(session.exec(select(StaffSession)))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_a_link_changes_nothing_in_the_database(house, client, method):
    planned = house.plan()
    before = dump(house)
    answers = [client.request(method, f"/termin/{planned.secret}") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303] * 3
    assert dump(house) == before


def test_a_link_leads_to_a_clean_address_and_keeps_its_secret_in_a_cookie(house, client):
    secret = house.plan().secret
    key = access.link_key(secret)
    answer = client.get(f"/termin/{secret}")
    assert answer.headers["location"] == f"../termin?t={key}"
    name, rest = answer.headers["set-cookie"].split("=", 1)
    value, attributes = rest.split("; ", 1)
    assert (name, value.partition(".")[0]) == (f"termin_{key}", secret)
    assert attributes == "HttpOnly; Max-Age=86400; Path=/; SameSite=lax"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert secret not in answer.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_known_link_and_unknown_ones_are_answered_alike(house, client, method):
    secrets = [house.plan().secret, access.new_secret(), "A" * 43]
    answers = [client.request(method, f"/termin/{secret}") for secret in secrets]
    assert len({repr((shape(answer), answer.text)) for answer in answers}) == 1


@pytest.mark.parametrize(
    "secret",
    [
        "x",
        "A" * 42,
        "A" * 44,
        "A" * 42 + "!",
        "A" * 42 + "%0A",
        "%00" * 43,
        "ä" * 43,
        "%F0",
        "A" * 9999,
    ],
)
def test_a_malformed_link_leads_on_without_a_cookie(client, secret):
    answer = client.get(f"/termin/{secret}")
    assert (answer.status_code, answer.headers["location"]) == (303, "../termin")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("way", ["_stcore/health", "{}/_stcore/health", "{}/_stcore/stream"])
def test_streamlits_page_finds_no_server_below_a_link(house, client, way):
    answer = client.get(f"/termin/{way.format(house.plan().secret)}")
    assert (answer.status_code, answer.text) == (404, "")
    assert "set-cookie" not in answer.headers


def test_a_link_takes_no_form(client):
    assert client.post(f"/termin/{'A' * 43}").status_code == 405


def test_under_https_every_cookie_is_secure(https, house, client):
    link, staff = client.get(f"/termin/{house.plan().secret}"), sign_in(client)
    endings = [answer.headers["set-cookie"].split("; ", 1)[1] for answer in (link, staff)]
    assert endings == [
        "HttpOnly; Max-Age=86400; Path=/; SameSite=lax; Secure",
        "HttpOnly; Max-Age=36000; Path=/; SameSite=lax; Secure",
    ]


def test_a_right_sign_in_gives_a_session_and_leads_to_the_agenda(house, client):
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "tagesplan")
    token = client.cookies["beratung"]
    assert answer.headers["set-cookie"] == (
        f"beratung={token}; HttpOnly; Max-Age=36000; Path=/; SameSite=lax"
    )
    assert accounts.signed_in(NOW, token).actor == house.advisor


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(client):
    cases = [("anna", "wrong"), ("nora", PASSWORD), ("anna", ""), ("nora", "")]
    answers = [sign_in(client, *case) for case in cases]
    pages = {
        (*map(str, shape(answer)), answer.text.replace(f'value="{login}"', 'value=""'))
        for answer, (login, _) in zip(answers, cases, strict=True)
    }
    assert len(pages) == 1
    assert answers[0].status_code == 401
    [sentence] = [p.text for p in reading.tree(answers[0].text).all("p")]
    assert sentence == WRONG
    assert "set-cookie" not in answers[0].headers
    assert sessions() == []


def test_a_disabled_account_gets_that_answer_too(house, client):
    house.set(Staff, house.advisor.id, disabled_at=NOW)
    assert sign_in(client).text == sign_in(client, password="wrong").text


STRANGE = {
    "empty": (415, {"content": b""}),
    "json": (415, {"json": {"login": "anna", "password": PASSWORD}}),
    "files": (415, {"files": {"login": ("x", b"anna"), "password": ("x", PASSWORD.encode())}}),
    "multipart": (415, {"files": {"login": (None, "anna"), "password": (None, PASSWORD)}}),
    "no password": (401, {"data": {"login": "anna"}}),
    "no login": (401, {"data": {"password": PASSWORD}}),
    "twice": (401, {"data": {"login": ["anna", "x"], "password": ["x", "y"]}}),
    "long": (401, {"data": {"login": "anna" * 9999, "password": "x" * 99_999}}),
    "bytes": (401, {"content": b"login=%ff%fe&password=%00", "headers": {"content-type": FORM}}),
}


@pytest.mark.parametrize("form", STRANGE)
def test_a_strange_form_signs_nobody_in(client, form):
    status, sent = STRANGE[form]
    answer = client.post("/anmelden", **sent)
    assert (answer.status_code, sessions()) == (status, [])
    assert "set-cookie" not in answer.headers


def test_whatever_stands_in_the_login_field_comes_back_as_text(client):
    plain = sign_in(client, "anna", "x")
    tags = re.findall(r"<[a-z/!]+", plain.text)
    for text in [each for each in HOSTILE if each.isprintable()][::20]:
        page = sign_in(client, text, "x").text
        [field] = [
            each for each in reading.tree(page).all("input") if each.attributes["name"] == "login"
        ]
        assert field.attributes["value"] == text
        assert re.findall(r"<[a-z/!]+", page) == tags


def test_a_session_somebody_planted_beforehand_is_replaced(house, client):
    planted = accounts.sign_in(NOW, "bodo", PASSWORD)
    for cookie in ("A" * 43, planted):
        client.cookies.clear()
        answer = sign_in(client, cookie=f"beratung={cookie}")
        [(name, token)] = answer.cookies.items()
        assert name == "beratung"
        assert token != cookie
        assert accounts.signed_in(NOW, token).actor == house.advisor
    assert accounts.signed_in(NOW, "A" * 43) is None


def test_every_sign_in_has_its_own_session(client):
    tokens = {sign_in(client).cookies["beratung"] for _ in range(3)}
    assert (len(tokens), len(sessions())) == (3, 3)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://testserver.evil.example",
        "http://testserver:81",
        "x",
        "http://[",
    ],
)
def test_a_form_of_another_site_is_refused(client, origin):
    answer = sign_in(client, origin=origin)
    assert (answer.status_code, sessions()) == (403, [])
    assert "set-cookie" not in answer.headers


def test_a_form_of_this_site_is_taken(client):
    assert sign_in(client, origin=HERE).status_code == 303


def test_who_is_signed_in_already_goes_straight_to_the_agenda(client):
    assert client.get("/anmelden").status_code == 200
    sign_in(client)
    answer = client.get("/anmelden")
    assert (answer.status_code, answer.headers["location"]) == (303, "tagesplan")


@pytest.mark.parametrize("cookie", ["A" * 43, "x", '"'])
def test_an_unknown_session_sees_the_form_again(client, cookie):
    answer = client.get("/anmelden", headers={"cookie": f"beratung={cookie}"})
    assert answer.status_code == 200


def test_the_form_loads_nothing_and_sends_only_here(client):
    page = client.get("/anmelden")
    assert re.findall(r"(?:src|href|action|url)\W+[^\s>]*", page.text) == ['action="anmelden"']
    assert re.findall(r"(?:https?:)?//|@import|<script", page.text) == []
    assert page.headers["cache-control"] == "no-store"


def test_the_form_never_gives_a_password_back(client):
    assert "correct horse" not in sign_in(client, password="correct horse").text
