"""What a browser is told of the relay; tests/browser/test_turn.py asks a real one."""

import base64
import hashlib
import hmac

import pytest

from core.media.transport import turn
from core.settings import Settings

NOW, SECRET = 1_800_000_000.9, "the secret that coturn has, as well"
URLS = ("turn:turn.example.com", "turns:turn.example.com:443?transport=tcp")


@pytest.fixture
def given(monkeypatch):
    def give(**values):
        made = Settings(_env_file=None, **values)
        monkeypatch.setattr(turn, "settings", lambda: made)

    return give


def name(appointment_id=1, seat="guest:1", now=NOW):
    return turn.servers(appointment_id, seat, now)[0]["username"]


def test_without_a_relay_no_server_is_named(given):
    given()
    assert turn.servers(1, "guest:1", NOW) == []


def test_all_ways_to_the_relay_come_with_one_credential_that_coturn_computes_alike(given):
    given(turn_urls=URLS, turn_secret=SECRET)
    [server] = turn.servers(1, "guest:1", NOW)
    digest = hmac.new(SECRET.encode(), server["username"].encode(), hashlib.sha1).digest()
    assert server["credential"] == base64.b64encode(digest).decode()
    assert (server["urls"], len(server)) == (list(URLS), 3)


@pytest.mark.parametrize("hours", [1, 12, 24])
def test_it_ends_by_itself(given, hours):
    given(turn_urls=URLS, turn_secret=SECRET, turn_hours=hours)
    assert int(name().partition(":")[0]) == 1_800_000_000 + hours * 3600


def test_each_seat_has_one_name_and_the_name_says_nothing_without_the_secret(given):
    given(turn_urls=URLS, turn_secret=SECRET)
    seats = [(1, "guest:1"), (1, "guest:2"), (11, "guest:1"), (2, "guest:1"), (1, "advisor")]
    names = {each: name(*each).partition(":")[2] for each in seats}
    assert len(set(names.values())) == len(seats)
    assert name(now=NOW + 60).partition(":")[2] == names[seats[0]]
    assert {len(each) for each in names.values()} == {32}
    assert [each for each in names.values() if "guest" in each or "advisor" in each] == []
    given(turn_urls=URLS, turn_secret=SECRET[::-1])
    assert name().partition(":")[2] not in names.values()
