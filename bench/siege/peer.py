"""
One browser's end of a connection, made by hand, so that it can stop at every step.

Offers, checks the way by STUN, does the handshake of DTLS, encrypts with what was agreed: each
only when it is told to. Counts what the server sends it before it has proved that it is there.
Knows the answer of the server and its datagrams, nothing else of it.
Source: RFC 8445 (7), RFC 5764 (4.2), RFC 7983.
"""

import secrets
import select
import socket
import time
from collections import Counter, deque
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL
from pylibsrtp import Policy, Session

from bench.siege import sdp, stun

ADDRESS = "127.0.0.66"
PROFILE, KEY, SALT = b"SRTP_AES128_CM_SHA1_80", 16, 14
CIPHERS = b"ECDHE-ECDSA-AES128-GCM-SHA256"
EARLY = "bytes to an address before its first valid check"
CONSENT_EVERY = 2.0  # seconds; browsers check about as often (RFC 7675)
LARGEST_DATAGRAM = 1 << 16
PATIENCE = 2.0


@cache
def _certificate() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "siege")])
    now = datetime.now(tz=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(30))
    return key, builder.sign(key, hashes.SHA256())


def _fingerprint() -> str:
    digest = _certificate()[1].fingerprint(hashes.SHA256())
    return ":".join(f"{each:02X}" for each in digest)


def _encrypting() -> SSL.Context:
    key, certificate = _certificate()
    context = SSL.Context(SSL.DTLS_METHOD)
    context.set_options(SSL.OP_NO_TICKET)
    context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
    context.use_certificate(certificate)
    context.use_privatekey(key)
    context.set_cipher_list(CIPHERS)
    context.set_tlsext_use_srtp(PROFILE)
    return context


def udp(address: str = ADDRESS) -> socket.socket:
    """A port that waits for nothing."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((address, 0))
    made.setblocking(False)
    return made


class NoAnswer(Exception):
    """The server did not do what the next step needs."""


class Peer:
    """One end. A `setup` of "active" begins the encryption itself."""

    def __init__(self, done: Counter[str], address: str = ADDRESS, setup: str = "actpass") -> None:
        self.done = done
        self.socket = udp(address)
        self.ufrag, self.password = secrets.token_hex(4), secrets.token_hex(16)
        self.valid = False  # the server has answered a check
        self._proved = False  # a valid check has been sent
        self._setup = setup
        self._checked = 0.0
        self._come: deque[bytes] = deque(maxlen=32)  # for the handshake
        self._ssl: SSL.Connection | None = None

    @property
    def own_address(self) -> tuple[str, int]:
        host, port = self.socket.getsockname()
        return str(host), int(port)

    def transport(self) -> sdp.Transport:
        return sdp.Transport(
            self.ufrag, self.password, _fingerprint(), self._setup, (self.own_address,)
        )

    def offer(self) -> str:
        return sdp.honest(self.transport())

    def take(self, answer: str) -> None:
        """What the server has said to the offer."""
        self.answer = answer
        self.there = sdp.address(answer)
        self.username = f"{sdp.attribute(answer, 'ice-ufrag')}:{self.ufrag}".encode()
        self.key = sdp.attribute(answer, "ice-pwd").encode()
        self._accepts = sdp.attribute(answer, "setup") == "active"

    def send(self, datagram: bytes) -> bool:
        """Whether the system has taken it."""
        try:
            self.socket.sendto(datagram, self.there)
        except (BlockingIOError, ConnectionRefusedError):
            return False
        return True

    def check(self, nominates: bool = True) -> None:
        """Prove that somebody is here."""
        self.listen(0)
        self._proved = True
        self._checked = time.monotonic()
        self.send(stun.check(self.username, self.key, nominates))

    def listen(self, seconds: float) -> None:
        """Answer the STUN that comes, keep what comes for the handshake."""
        data = self._receive(seconds)
        while data is not None:
            if 19 < data[0] < 64:
                self._come.append(data)
            data = self._receive(0)

    def _receive(self, seconds: float) -> bytes | None:
        """The next datagram that is no STUN; that is answered as it has to be."""
        until = time.monotonic() + seconds
        while select.select([self.socket], [], [], max(0.0, until - time.monotonic()))[0]:
            try:
                data, sender = self.socket.recvfrom(LARGEST_DATAGRAM)
            except ConnectionRefusedError:
                continue
            if not self._proved:
                self.done[EARLY] += len(data)
            what = stun.kind(data)
            if what == stun.SUCCESS:
                self.valid = True
            elif what == stun.REQUEST and self._proved:
                said = stun.answer(data, self.password.encode(), *sender)
                self.socket.sendto(said, sender)
            elif not what:
                return data
        return None

    def connect(self, nominates: bool = True) -> None:
        """Check until the server answers."""
        until = time.monotonic() + PATIENCE
        while not self.valid:
            if time.monotonic() > until:
                raise NoAnswer("no answer to a check")
            self.check(nominates)
            self.listen(0.02)

    def shake_hands(self, flights: int | None = None) -> None:
        """DTLS until it is done, or until so many of our own flights are sent."""
        made = self._ssl = SSL.Connection(_encrypting(), None)
        (made.set_accept_state if self._accepts else made.set_connect_state)()
        until = time.monotonic() + PATIENCE
        sent = 0
        while not self._shaken(made):
            sent += self._flush(made)
            if flights is not None and sent >= flights:
                return
            if time.monotonic() > until:
                raise NoAnswer("the handshake does not end")
            if time.monotonic() - self._checked > CONSENT_EVERY / 10:
                self.check()
            if not self._come:
                self.listen(0.05)
            if self._come:
                made.bio_write(self._come.popleft())
        self._flush(made)
        self._agree(made)

    def _shaken(self, made: SSL.Connection) -> bool:
        try:
            made.do_handshake()
        except SSL.WantReadError:
            return False
        except SSL.Error as problem:
            raise NoAnswer("the handshake fails") from problem
        return True

    def _flush(self, made: SSL.Connection) -> bool:
        """Send what OpenSSL has written; whether there was something."""
        try:
            return self.send(made.bio_read(LARGEST_DATAGRAM))
        except SSL.WantReadError:
            return False

    def _agree(self, made: SSL.Connection) -> None:
        material = made.export_keying_material(b"EXTRACTOR-dtls_srtp", 2 * (KEY + SALT))
        side = 1 if self._accepts else 0
        start = 2 * KEY + side * SALT
        self._own_key = material[side * KEY : (side + 1) * KEY] + material[start : start + SALT]

    def session(self) -> Session:
        """Encrypts packets as this connection has agreed; each call starts over."""
        policy = Policy(
            key=self._own_key,
            ssrc_type=Policy.SSRC_ANY_OUTBOUND,
            srtp_profile=Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
        )
        policy.allow_repeat_tx = True
        return Session(policy)

    def keep(self) -> None:
        """Take what has come, and say that somebody is still here when it is time."""
        self.listen(0)
        if time.monotonic() - self._checked > CONSENT_EVERY:
            self.check()

    def close(self) -> None:
        """Go, without a word to the server."""
        self.listen(0)
        self.socket.close()
