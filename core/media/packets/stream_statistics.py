"""
What has come of one SSRC, as receiver reports say it.

Counts what it is told of; knows no packet, no socket and no clock (`now` in seconds comes in).
Source: RFC 3550 (6.4.1, A.3, A.8).
"""

from aiortc.rtp import clamp_packets_lost

from core.media.packets.rtp import newer


class StreamStatistics:
    """What has come of one SSRC, as receiver reports say it (RFC 3550, 6.4.1, A.3 and A.8)."""

    def __init__(self, clock_rate: int) -> None:
        self.max_seq: int | None = None
        self.cycles = 0  # times 65,536
        self._clock_rate = clock_rate
        self._base_seq = self._received = 0
        self._expected_before = self._received_before = 0  # in the last report
        self._arrived = self._stamped = self._deviation = 0  # times 16, as A.8 has it

    def note(self, number: int, timestamp: int, now: float) -> None:
        """One more packet of this stream."""
        newest = self.max_seq
        self._received += 1
        if newest is None:
            self._base_seq = number
        elif number != newest + 1:
            if not newer(number, newest):
                return
            if number < newest:
                self.cycles += 1 << 16
        self.max_seq = number
        if timestamp == self._stamped:
            return
        arrived = int(now * self._clock_rate)
        if newest is not None:
            off = abs(arrived - self._arrived - timestamp + self._stamped)
            self._deviation += off - ((self._deviation + 8) >> 4)
        self._arrived, self._stamped = arrived, timestamp

    @property
    def jitter(self) -> int:
        return self._deviation >> 4

    @property
    def packets_lost(self) -> int:
        return clamp_packets_lost(self._expected - self._received)

    def fraction_lost(self) -> int:
        """Of what was expected since this was asked last, in 256ths."""
        expected = self._expected - self._expected_before
        lost = expected - (self._received - self._received_before)
        self._expected_before, self._received_before = self._expected, self._received
        return (lost << 8) // expected if expected and lost > 0 else 0

    @property
    def _expected(self) -> int:
        return 0 if self.max_seq is None else self.cycles + self.max_seq - self._base_seq + 1
