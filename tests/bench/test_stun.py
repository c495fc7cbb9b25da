"""What the attackers of `make siege` say in STUN is right, except where it is wrong on purpose."""

import pytest
from aioice import stun as reader

from bench.siege import stun

NAME, KEY = b"server:peer", b"password"


def read(datagram):
    return reader.parse_message(datagram)


def test_a_check_is_what_a_browser_sends():
    check = read(stun.check(NAME, KEY, nominates=True))
    assert check.message_method is reader.Method.BINDING
    assert check.message_class is reader.Class.REQUEST
    assert check.check_message_integrity(KEY)
    assert check.attributes["USERNAME"] == NAME.decode()
    assert "USE-CANDIDATE" in check.attributes
    assert "ICE-CONTROLLING" in check.attributes


def test_an_answer_names_the_address_of_who_has_asked():
    answer = read(stun.answer(stun.check(NAME, KEY), KEY, "127.0.0.9", 40404))
    assert answer.message_class is reader.Class.RESPONSE
    assert answer.check_message_integrity(KEY)
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == ("127.0.0.9", 40404)


def test_a_wrong_integrity_is_wrong():
    assert not read(stun.check(NAME, b"another")).check_message_integrity(KEY)


@pytest.mark.parametrize(
    ("datagram", "kind"),
    [
        (stun.check(NAME, KEY), stun.REQUEST),
        (stun.answer(stun.check(NAME, KEY), KEY, "127.0.0.1", 9), stun.SUCCESS),
        (b"\x16\xfe\xfd" + bytes(40), 0),
        (b"\x00", 0),
    ],
    ids=["a check", "an answer", "DTLS", "a byte"],
)
def test_stun_is_told_from_the_rest(datagram, kind):
    assert stun.kind(datagram) == kind
