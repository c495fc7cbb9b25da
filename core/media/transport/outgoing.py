"""
What goes to one browser: encrypted, and sent to where it is now.

What cannot be encrypted or sent is dropped and counted: it would be late. Knows neither what
comes nor how the keys were agreed on; a connection is one of these, not the owner of one, since
each packet would pay for the way from one to the other.
"""

from collections import Counter
from collections.abc import Callable

import pylibsrtp

from core.media.rooms.line import Line
from core.media.transport import srtp
from core.media.transport.ice import Agent


class Outgoing:
    """One browser's side that is sent to."""

    def __init__(self, line: Line, agent: Agent) -> None:
        self.line, self.agent = line, agent
        self.dropped: Counter[str] = Counter()

    def encrypt_with(self, session: pylibsrtp.Session) -> None:
        """From now on there are keys for what goes."""
        self._protect, self._protect_rtcp = srtp.protecting(session), session.protect_rtcp

    def tell(self, now: float) -> None:
        """What this browser is to be told by RTCP now; never raises."""
        try:
            for packet in self.line.feedback.due(now):
                self._send(bytes(packet), self._protect_rtcp)
        except Exception:  # noqa: BLE001  # whatever it is, it ends nobody's talk
            self.line.failed()

    def send(self, data: bytes) -> None:
        """One RTP packet to this browser."""
        self._send(data, self._protect)

    def _send(self, data: bytes, protect: Callable[[bytes], bytes]) -> None:
        try:
            if not self.agent.send(protect(data)):
                self.dropped["not sent"] += 1
        except (pylibsrtp.Error, ValueError):  # such as RTCP that is too long for it
            self.dropped["not encrypted"] += 1

    def send_plain(self, datagram: bytes) -> None:
        """A step of the handshake; what is lost comes again by itself."""
        if not self.agent.send(datagram):
            self.dropped["not sent"] += 1
