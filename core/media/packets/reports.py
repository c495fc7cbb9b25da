"""
The reports of one line: what a browser says of its clocks, and what it is told of its streams.

Knows the streams of the line, no room and no socket, and not when a report is due. `now` is
seconds of a steady clock. Source: RFC 3550 (6.4).
"""

from collections.abc import Iterator
from dataclasses import replace

from aiortc import rtp

from core.media.packets.outlet import Outlet
from core.media.packets.parts import Part
from core.media.packets.source import SenderReport
from core.media.packets.streams import Streams

SENDS_NOTHING = 1  # our SSRC where nothing of ours is sent, as in libwebrtc
NTP = 1 << 32  # parts of a second in an NTP timestamp
SHORT = 0xFFFFFFFF


class Reports:
    """What this browser has reported, and what is reported to it."""

    def __init__(self, streams: Streams) -> None:
        self.streams = streams
        self._reports: dict[Part, SenderReport] = {}
        self._clock: int | None = None  # what their NTP clock lags behind ours

    def note(self, packet: rtp.RtcpSrPacket, now: float) -> None:
        """One more report of this browser, on a stream that it sends."""
        info = packet.sender_info
        for part, inlet in self.streams.inlets.items():
            if inlet.ssrc == packet.ssrc:
                if self._clock is None:
                    self._clock = int(now * NTP) - info.ntp_timestamp
                self._reports[part] = SenderReport(
                    packet.ssrc, info.ntp_timestamp, info.rtp_timestamp, now
                )

    def clock_of(self, part: Part) -> SenderReport | None:
        """The newest report of the stream that comes now, its `ntp` by our clock."""
        report, inlet = self._reports.get(part), self.streams.inlets.get(part)
        if report is None or self._clock is None or inlet is None or report.ssrc != inlet.ssrc:
            return None
        return replace(report, ntp=report.ntp + self._clock)

    def due(self, now: float) -> Iterator[rtp.AnyRtcpPacket]:
        """One on each stream, each time that reports are sent."""
        for part, outlet in self.streams.outlets:
            yield from self._report(part, outlet, now)
        if not self.streams.places:
            yield from self._receipt(now)

    def _report(self, part: Part, outlet: Outlet, now: float) -> Iterator[rtp.AnyRtcpPacket]:
        first = outlet is self.streams.places[0].get(part)  # one of them says what was received
        reports = list(self._received(part, now)) if first else []
        info = self._sent(outlet, part, now)
        if info is not None:
            yield rtp.RtcpSrPacket(outlet.leg.ssrc, info, reports)
        elif reports:
            yield rtp.RtcpRrPacket(outlet.leg.ssrc, reports)

    def _receipt(self, now: float) -> Iterator[rtp.AnyRtcpPacket]:
        """Who gets nothing from us, such as a screen, is told all the same what has come."""
        for part in self.streams.inlets:
            if reports := list(self._received(part, now)):
                yield rtp.RtcpRrPacket(SENDS_NOTHING, reports)

    def _received(self, part: Part, now: float) -> Iterator[rtp.RtcpReceiverInfo]:
        inlet = self.streams.inlets.get(part)
        if inlet is None or inlet.ssrc is None:
            return
        counted, report = inlet.statistics, self._reports.get(part)
        if report is not None and report.ssrc != inlet.ssrc:
            report = None
        yield rtp.RtcpReceiverInfo(
            ssrc=inlet.ssrc,
            fraction_lost=min(counted.fraction_lost(), 255),
            packets_lost=counted.packets_lost,
            highest_sequence=counted.cycles + (counted.max_seq or 0) & SHORT,
            jitter=min(counted.jitter, SHORT),
            lsr=report.ntp >> 16 & SHORT if report else 0,
            dlsr=min(int((now - report.arrived) * 65536), SHORT) if report else 0,
        )

    def _sent(self, outlet: Outlet, part: Part, now: float) -> rtp.RtcpSenderInfo | None:
        """
        The speaker's own clock, as it goes on since they last told it, on this leg.

        Moved by the same for picture and sound, so that lips stay in step, and to our time,
        so that the browser's time never jumps when somebody else speaks.
        """
        if not outlet.relays or outlet.speaker is None:
            return None
        report = outlet.speaker.clock_of(part)
        if report is None:
            return None
        passed = now - report.arrived
        return rtp.RtcpSenderInfo(
            ntp_timestamp=report.ntp + int(passed * NTP) & 0xFFFFFFFFFFFFFFFF,
            rtp_timestamp=outlet.mapped(report.timestamp + int(passed * outlet.leg.clock_rate)),
            packet_count=outlet.packets & SHORT,
            octet_count=outlet.bytes & SHORT,
        )
