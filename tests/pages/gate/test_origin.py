"""Only pages of our own open a WebSocket or send a form."""

import pytest
from starlette.datastructures import Headers

from core.settings import settings
from pages.gate.origin import may_send, same_origin

OWN = ["https://testserver", "https://beratung.example.de"]
FOREIGN = [
    "http://testserver",
    "http://beratung.example.de",
    "foo://testserver",
    "https://",
    "://testserver",
    "https://evil.example",
    "null",
    "",
    "x",
    "testserver",
    "https://[",
    "https://testserver:81",
    "https://testserver.evil.example",
    "https://evil.example/testserver",
    "https://testserver@evil.example",
    "https://beratung.example.de.evil.example",
]
SITES = ["same-site", "cross-site", "none", ""]


@pytest.fixture(autouse=True)
def _address(house, monkeypatch):
    monkeypatch.setenv("BERATUNGSRAUM_BASE_URL", "https://beratung.example.de/termine")
    settings.cache_clear()


def asked(**headers):
    return Headers({"host": "testserver", **headers})


@pytest.mark.parametrize("origin", OWN)
def test_a_page_of_the_host_it_asks_or_of_our_address_is_our_own(origin):
    assert same_origin(asked(origin=origin)) is True
    assert may_send(asked(origin=origin)) is True


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_page_is_not_whatever_else_its_request_says(origin):
    said = asked(origin=origin, **{"sec-fetch-site": "same-origin"})
    assert (same_origin(said), may_send(said)) == (False, False)


def test_an_empty_host_is_nobodys_own():
    for origin in ("null", "https://"):
        assert same_origin(Headers({"origin": origin, "host": ""})) is False
        assert same_origin(Headers({"origin": origin})) is False


def test_without_encryption_a_page_of_the_same_host_is_our_own(monkeypatch):
    monkeypatch.setenv("BERATUNGSRAUM_BASE_URL", "http://localhost:8501")
    settings.cache_clear()
    origins = ["http://testserver", "http://localhost:8501", "https://testserver"]
    assert [same_origin(asked(origin=origin)) for origin in origins] == [True, True, False]


def test_without_an_origin_a_socket_is_nobodys_own():
    assert same_origin(asked(**{"sec-fetch-site": "same-origin"})) is False


@pytest.mark.parametrize("site", SITES)
def test_without_an_origin_a_form_is_taken_only_from_the_same_origin(site):
    assert may_send(asked(**{"sec-fetch-site": site})) is False
    assert may_send(asked()) is False
    assert may_send(asked(**{"sec-fetch-site": "same-origin"})) is True
