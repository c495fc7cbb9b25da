"""
Opening the UDP socket at one of our addresses, or a sentence that says why it cannot be had.

Knows no datagram.
"""

import errno
import socket

BUFFER = 4 << 20  # bytes the system may keep for us; it gives what it allows (net.core.rmem_max)
NO_SUCH_ADDRESS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


class CannotListen(Exception):
    """An address or the port of the settings is not ours to have."""


def opened(host: str, number: int) -> socket.socket:
    """A socket at this address; raises CannotListen."""
    try:
        return _bound(host, number)
    except OSError as problem:
        raise CannotListen(_sentence(host, number, problem)) from problem


def _bound(host: str, number: int) -> socket.socket:
    is_6 = ":" in host
    made = socket.socket(socket.AF_INET6 if is_6 else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        if is_6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        for each in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            made.setsockopt(socket.SOL_SOCKET, each, BUFFER)
        made.setblocking(False)
        made.bind((host, number))
    except OSError:
        made.close()
        raise
    return made


def _sentence(host: str, number: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"UDP port {number} of {host} is taken: another BERATUNGSRAUM_MEDIA_PORT is needed"
    if problem.errno in NO_SUCH_ADDRESS:
        return f"{host} is no address of this machine: BERATUNGSRAUM_MEDIA_ADDRESSES is wrong"
    return f"cannot listen at UDP port {number} of {host}: {problem.strerror}"
