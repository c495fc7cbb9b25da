"""
SRTP with libsrtp, copying each packet as seldom as Python can.

pylibsrtp's own methods do the same in three times the steps, for every packet twice. The only
module that touches pylibsrtp's private names; knows no key and no connection.
"""

from collections.abc import Callable

import pylibsrtp
from pylibsrtp import _binding

LARGEST = 1500  # bytes, as pylibsrtp's own buffer
TRAILER = 144  # bytes at most that protecting adds (SRTP_MAX_TRAILER_LEN of libsrtp 2)
Turn = Callable[[bytes], bytes]


def unprotecting(session: pylibsrtp.Session) -> Turn:
    """A function from an SRTP packet to the RTP packet in it; raises pylibsrtp.Error."""
    return _turning(session, _binding.lib.srtp_unprotect, 0)


def protecting(session: pylibsrtp.Session) -> Turn:
    """A function from an RTP packet to an SRTP packet; raises pylibsrtp.Error."""
    return _turning(session, _binding.lib.srtp_protect, TRAILER)


def _turning(session: pylibsrtp.Session, process: Callable[..., int], trailer: int) -> Turn:
    buffer = _binding.ffi.new("char[]", LARGEST)
    view, length = _binding.ffi.buffer(buffer), _binding.ffi.new("int *")
    state, most = session._srtp, LARGEST - trailer

    def turn(packet: bytes) -> bytes:
        size = length[0] = len(packet)
        if size > most:
            raise pylibsrtp.Error(f"{size} bytes are too long")
        view[0:size] = packet
        if error := process(state[0], buffer, length):
            raise pylibsrtp.Error(f"libsrtp: {error}")
        turned: bytes = view[0 : length[0]]  # a copy
        return turned

    return turn


def missing_names(session: pylibsrtp.Session) -> list[str]:
    """Private names used here that pylibsrtp no longer has."""
    used = ((session, "_srtp"), (_binding, "ffi"), (_binding, "lib"))
    return [name for thing, name in used if not hasattr(thing, name)]
