"""Misses are limited by address and account; nobody's good link or password by a stranger's."""

import asyncio

import httpx
import pytest
import structlog
from sqlmodel import Session, col, select

from core import access
from core.engine import engine
from core.office import accounts, staff_sessions
from core.records import Guest
from pages.doors import limits, link, live_seats
from pages.tabs import credentials
from tests.conftest import PASSWORD
from tests.jars import link_jar
from tests.pages.knocking import coming_from, doorway, form, said, send, sign_in

WAIT = "Bitte warten Sie eine Minute, bevor Sie es wieder versuchen."
LATER = "Das waren zu viele Versuche. Bitte versuchen Sie es in 15 Minuten wieder."


@pytest.fixture
def hurry(monkeypatch):
    """No miss takes longer than it must."""
    monkeypatch.setattr(link, "MISS_SECONDS", 0)


@pytest.fixture
def server(house, it_is):
    """Somebody at the doors from many addresses: behind the proxy on this machine."""
    return httpx.ASGITransport(doorway(), client=("127.0.0.1", 1))


def guess(client, address="203.0.113.7", secret=None):
    return client.get(f"/termin/{secret or access.new_secret()}", headers=coming_from(address))


@pytest.fixture
def client(client):
    client._transport.client = ("127.0.0.1", 1)
    return client


def test_after_the_tenth_miss_an_address_is_told_to_wait_a_minute(client, hurry, later):
    answers = [guess(client) for _ in range(12)]
    assert [answer.status_code for answer in answers] == [404] * 10 + [429] * 2
    assert said(answers[10]) == [said(answers[9])[0], WAIT, *said(answers[9])[1:]]
    assert 1 <= int(answers[10].headers["retry-after"]) <= 60
    assert guess(client, "203.0.113.8").status_code == 404
    later(61)
    assert guess(client).status_code == 404


def test_a_good_link_is_let_in_from_a_limited_address(house, client, hurry):
    [*_, last] = [guess(client) for _ in range(11)]
    assert last.status_code == 429
    planned = house.plan()
    opened = guess(client, secret=planned.secret)
    page = client.get(
        opened.headers["location"].removeprefix(".."), headers=coming_from("203.0.113.7")
    )
    assert (opened.status_code, page.text) == (303, "Streamlit")
    scope = {
        "type": "websocket",
        "client": ("203.0.113.7", 1),
        "headers": cookie(link_jar(planned.secret)),
    }
    assert asyncio.run(live_seats.admitted(scope)) == {f"guest:{planned.guest_id}"}


def cookie(jar):
    return [(b"cookie", "; ".join(f"{name}={value}" for name, value in jar.items()).encode())]


def test_an_address_written_by_a_stranger_has_no_effect(client, hurry):
    client._transport.client = ("203.0.113.9", 1)
    answers = [guess(client, f"1.2.3.{n}") for n in range(11)]
    assert [answer.status_code for answer in answers] == [404] * 10 + [429]


def test_a_guess_in_a_cookie_counts_and_damage_does_not(client, hurry):
    for _ in range(20):
        assert guess(client, secret="x" * 42).status_code == 404
        assert client.get("/termin", headers=coming_from("203.0.113.7")).status_code == 404
    statuses = []
    for _ in range(11):
        secret = access.new_secret()
        [(name, value)] = link_jar(secret).items()
        headers = {"cookie": f"{name}={value}", **coming_from("203.0.113.7")}
        page = client.get(f"/termin?t={access.link_key(secret)}", headers=headers)
        statuses.append(page.status_code)
    assert statuses == [404] * 10 + [429]


def test_guesses_at_a_websocket_count_each(client, hurry, monkeypatch):
    monkeypatch.setattr(credentials, "LINKS_KEPT", 8)
    jar = {}
    for _ in range(9):  # one more than there can be
        jar |= link_jar(access.new_secret())
    scope = {"type": "websocket", "client": ("203.0.113.7", 1), "headers": cookie(jar)}
    assert asyncio.run(live_seats.admitted(scope)) == frozenset()
    assert [guess(client).status_code for _ in range(3)] == [404, 404, 429]


