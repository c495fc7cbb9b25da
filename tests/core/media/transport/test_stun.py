"""Checks as browsers write them, what is no check, and answers as aioice reads them."""

import socket
import zlib
from ipaddress import ip_address

import pytest
from aioice import stun as theirs
from hypothesis import given
from hypothesis import strategies as st

from core.media.transport import stun
from tests.core.media.transport import checks
from tests.core.media.transport.checks import (
    CONTROLLED,
    CONTROLLING,
    NETWORK,
    NETWORK_INFO,
    NOMINATION,
    PRIORITY,
    attribute,
    ended,
    header,
    named,
    proven,
)

PASSWORD = "p" * 48
USERNAME = "ours:iw8Y"
TRANSACTION = b"transaction1"
NAME = named(USERNAME)
WHOLE = NAME + NETWORK + CONTROLLING + NOMINATION + PRIORITY


def request_of(attributes: bytes = WHOLE, password: str = PASSWORD) -> bytes:
    """With integrity and fingerprint."""
    return ended(proven(attributes, password))


def of_aioice() -> bytes:
    """What aioice sends."""
    message = theirs.Message(
        theirs.Method.BINDING, theirs.Class.REQUEST, transaction_id=TRANSACTION
    )
    message.attributes.update(
        {"USERNAME": USERNAME, "PRIORITY": 1, "ICE-CONTROLLING": 2**63, "USE-CANDIDATE": None}
    )
    message.add_message_integrity(PASSWORD.encode())
    return bytes(message)


CHECK = request_of()
PLAIN = proven(WHOLE, PASSWORD)  # without a fingerprint
CORPUS = {
    "Chromium": CHECK,
    "Chromium without nomination": request_of(NAME + NETWORK + CONTROLLING + PRIORITY),
    "aioice": of_aioice(),
    "without a fingerprint": PLAIN,
    "another order": request_of(PRIORITY + CONTROLLING + NOMINATION + NAME),
}


def is_authentic(data: bytes, password: str = PASSWORD) -> bool:
    return stun.is_authentic(data, stun.read(data), password.encode())


@pytest.mark.parametrize("data", CORPUS.values(), ids=CORPUS)
def test_what_a_browser_sends_is_read_and_proves_its_sender(data):
    request = stun.read(data)
    assert (request.transaction, request.username) == (TRANSACTION, USERNAME.encode())
    assert is_authentic(data)


def test_what_a_browser_wants_is_read():
    told = {
        "plain": NAME + CONTROLLING + PRIORITY,
        "nominates": WHOLE,
        "controlled": NAME + CONTROLLED + PRIORITY,
        "unknown": NAME + attribute(0x7FFF, b"?"),
        "optional": NAME + attribute(0x8000, b"?"),
    }
    read = {name: stun.read(request_of(each)) for name, each in told.items()}
    assert {name: (e.nominates, e.controlled, e.unknown) for name, e in read.items()} == {
        "plain": (False, False, b""),
        "nominates": (True, False, b""),
        "controlled": (False, True, b""),
        "unknown": (False, False, b"\x7f\xff"),
        "optional": (False, False, b""),
    }


def test_what_stands_behind_the_integrity_is_not_believed():
    attributes, behind = NAME + PRIORITY, NOMINATION + attribute(0x0006, b"else") + CONTROLLED
    data = proven(attributes, PASSWORD)
    longer = data[:2] + (len(data) - 20 + len(behind)).to_bytes(2, "big") + data[4:] + behind
    request = stun.read(longer)
    assert (request.username, request.nominates, request.controlled) == (
        USERNAME.encode(),
        False,
        False,
    )
    assert stun.is_authentic(longer, request, PASSWORD.encode())


@pytest.mark.parametrize("password", ["", "p" * 47, "q" + "p" * 47, "p" * 49])
def test_who_has_another_password_proves_nothing(password):
    assert not is_authentic(request_of(password=password))
    assert not is_authentic(CHECK, password)


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize("at", range(len(PLAIN)))
def test_no_bit_of_a_check_can_be_changed(at):
    data = flipped(PLAIN, at)
    request = stun.read(data)
    assert request is None or not stun.is_authentic(data, request, PASSWORD.encode())


def long_one(size: int) -> bytes:
    """A request of so many bytes in all."""
    rest = size - 20 - len(NAME) - 4 - 24 - 8
    return request_of(NAME + attribute(NETWORK_INFO, bytes(rest)))


def of_attributes(count: int) -> bytes:
    """A request with so many attributes, integrity and fingerprint among them."""
    return request_of(NAME + (count - 3) * NETWORK)


def behind_the_end() -> bytes:
    """One more attribute behind a fingerprint that is right."""
    length = len(PLAIN) - 20 + 8 + 4
    longer = PLAIN[:2] + length.to_bytes(2, "big") + PLAIN[4:]
    crc = zlib.crc32(longer) ^ 0x5354554E
    return longer + attribute(0x8028, crc.to_bytes(4, "big")) + attribute(0x8000)


