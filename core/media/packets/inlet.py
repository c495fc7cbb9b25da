"""
One stream that comes from a browser: what of it is missing, and what came back.

Says which packets are to be forwarded and which to be asked for again; knows no socket,
no room and no clock (`now` in seconds comes in). Sources: RFC 4585 (6.2.1), RFC 4588.
"""

from dataclasses import dataclass
from math import inf

from core.media.packets.rtp import OSN, Packet, newer
from core.media.packets.stream_statistics import StreamStatistics

ASK_EVERY = 0.05  # seconds between two requests for the same packet
GIVE_UP = 0.8  # seconds after which a missing packet is not asked for any more
LARGEST_GAP = 256  # packets; beyond it the stream has started over
MOST_MISSING = 512
SOURCE_HOLDS = 0.3  # seconds during which a stream is not replaced by another


@dataclass(frozen=True)
class Format:
    """What a payload type of this stream means; `repairs` is set for a retransmission (RTX)."""

    codec: str
    clock_rate: int
    repairs: int | None = None


class Inlet:
    """The receiving end of one m-line."""

    def __init__(self, formats: dict[int, Format], repairs_lost: bool) -> None:
        self.formats = formats
        self.repairs_lost = repairs_lost
        self.ssrc: int | None = None
        self.statistics = StreamStatistics(0)  # of this SSRC, for its receiver reports
        self.gave_up = False  # something is lost for good: only a whole picture helps
        self.repaired = self.useless = 0  # how many came back, how many were no use
        self._source = 0
        self._began = -inf
        self._newest = 0
        self._missing: dict[int, tuple[float, float]] = {}  # number: noticed, asked last

    @property
    def lacks(self) -> bool:
        """Whether something is missing, or is lost for good."""
        return bool(self._missing) or self.gave_up

    def take(self, packet: Packet, now: float) -> Packet | None:
        """The packet to forward: this one, the one it repairs, or None."""
        form = self.formats.get(packet.payload_type)
        if form is None:
            self.useless += 1
            return None
        if form.repairs is not None:
            repaired = self._repaired(packet, form.repairs)
            if repaired is None:
                self.useless += 1
            return repaired
        number = packet.sequence_number
        if packet.ssrc == self.ssrc and number == self._newest + 1 & 0xFFFF:  # nearly always
            self._newest = number
        elif not self._is_wanted(packet, now):
            self._refuse(packet, now)
            return None
        self.statistics.note(number, packet.timestamp, now)
        packet.source = self._source
        return packet

    def _refuse(self, packet: Packet, now: float) -> None:
        """Nobody waits for it; if it is of this stream, it has come all the same."""
        self.useless += 1
        if packet.ssrc == self.ssrc:
            self.statistics.note(packet.sequence_number, packet.timestamp, now)

    def _is_wanted(self, packet: Packet, now: float) -> bool:
        """Notes what is missing before this packet; False if nobody waits for it."""
        number, ahead = packet.sequence_number, packet.sequence_number - self._newest & 0xFFFF
        if packet.ssrc != self.ssrc:
            return self._begin(packet, now)
        if not newer(number, self._newest):
            return self._missing.pop(number, None) is not None
        if ahead > LARGEST_GAP:
            return self._begin(packet, now)
        for lost in range(1, ahead):
            self._missing[self._newest + lost & 0xFFFF] = (now, -inf)
        if len(self._missing) > MOST_MISSING:
            self._missing.clear()
            self.gave_up = True
        self._newest = number
        return True

    def _begin(self, packet: Packet, now: float) -> bool:
        # Stragglers of the last stream must not bring it back, and nobody gets a keyframe
        # of everybody by changing streams all the time.
        if now - self._began < SOURCE_HOLDS:
            return False
        if packet.ssrc != self.ssrc:
            self.ssrc = packet.ssrc
            self.statistics = StreamStatistics(self.formats[packet.payload_type].clock_rate)
        self._newest, self._began = packet.sequence_number, now
        self._source += 1
        self._missing.clear()
        return True

    def _repaired(self, packet: Packet, payload_type: int) -> Packet | None:
        # A probe is padding only: two bytes of nothing are no sequence number.
        if self.ssrc is None or len(packet.payload) < OSN.size:
            return None
        [number] = OSN.unpack_from(packet.payload)
        if self._missing.pop(number, None) is None:
            return None
        self.repaired += 1
        packet.sequence_number, packet.ssrc = number, self.ssrc
        packet.payload_type, packet.payload = payload_type, packet.payload[OSN.size :]
        packet.source = self._source
        return packet

    def to_ask_for(self, now: float) -> list[int]:
        """Numbers to be sent again now; whatever is too old is given up."""
        due = []
        for number, (noticed, asked) in list(self._missing.items()):
            if now - noticed > GIVE_UP:
                del self._missing[number]
                self.gave_up = True
            elif now - asked >= ASK_EVERY and self.repairs_lost:
                self._missing[number] = (noticed, now)
                due.append(number)
        return due
