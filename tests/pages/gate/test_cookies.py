"""Quoted cookies are read by nobody."""

import pytest

from pages.gate.cookies import unquoted


def scope(*cookies):
    return {"type": "http", "headers": [(b"host", b"a"), *[(b"cookie", each) for each in cookies]]}


@pytest.mark.parametrize(
    "cookie", [b'a="x"', b'a="\\""', b"a=\\042", b'a=b; c="', b'"', b'a="' + b'\\"' * 4000]
)
def test_a_quoted_cookie_is_left_out_with_all_of_its_header(cookie):
    assert unquoted(scope(cookie))["headers"] == [(b"host", b"a")]


def test_ours_stay_beside_another_header_that_is_left_out():
    ours = b"beratungsraum_link_x=abc.def; other=1"
    assert unquoted(scope(ours, b'a="x"'))["headers"] == [(b"host", b"a"), (b"cookie", ours)]


@pytest.mark.parametrize("cookie", [b"", b"a=b", b"a=b; c=d-_.~+/="])
def test_without_a_quote_nothing_is_copied(cookie):
    given = scope(cookie)
    assert unquoted(given) is given


def test_no_door_hears_of_it(client):
    answer = client.get("/anmelden", headers={"Cookie": 'a="' + '\\"' * 4000 + '"'})
    assert answer.status_code == 200