MALFORMED = {
    "nothing": b"",
    "one byte": b"\x00",
    "a header without attributes": header(0),
    "half a header": CHECK[:19],
    "one byte less": CHECK[:-1],
    "one attribute less": CHECK[:-8],
    "four bytes more": CHECK + bytes(4),
    "one byte more": CHECK + b"\x00",
    "another cookie": PLAIN[:4] + b"\x21\x12\xa4\x43" + PLAIN[8:],
    "an answer": b"\x01\x01" + PLAIN[2:],
    "a refusal": b"\x01\x11" + PLAIN[2:],
    "an indication": b"\x00\x11" + PLAIN[2:],
    "another method": b"\x00\x03" + PLAIN[2:],
    "more than 548 bytes": long_one(552),
    "seventeen attributes": of_attributes(17),
    "without a name": request_of(PRIORITY),
    "an empty name": request_of(attribute(0x0006) + PRIORITY),
    "without integrity": header(len(WHOLE)) + WHOLE,
    "an integrity of 16 bytes": header(len(NAME) + 20) + NAME + attribute(0x0008, bytes(16)),
    "an integrity of 32 bytes": header(len(NAME) + 36) + NAME + attribute(0x0008, bytes(32)),
    "an attribute beyond the end": header(8) + b"\x00\x06\x00\x05four",
    "a wrong fingerprint": CHECK[:-1] + bytes([CHECK[-1] ^ 1]),
    "a fingerprint of 8 bytes": header(len(WHOLE) + 36)
    + WHOLE
    + PLAIN[-24:]
    + attribute(0x8028, bytes(8)),
    "something behind the fingerprint": behind_the_end(),
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_check_is_not_read(data):
    assert stun.read(data) is None


def test_the_largest_check_and_the_one_of_most_attributes_are_read():
    for data in (long_one(stun.LARGEST), of_attributes(stun.MOST_ATTRIBUTES)):
        assert is_authentic(data)


@given(st.binary(max_size=700))
def test_any_bytes_are_a_check_or_none(data):
    request = stun.read(data)
    assert request is None or not stun.is_authentic(data, request, PASSWORD.encode())


@given(st.binary(max_size=600))
def test_any_bytes_behind_the_head_of_a_check_are_a_check_or_none(rest):
    data = header(len(rest)) + rest
    request = stun.read(data)
    assert request is None or not stun.is_authentic(data, request, PASSWORD.encode())


@st.composite
def mutated(draw):
    """A real check with some bytes changed, moved, left out or put in; often of right length."""
    data = bytearray(draw(st.sampled_from(list(CORPUS.values()))))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        size = draw(st.integers(0, 12))
        data[at : at + draw(st.sampled_from([0, size]))] = draw(st.binary(max_size=12))
    if draw(st.booleans()) and len(data) >= 20:
        data[2:4] = (len(data) - 20).to_bytes(2, "big")
    return bytes(data)


@given(mutated())
def test_what_was_changed_is_believed_only_as_far_as_its_sender_knew_the_password(data):
    """Whatever is believed has the same protected part as one of the corpus, byte for byte."""
    request = stun.read(data)
    if request is None or not stun.is_authentic(data, request, PASSWORD.encode()):
        return
    protected = data[20 : request.integrity_at]
    assert protected in [each[20 : stun.read(each).integrity_at] for each in CORPUS.values()]
    assert data[8:20] == TRANSACTION


ADDRESSES = {
    "IPv4": ("192.0.2.1", 54321),
    "IPv6 as a socket has it": ("2001:db8::7", 1, 0, 0),
    "IPv6 of this link": ("fe80::1%eth0", 65535, 0, 2),
    "IPv6 with a scope": ("fe80::2", 40000, 0, 3),
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_an_answer_says_where_the_check_came_from_and_is_authentic_for_aioice(address):
    answer = stun.success(stun.read(CHECK), address, PASSWORD.encode())
    read = checks.read(answer, PASSWORD)
    assert (read.message_method, read.message_class) == (
        theirs.Method.BINDING,
        theirs.Class.RESPONSE,
    )
    assert read.transaction_id == TRANSACTION
    host, port = read.attributes["XOR-MAPPED-ADDRESS"]
    plain = ip_address(address[0].partition("%")[0])
    assert (ip_address(host), port) == (plain, address[1])
    assert "FINGERPRINT" in read.attributes


@given(st.ip_addresses(), st.integers(0, 65535), st.binary(min_size=12, max_size=12))
def test_any_address_comes_back_as_it_was(address, port, transaction):
    request = stun.Request(transaction, b"x")
    answer = stun.success(request, (str(address), port), PASSWORD.encode())
    read = checks.read(answer, PASSWORD)
    host, back = read.attributes["XOR-MAPPED-ADDRESS"]
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    assert socket.inet_pton(family, host) == address.packed
    assert (back, read.transaction_id) == (port, transaction)


@pytest.mark.parametrize("error", [stun.ROLE_CONFLICT, stun.UNKNOWN_ATTRIBUTE])
def test_a_refusal_says_why_and_is_authentic_for_aioice(error):
    answer = stun.refusal(stun.read(CHECK), error, PASSWORD.encode())
    read = checks.read(answer, PASSWORD)
    assert (read.message_class, read.transaction_id) == (theirs.Class.ERROR, TRANSACTION)
    assert read.attributes["ERROR-CODE"] == (error[0], error[1].decode())


def test_nobody_else_can_make_our_answers():
    answer = stun.success(stun.read(CHECK), ADDRESSES["IPv4"], b"another")
    assert not theirs.parse_message(answer).check_message_integrity(PASSWORD.encode())


def test_an_answer_is_smaller_than_what_may_go_to_a_new_address():
    request = stun.read(CHECK)
    for address in ADDRESSES.values():
        assert len(stun.success(request, address, PASSWORD.encode())) < 2 * len(CHECK)
