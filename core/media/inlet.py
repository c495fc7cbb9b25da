"""
One stream that comes from a browser: what of it is missing, and what came back.

Says which packets are to be forwarded and which to be asked for again; knows no socket,
no room and no clock (`now` in seconds comes in). Sources: RFC 4585 (6.2.1), RFC 4588.
"""

from dataclasses import dataclass

from core.media.rtp import OSN, Packet, newer

ASK_EVERY = 0.05  # seconds between two requests for the same packet
GIVE_UP = 0.8  # seconds after which a missing packet is not asked for any more
LARGEST_GAP = 256  # packets; beyond it the stream has begun anew
HISTORY = 512


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
        self.gave_up = False
        self._newest: int | None = None
        self._missing: dict[int, tuple[float, float]] = {}  # number: noticed, asked last

    def take(self, packet: Packet, now: float) -> Packet | None:
        """The packet to forward: this one, the one it repairs, or None."""
        form = self.formats.get(packet.payload_type)
        if form is None:
            return None
        if form.repairs is not None:
            return self._repaired(packet, form.repairs)
        if packet.ssrc != self.ssrc:
            self.ssrc, self._newest = packet.ssrc, None
            self._missing.clear()
        if not packet.payload:
            return None if self._late(packet.sequence_number, now) else packet
        return None if self._late(packet.sequence_number, now) else packet

    def _late(self, number: int, now: float) -> bool:
        """Notes what is missing before `number`; True if it has been here before."""
        newest = self._newest
        if newest is None:
            self._newest = number
            return False
        if not newer(number, newest):
            return self._missing.pop(number, None) is None
        gap = (number - newest) & 0xFFFF
        if gap > LARGEST_GAP:
            self._missing.clear()
            self.gave_up = True
        elif self.repairs_lost:
            for lost in range(1, gap):
                self._missing[(newest + lost) & 0xFFFF] = (now, 0.0)
        self._newest = number
        return False

    def _repaired(self, packet: Packet, payload_type: int) -> Packet | None:
        # A probe is padding only: two bytes of nothing are no sequence number.
        if self.ssrc is None or len(packet.payload) < OSN.size:
            return None
        [number] = OSN.unpack_from(packet.payload)
        if self._missing.pop(number, None) is None:
            return None
        packet.sequence_number, packet.ssrc = number, self.ssrc
        packet.payload_type, packet.payload = payload_type, packet.payload[OSN.size :]
        return packet

    def to_ask_for(self, now: float) -> list[int]:
        """Numbers to be sent again now; whatever is too old is given up."""
        due = []
        for number, (noticed, asked) in list(self._missing.items()):
            if now - noticed > GIVE_UP:
                del self._missing[number]
                self.gave_up = True
            elif now - asked >= ASK_EVERY:
                self._missing[number] = (noticed, now)
                due.append(number)
        return due
