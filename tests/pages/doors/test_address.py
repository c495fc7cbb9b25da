"""Which address a request counts for: nobody can write themselves another one."""

import pytest

from core.settings import settings
from pages.doors import address

CLIENT = "203.0.113.7"


@pytest.fixture
def proxies(house, monkeypatch):
    """Two proxies in a row."""
    monkeypatch.setenv("BERATUNGSRAUM_PROXIES", "127.0.0.1, ::1, 10.1.0.0/16")
    settings.cache_clear()


def of(peer, *forwarded):
    headers = [(b"x-forwarded-for", each.encode("latin-1")) for each in forwarded]
    return address.of({"type": "http", "client": (peer, 1), "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        (CLIENT, [], CLIENT),
        (CLIENT, ["1.2.3.4"], CLIENT),  # no proxy of ours: it may write what it likes
        (CLIENT, ["127.0.0.1"], CLIENT),
        ("10.2.0.1", ["1.2.3.4"], "10.2.0.1"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", [CLIENT], CLIENT),
        ("::1", [CLIENT], CLIENT),
        ("127.0.0.1", [f"1.2.3.4, {CLIENT}"], CLIENT),
        ("127.0.0.1", ["1.2.3.4", CLIENT], CLIENT),  # in two headers
        ("127.0.0.1", [f"127.0.0.1, 10.1.0.1,{CLIENT}"], CLIENT),
        ("127.0.0.1", [f"1.2.3.4, {CLIENT}, 10.1.2.3"], CLIENT),
        ("127.0.0.1", ["10.1.2.3"], "10.1.2.3"),
        ("127.0.0.1", ["10.1.2.3, unknown"], "127.0.0.1"),
        ("127.0.0.1", ["<script>"], "127.0.0.1"),
        ("127.0.0.1", ["\xff\xfe"], "127.0.0.1"),
        ("127.0.0.1", [",,,"], "127.0.0.1"),
        ("127.0.0.1", ["1" * 9999], "127.0.0.1"),
        ("127.0.0.1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", [], "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", [], "2001:db8:1:2::/64"),
        ("fe80::1%eth0", [], "fe80::/64"),
        (f"::ffff:{CLIENT}", [], CLIENT),
        ("::ffff:127.0.0.1", [CLIENT], CLIENT),
        ("testclient", [], address.NOWHERE),
        ("", [CLIENT], address.NOWHERE),
    ],
)
def test_an_address_is_read_as_far_as_our_own_proxies_wrote_it(proxies, peer, forwarded, counted):
    assert of(peer, *forwarded) == counted


def test_a_peer_without_an_address_counts_too(proxies):
    assert address.of({"type": "http", "client": None, "headers": []}) == address.NOWHERE


def test_without_proxies_nobody_is_believed(house, monkeypatch):
    monkeypatch.setenv("BERATUNGSRAUM_PROXIES", "")
    settings.cache_clear()
    assert of("127.0.0.1", CLIENT) == "127.0.0.1"
