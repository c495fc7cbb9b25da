"""
How many strangers are looked at: so many a second of one host, and so many of all together.

Knows no datagram, and nobody by name.
"""

import socket

from core.media.packets.limit import Limit
from core.media.transport.stun import Address

# Checks of strangers that name a living connection; somebody who joins sends a few of them.
MOST_STRANGERS, MOST_OF_A_HOST = 4_000, 1_000  # a second
HOSTS_KEPT = 4_096


class Strangers:
    """Those from whose addresses nothing authentic has come yet."""

    def __init__(self) -> None:
        self._all = Limit(MOST_STRANGERS)
        self._hosts: dict[str, Limit] = {}

    def allows(self, address: Address, now: float) -> bool:
        """Whether a stranger there is looked at; a flood from one host stops nobody elsewhere."""
        host = address[0]
        if ":" in host:  # an IPv6 line has a whole /64 to itself
            host = socket.inet_pton(socket.AF_INET6, host.partition("%")[0])[:8].hex()
        limit = self._hosts.get(host)
        if limit is None:
            if len(self._hosts) >= HOSTS_KEPT:
                self._hosts.clear()
            limit = self._hosts[host] = Limit(MOST_OF_A_HOST)
        return limit.allows(now) and self._all.allows(now)
