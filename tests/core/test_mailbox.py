"""A pasted address: what carries nothing goes, what is too much is named."""

import pytest

from core.mailbox import mailbox
from core.refused import Reason, Refused

ANNA = "anna@example.com"


@pytest.mark.parametrize(
    "pasted",
    [
        "\u200banna@example.com\ufeff",
        "an\u00adna@exam\u200bple.com",
        "\u202aanna@example.com\u202c",
        "\u2066anna@example.com\u2069\u200e",
        "\u00a0anna@example.com\u202f",
        "anna\u2060@example.com\ufe0f",
        "anna@example\u200d.com\u3164",
        "<anna@example.com>",
        "< anna@example.com >,",
        "mailto:anna@example.com",
        "MAILTO:anna%40example.com?subject=Guten%20Tag",
        "<mailto:anna@example.com>",
        "anna@example.com<mailto:anna@example.com>",
        "Anna Beispiel <anna@example.com>",
        '"Beispiel, Anna" <anna@example.com>;',
        "Änne (Büro) <anna@example.com>",
        "anna@example.com (Anna)",
        "„anna@example.com“",
        "»anna@example.com«",
        "'anna@example.com'",
        "anna@example.com.",
        "anna@example.com;",
        "anna@example.com,",
        "\tanna@example.com\r\n",
    ],
)
def test_what_carries_nothing_is_taken_out(pasted):
    assert mailbox(pasted) == ANNA


@pytest.mark.parametrize(
    "typed", ["anna@köln.de", "anna@ko\u0308ln.de", "anna@KÖLN.de", "<anna@köln.de>"]
)
def test_an_umlaut_in_the_domain_is_one_in_every_form(typed):
    assert mailbox(typed) == "anna@xn--kln-sna.de"


@pytest.mark.parametrize(
    "kept", ["o'brien@example.com", "a+b@example.com", "a_b-c.d@example.com", "50%25@example.com"]
)
def test_what_belongs_to_the_address_stays(kept):
    assert mailbox(kept) == kept


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("anna@example.com, bert@example.com", Reason.SEVERAL_MAILS),
        ("anna@example.com bert@example.com", Reason.SEVERAL_MAILS),
        ("Anna <anna@example.com>; Bert <bert@example.com>", Reason.SEVERAL_MAILS),
        ("bert@example.com <anna@example.com>", Reason.SEVERAL_MAILS),
        ("mailto:anna@example.com?cc=bert@example.com", Reason.SEVERAL_MAILS),
        ("mailto:anna@example.com%0D%0ABcc:bert@example.com", Reason.SEVERAL_MAILS),
        ("anna@example.com\r\nBcc: bert@example.com", Reason.SEVERAL_MAILS),
        ("anna @example.com", Reason.SPACE_IN_MAIL),
        ("anna@ example.com", Reason.SPACE_IN_MAIL),
        ("anna@\u00a0example.com", Reason.SPACE_IN_MAIL),
        ("E-Mail: anna@example.com", Reason.SPACE_IN_MAIL),
        ("anna@example.com privat", Reason.SPACE_IN_MAIL),
        ("jörg@example.com", Reason.LETTER_IN_MAIL),
        ("jo\u0308rg@example.com", Reason.LETTER_IN_MAIL),
        ("аnna@example.com", Reason.LETTER_IN_MAIL),
        ("straße@example.com", Reason.LETTER_IN_MAIL),
        ("anna…@example.com", Reason.LETTER_IN_MAIL),
        ("", Reason.BAD_MAIL),
        ("anna", Reason.BAD_MAIL),
        ("@example.com", Reason.BAD_MAIL),
        ("anna@", Reason.BAD_MAIL),
        ("anna@@example.com", Reason.BAD_MAIL),
        ("anna@example.com\x00", Reason.BAD_MAIL),
        ("x" * 2000 + "@example.com", Reason.BAD_MAIL),
    ],
)
def test_what_is_too_much_is_named(typed, reason):
    with pytest.raises(Refused) as refused:
        mailbox(typed)
    assert refused.value.reason == reason