def test_many_misses_of_all_together_raise_one_alarm_without_an_address(server):
    with structlog.testing.capture_logs() as lines:
        for n in range(300):
            limits.link_missed(f"203.0.113.{n}")
    assert lines == [
        {
            "event": "many unknown links",
            "log_level": "warning",
            "more_than": 100,
            "within": "a minute",
        }
    ]


def test_a_hundred_thousand_guesses_hit_nothing(house):
    """Against the real column; the way to it by the door is the next test's."""
    known = [house.plan().secret for _ in range(50)]

    def hits(secrets):
        hashes = [access.digest(secret) for secret in secrets]
        return len(session.exec(select(Guest.id).where(col(Guest.secret_hash).in_(hashes))).all())

    with Session(engine()) as session:
        assert hits(known) == 50
        guesses = [[access.new_secret() for _ in range(500)] for _ in range(200)]
        assert sum(len(each) for each in guesses) == 100_000
        assert sum(map(hits, guesses)) == 0


def test_guesses_from_many_addresses_are_limited_at_each(server, hurry):
    async def all_of_them():
        async with httpx.AsyncClient(transport=server, base_url="http://testserver") as client:
            for _ in range(12):
                yield [
                    await client.get(f"/termin/{access.new_secret()}", headers=coming_from(each))
                    for each in (f"198.51.100.{n}" for n in range(100))
                ]

    async def rounds():
        return [{answer.status_code for answer in round} async for round in all_of_them()]

    assert asyncio.run(rounds()) == [{404}] * 10 + [{429}] * 2


# Sign-in


def fails(client, login="anna", address="203.0.113.7", password="x"):  # noqa: S107
    return sign_in(client, login, password, **coming_from(address))


@pytest.fixture
def quick(monkeypatch):
    """A password check that costs nothing; counts how often it is asked."""
    asked = []

    def sign_in(now, login, password):
        asked.append(login)
        raise accounts.Refused(accounts.Reason.WRONG_LOGIN)

    monkeypatch.setattr(staff_sessions, "sign_in", sign_in)
    return asked


@pytest.mark.parametrize("login", ["anna", "nobody"])
def test_after_five_failures_an_account_waits_at_this_address(client, quick, login):
    statuses = [fails(client, each).status_code for each in (login, login.upper(), f" {login}") * 2]
    assert statuses == [401] * 5 + [429]
    assert len(quick) == 5
    answer = fails(client, login)
    assert (said(answer)[1:], int(answer.headers["retry-after"])) == ([LATER], 900)
    assert fails(client, login, "203.0.113.8").status_code == 401
    assert fails(client, "bodo").status_code == 401


def test_one_login_in_many_forms_is_one_account(client, quick):
    forms = ["jörg", "jo\u0308rg", "JÖRG", "j\u00adörg", "jörg\u200b", " Jörg\u00a0"]
    assert [fails(client, form).status_code for form in forms] == [401] * 5 + [429]


def test_not_even_the_right_password_is_looked_at_then(client, later):
    for _ in range(5):
        fails(client)
    assert fails(client, password=PASSWORD).status_code == 429
    later(15 * 60 + 1)
    assert fails(client, password=PASSWORD).status_code == 303


def test_a_form_that_was_not_looked_at_stays_good(client, quick):
    for _ in range(5):
        fails(client)
    fields = {"login": "anna", "password": "x", "form": form(client)}
    here, there = coming_from("203.0.113.7"), coming_from("203.0.113.8")
    statuses = [send(client, fields, **each).status_code for each in (here, here, there)]
    assert statuses == [429, 429, 401]


def test_fifty_failures_close_an_address_whatever_the_accounts(client, quick):
    statuses = [fails(client, f"login{n}").status_code for n in range(51)]
    assert statuses == [401] * 50 + [429]


def test_thirty_failures_close_an_account_wherever_they_come_from(client, quick):
    statuses = [fails(client, address=f"198.51.100.{n // 5}").status_code for n in range(31)]
    assert statuses == [401] * 30 + [429]
    assert fails(client, "bodo", "198.51.100.1").status_code == 401


def test_only_failures_count_and_a_success_forgives_the_ones_before(client):
    for _ in range(2):
        statuses = [fails(client).status_code for _ in range(4)]
        assert statuses == [401] * 4
        assert fails(client, password=PASSWORD).status_code == 303
