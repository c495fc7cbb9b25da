"""
RTCP of one line, ended here on each leg: reports, requests for what is missing, bitrate.

Knows the streams of the line and when something is due; no room and no socket, and not what is
in a report. `now` is seconds of a steady clock.
Sources: RFC 4585 (6.2.1, 6.3.1), draft-alvestrand-rmcat-remb-03.
"""

import struct
from collections.abc import Iterator

from aiortc import rtp

from core.media.packets.bandwidth import Bandwidth
from core.media.packets.inlet import Inlet
from core.media.packets.outlet import Outlet
from core.media.packets.parts import Part
from core.media.packets.reports import SENDS_NOTHING, Reports
from core.media.packets.streams import Streams

KEYFRAME_EVERY = 0.3  # seconds between two requests for a whole picture
REPORT_EVERY = 1.0
WEIGH_EVERY = 0.2  # what may be asked for now; a browser takes as long to follow
LOWEST, HIGHEST = 200_000, 1_500_000  # bits a second asked of a camera
# Small letters are many bits, and all at once; from the few in between nobody can tell how much
# a line carries.
LOWEST_SCREEN, HIGHEST_SCREEN = 600_000, 4_000_000
LITTLE = 140_000  # the most of a camera and a microphone, for anyone who wants to take little data
LIMIT_AGE = 5.0  # seconds a hearer's limit holds
SOON_BELOW = 0.97  # of what was last asked for: less than that does not wait for a report


class Feedback:
    """What is told to this browser by RTCP, and what it tells us."""

    def __init__(self, streams: Streams) -> None:
        self.streams = streams
        self.reports = Reports(streams)
        self.limit: tuple[float, int] = (0.0, streams.asked[1])  # until when, bits a second
        self.bandwidth = Bandwidth(streams.asked[1])
        self._asked_for = streams.asked[1]
        self._keyframe_wanted = False
        self._keyframe_asked = self._reported = self._weighed = 0.0

    def want_keyframe(self) -> None:
        self._keyframe_wanted = True

    def told(self, packet: rtp.AnyRtcpPacket, now: float) -> Iterator[bytes]:
        """Take in what the browser tells; the packets it gets for that at once."""
        if isinstance(packet, rtp.RtcpSrPacket):
            self.reports.note(packet, now)
        elif isinstance(packet, rtp.RtcpRtpfbPacket) and packet.fmt == rtp.RTCP_RTPFB_NACK:
            yield from self._again(packet, now)
        elif isinstance(packet, rtp.RtcpPsfbPacket):
            self._picture(packet, now)

    def _again(self, packet: rtp.RtcpRtpfbPacket, now: float) -> Iterator[bytes]:
        for _part, outlet in self.streams.outlets:
            if outlet.leg.ssrc == packet.media_ssrc:
                yield from filter(None, (outlet.again(number, now) for number in packet.lost))

    def _picture(self, packet: rtp.RtcpPsfbPacket, now: float) -> None:
        if packet.fmt in (rtp.RTCP_PSFB_PLI, rtp.RTCP_PSFB_FIR):
            for _part, outlet in self.streams.outlets:
                if outlet.video and packet.media_ssrc in (0, outlet.leg.ssrc):
                    self._lacks_picture(outlet)
        elif packet.fmt == rtp.RTCP_PSFB_APP:
            try:
                bitrate, _ssrcs = rtp.unpack_remb_fci(packet.fci)
            except (ValueError, struct.error):
                return
            self.limit = (now + LIMIT_AGE, bitrate)

    def _lacks_picture(self, outlet: Outlet) -> None:
        if not outlet.relays:
            outlet.shows = True  # not even the grey picture
        if (speaker := outlet.speaker) is not None:
            speaker.want_keyframe()

    def due(self, now: float) -> Iterator[rtp.AnyRtcpPacket]:
        """What this browser is to be told now."""
        for part, inlet in self.streams.inlets.items():
            if inlet.lacks or self._keyframe_wanted:
                yield from self._missing(part, inlet, now)
        reports = now - self._reported >= REPORT_EVERY
        if reports:
            self._reported = now
            yield from self.reports.due(now)
        if reports or now - self._weighed >= WEIGH_EVERY:
            self._weighed = now
            lowest, highest = self.streams.asked
            limit = self.streams.hearers_limit(now)
            most = max(min(lowest, limit), min(highest, self.bandwidth.estimate, limit))
            if reports or most < SOON_BELOW * self._asked_for:
                yield from self._ask_for_bits(most)

    def _missing(self, part: Part, inlet: Inlet, now: float) -> Iterator[rtp.AnyRtcpPacket]:
        ours, ssrc = self._ssrc(part), inlet.ssrc
        if ssrc is None:
            return
        if lost := inlet.to_ask_for(now):
            yield rtp.RtcpRtpfbPacket(rtp.RTCP_RTPFB_NACK, ours, ssrc, sorted(lost))
        if part is not Part.PICTURE:
            return
        wanted = self._keyframe_wanted or inlet.gave_up
        if wanted and now - self._keyframe_asked >= KEYFRAME_EVERY:
            self._keyframe_wanted = inlet.gave_up = False
            self._keyframe_asked = now
            yield rtp.RtcpPsfbPacket(rtp.RTCP_PSFB_PLI, ours, ssrc)

    def _ask_for_bits(self, most: int) -> Iterator[rtp.AnyRtcpPacket]:
        inlet, ours = self.streams.inlets.get(Part.PICTURE), self._ssrc(Part.PICTURE)
        if inlet is not None and inlet.ssrc is not None:
            self._asked_for = most
            fci = rtp.pack_remb_fci(most, [inlet.ssrc])
            yield rtp.RtcpPsfbPacket(rtp.RTCP_PSFB_APP, ours, 0, fci)

    def _ssrc(self, part: Part) -> int:
        place = self.streams.places[0] if self.streams.places else {}
        return place[part].leg.ssrc if part in place else SENDS_NOTHING
