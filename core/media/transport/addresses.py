"""
At which of our addresses browsers reach us: those of the settings, and no other.

Without a setting it is the one that this machine uses towards others; nothing is sent to find
out. Knows no browser. Source: RFC 8445 (5.1.1.1).
"""

import socket
from ipaddress import ip_address

from core.media.transport.port import Port
from core.settings import settings

# For documentation (RFC 5737, RFC 3849): nobody is there, and connecting UDP sends nothing.
ELSEWHERE = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}
HERE = "127.0.0.1"
ANY_PORT = 9


def port() -> Port:
    """The port of the settings; raises CannotListen."""
    given = settings()
    hosts = [str(each) for each in given.media_addresses] or own()
    outside = given.media_public_address
    return Port(hosts, given.media_port, str(outside) if outside else None)


def own() -> list[str]:
    """The address towards others, of each family that this machine has; else loopback."""
    found = [host for family in ELSEWHERE if (host := _towards(family)) is not None]
    return found or [HERE]


def _towards(family: socket.AddressFamily) -> str | None:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as asking:
            asking.connect((ELSEWHERE[family], ANY_PORT))
            host = str(asking.getsockname()[0])
    except OSError:  # no way out, or no such family
        return None
    return None if ip_address(host).is_link_local else host
