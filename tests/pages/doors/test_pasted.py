"""A good link as mail programs, clipboards and people bring it: it is found all the same."""

from urllib.parse import quote

import pytest

from core import access
from pages.doors import pasted

SECRET = "Aq3-x_0D" * 5 + "9z_"
HALF, REST = SECRET[:20], SECRET[20:]  # the rest begins with "x_"
HEX, AFTER = SECRET[:7], SECRET[7:]  # the rest begins with "DA": it could be hexadecimal
assert (len(SECRET), AFTER[:2]) == (43, "DA")

BEHIND = [
    *(".", ")", ">", '"', "'", ",", ";", ":", "!", "?!", "]", "*", "…", "“", "«", "»", "’", "。"),
    *(" ", "\n", "\t", "\r\n", "\u00a0", "\u200b", "\u00ad", "\ufeff", "\u2069", "/", "//", "_"),
    *("&gt;", "&quot;", "&nbsp;", "&amp;", "&gt", "&#8203;", ").", ">.", '",', " .", "=", "=20"),
    *(
        "=2E",
        "=0D=0A",
        "%20",
        "%C2%A0",
        "&utm_source=mail",
        " Bitte klicken Sie hier",
        ".Am Montag",
    ),
]
INSIDE = [
    *("\n", "\r\n", " ", "\t", "\n> ", "\r\n    ", "\u00ad", "\u200b", "\u2060", "\u00a0", "%0A"),
    *(
        "=\n",
        "=\r\n",
        "=",
        "=C2=AD",
        "=20",
        "&shy;",
        "&#173;",
        "&nbsp;",
        "%20",
        "%250A",
        "&#x00AD;",
    ),
]


def opened(client, text):
    """The address behind the link with this at its end, as a browser asks for it."""
    return client.get(f"/termin/{quote(text)}")


@pytest.mark.parametrize("behind", BEHIND, ids=ascii)
def test_whatever_stands_behind_a_secret_is_no_part_of_it(behind):
    assert pasted.secret(SECRET + behind) == SECRET


@pytest.mark.parametrize("inside", INSIDE, ids=ascii)
@pytest.mark.parametrize(("first", "rest"), [(HALF, REST), (HEX, AFTER)], ids=["any", "hex"])
def test_whatever_a_secret_is_broken_by_is_taken_out(first, rest, inside):
    assert pasted.secret(first + inside + rest) == SECRET


def test_a_secret_broken_twice_with_a_mark_behind_it_is_found():
    broken = "=\r\n".join([SECRET[:10], SECRET[10:30], SECRET[30:]])
    assert pasted.secret(f"\u200b{broken}>.") == SECRET


def test_a_hyphen_or_underscore_at_an_end_belongs_to_the_secret():
    for secret in ("-" + SECRET[1:], "_" + SECRET[1:], SECRET[:-1] + "-", SECRET[:-1] + "_"):
        assert [pasted.secret(secret + mark) for mark in ("", ".", ")")] == [secret] * 3


@pytest.mark.parametrize(
    "text", ["", ".", "A" * 42, "A" * 42 + ".", "=20" * 14, "&gt;" * 99, "ä" * 43]
)
def test_too_little_of_a_secret_is_none(text):
    assert pasted.secret(text) is None


def test_every_new_secret_is_found_with_any_break_anywhere():
    for number in range(2000):
        secret = access.new_secret()
        first, rest = secret[: number % 42 + 1], secret[number % 42 + 1 :]
        breaks = INSIDE[number % len(INSIDE)], BEHIND[number % len(BEHIND)]
        assert pasted.secret(first + breaks[0] + rest) == secret
        assert pasted.secret(secret + breaks[1]) == secret


@pytest.mark.parametrize(
    "behind", [".", ")", ">", "\n", " ", "\u00ad", "&gt;", "=\n", ":", "…", "/"]
)
def test_a_link_with_a_mark_behind_it_opens_its_appointment(house, client, behind):
    secret = house.plan().secret
    key = access.link_key(secret)
    for text in (secret + behind, secret[:9] + behind.strip("/") + secret[9:]):
        answer = opened(client, text)
        where = answer.headers["location"].rpartition("/")[2]
        assert (answer.status_code, where) == (303, f"termin?t={key}")
        assert client.cookies[f"termin_{key}"].partition(".")[0] == secret
        assert client.get(f"/{where}").text == "Streamlit"


def test_a_link_that_was_encoded_twice_opens_its_appointment(house, client):
    secret = house.plan().secret
    answer = client.get(f"/termin/{secret[:5]}%25250A{secret[5:]}%2520")
    assert answer.status_code == 303
