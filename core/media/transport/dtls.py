"""
DTLS and the keys of SRTP, with aiortc's transport over a path of ours.

The only module that touches private names of aiortc; `missing_names` says at start whether they
are still there. Knows no socket: what comes is fed in, what goes out is handed to `send`, and
nothing waits but a few datagrams. Sources: RFC 5764, RFC 8842, RFC 8827 (6.5).
"""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import structlog
from aiortc import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters
from aiortc.rtcdtlstransport import RTCDtlsTransport

from core.media.packets.limit import Limit

MOST_WAITING = 16  # datagrams; a handshake needs about six
MOST_A_SECOND = 50
MOST_BYTES = 16_000  # a handshake over a bad line; browsers bring two
RECORD_HEADER, APPLICATION_DATA, MOST_RECORDS = 13, 23, 8  # RFC 6347 (4.1)
ALGORITHM = "sha-256"
log = structlog.get_logger()


class _Certificate(RTCCertificate):
    """aiortc's, whose other end brings one certificate and no more."""

    def _create_ssl_context(self, srtp_profiles: list[Any]) -> Any:
        context = super()._create_ssl_context(srtp_profiles)
        # Whose it is, its fingerprint says. OpenSSL would check the signature of every certificate
        # in a chain first: a third of a second for one that a guest has made for that.
        context.set_verify_depth(0)
        return context


class _Path:
    """What aiortc's DTLS needs of an ICE transport."""

    state = "completed"

    def __init__(self, begins: bool, send: Callable[[bytes], None]) -> None:
        # The controlled side begins the encryption.
        self.role = "controlled" if begins else "controlling"
        self.come: asyncio.Queue[bytes] = asyncio.Queue(MOST_WAITING)
        self._out = send

    async def _recv(self) -> bytes:
        return await self.come.get()

    async def _send(self, data: bytes) -> None:
        self._out(data)


class Dtls:
    """The encryption of one connection; ends once, for good."""

    def __init__(self, begins: bool, send: Callable[[bytes], None]) -> None:
        self._path = _Path(begins, send)
        self._certificate = _Certificate.generateCertificate()
        self._transport = RTCDtlsTransport(cast(Any, self._path), [self._certificate])
        self._limit = Limit(MOST_A_SECOND)
        self._bytes_left = MOST_BYTES  # until there are keys
        self._running: asyncio.Task[None] | None = None

    @property
    def fingerprint(self) -> tuple[str, str]:
        """What our answer says: algorithm, value."""
        given = self._transport.getLocalParameters().fingerprints
        [value] = [each.value for each in given if each.algorithm == ALGORITHM]
        return ALGORITHM, value

    @property
    def has_begun(self) -> bool:
        return self._running is not None

    def begin(self, fingerprint: tuple[str, str], ended: Callable[[bool], None]) -> None:
        """
        Agree on keys with the peer that has this fingerprint.

        `ended(True)` is called once they are there, `ended(False)` once there will be none or
        the browser has said goodbye.
        """
        expected = RTCDtlsParameters([RTCDtlsFingerprint(*fingerprint)])
        self._transport.on("statechange", lambda: self._changed(ended))
        self._running = asyncio.get_running_loop().create_task(self._transport.start(expected))
        self._running.add_done_callback(lambda task: self._stumbled(task, ended))

    def _stumbled(self, task: asyncio.Task[None], ended: Callable[[bool], None]) -> None:
        """Whatever strangers make OpenSSL or aiortc stumble over, it is their connection's end."""
        if not task.cancelled() and (problem := task.exception()) is not None:
            log.info("no keys", kind=type(problem).__name__)
            ended(False)

    def _changed(self, ended: Callable[[bool], None]) -> None:
        if self._transport.state == "connected":
            ended(True)
        elif self._transport.state in ("failed", "closed"):
            ended(False)

    def feed(self, datagram: bytes, now: float) -> bool:
        """One more DTLS datagram; False if it is one too many."""
        if not self._limit.allows(now) or self._path.come.full():
            return False
        if self._transport.state == "connected":
            return self._feed_alone(datagram)
        self._bytes_left -= len(datagram)
        if self._bytes_left < 0:
            return False
        self._path.come.put_nowait(datagram)
        return True

    def _feed_alone(self, datagram: bytes) -> bool:
        """
        After the keys: a goodbye, or the last step of the handshake again, record by record.

        aiortc reads one of a datagram, and OpenSSL would keep the rest for ever.
        """
        for _ in range(MOST_RECORDS):
            end = RECORD_HEADER + int.from_bytes(datagram[11:13], "big")
            record, datagram = datagram[:end], datagram[end:]
            if len(record) < end or record[0] == APPLICATION_DATA or self._path.come.full():
                return False
            self._path.come.put_nowait(record)
            if not datagram:
                return True
        return False

    @property
    def sessions(self) -> tuple[Any, Any]:
        """Of SRTP: what comes in, what goes out (pylibsrtp.Session); once there are keys."""
        transport = cast(Any, self._transport)
        return transport._rx_srtp, transport._tx_srtp

    async def end(self) -> None:
        """Say goodbye to the browser, as far as it can be reached."""
        self._transport.remove_all_listeners()
        if self._running is not None:
            self._running.cancel()
            await self._transport.stop()


def missing_names() -> list[str]:
    """Private names used here that aiortc no longer has."""
    transport = Dtls(True, lambda _data: None)._transport
    made = [] if hasattr(RTCCertificate, "_create_ssl_context") else ["_create_ssl_context"]
    asked = {"_recv": "_recv_next", "_send": "_write_ssl"}
    missing = [name for name, method in asked.items() if not _asks(method, name)]
    return (
        made + missing + [name for name in ("_rx_srtp", "_tx_srtp") if not hasattr(transport, name)]
    )


def _asks(method: str, name: str) -> bool:
    """Whether this method of aiortc's still asks its transport for this name."""
    code = getattr(getattr(RTCDtlsTransport, method, None), "__code__", None)
    return code is not None and name in code.co_names
