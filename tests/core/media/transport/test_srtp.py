"""What we encrypt and decrypt in fewer steps is what pylibsrtp encrypts and decrypts."""

import pylibsrtp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylibsrtp import Policy, Session

from core.media.transport import srtp
from tests.core.media.ends import packet, written

LONGEST = srtp.LARGEST - srtp.TRAILER


def session(direction: int) -> Session:
    return Session(
        Policy(
            key=b"k" * 28,
            ssrc_type=direction,
            srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
        )
    )


def rtp_packet(payload: bytes, number: int = 1) -> bytes:
    return written(packet(number, payload))


@given(st.lists(st.binary(max_size=LONGEST - 12), min_size=1, max_size=5))
def test_both_ways_say_the_same(payloads):
    ours = srtp.protecting(session(Policy.SSRC_ANY_OUTBOUND))
    theirs = session(Policy.SSRC_ANY_OUTBOUND).protect
    back = srtp.unprotecting(session(Policy.SSRC_ANY_INBOUND))
    for number, payload in enumerate(payloads):
        plain = rtp_packet(payload, number)
        secret = ours(plain)
        assert (secret, back(secret)) == (theirs(plain), plain)


@pytest.mark.parametrize("turn", [srtp.protecting, srtp.unprotecting])
def test_what_does_not_fit_is_refused(turn):
    with pytest.raises(pylibsrtp.Error):
        turn(session(Policy.SSRC_ANY_OUTBOUND))(bytes(srtp.LARGEST + 1))


def test_what_was_changed_on_the_way_or_comes_twice_is_refused():
    secret = srtp.protecting(session(Policy.SSRC_ANY_OUTBOUND))(rtp_packet(b"hello"))
    back = srtp.unprotecting(session(Policy.SSRC_ANY_INBOUND))
    for bad in (secret[:-1] + b"!", b"\x80", b""):
        with pytest.raises(pylibsrtp.Error):
            back(bad)
    assert back(secret) == rtp_packet(b"hello")
    with pytest.raises(pylibsrtp.Error):
        back(secret)
