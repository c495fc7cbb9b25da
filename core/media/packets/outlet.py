"""
One stream that goes to a browser, put together from one source after the other.

Sequence numbers and timestamps are the source's own, moved by an offset that changes only
when the source does: a gap stays a gap, so the browser asks for what it misses. No number
is ever used twice, or SRTP would encrypt two packets with the same nonce. Knows no socket,
no room and no clock. Sources: RFC 3550 (5.1), RFC 3711 (3.3.1), RFC 4588 (4).
"""

from collections import deque
from dataclasses import replace
from math import inf

from core.media.packets import keyframes, placeholders, rtp
from core.media.packets.leg import Head, Leg
from core.media.packets.limit import Limit
from core.media.packets.rtp import OSN, Packet
from core.media.packets.source import Source

HISTORY = 512  # packets kept to be sent again; how late a packet may come
ALL = (1 << HISTORY) - 1
KEPT = 2.0  # seconds at least, twice as many at most, that a packet is kept to be sent again
PICTURE_AGE = 1.0  # seconds after which a picture counts as gone
HELD = 1.0  # seconds a speaker keeps an outlet after the last packet
STILL = 5.0  # the same, and until it is gone, of a screen: where nothing moves, little is sent
AGAIN_AFTER = 0.02  # seconds before the same packet is sent once more
GREY_EVERY = 0.5  # seconds; anyone who says it is lost may have it once more
MOST_AGAIN = 300  # packets a second; 20 % of what 150 a second lose, ten times over
MOST_EARLY = 256  # packets kept while a whole picture is waited for
BEATS = 50  # a second: new sources begin at multiples of 20 ms, as long as a packet of sound


class Outlet:
    """The sending end of one m-line."""

    def __init__(self, leg: Leg, video: bool) -> None:
        self.leg = leg
        self._payload_types = leg.payload_types
        self.video = video
        self.speaker: Source | None = None
        self.shows = True  # something other than grey, as far as we know
        self.packets = self.bytes = self.again_packets = 0
        self._source = self._from = 0  # of the speaker; a new connection counts from the start
        self._begins = True  # nothing of this source has been sent yet
        self._early: deque[tuple[Packet, int]] = deque(maxlen=MOST_EARLY)
        self._fed = 0.0
        # The newest that was sent. The number goes on beyond 16 bits, from below the middle
        # of its range: at the far end, a loss at the first wrap could not be decrypted.
        self._number, self._timestamp, self._when = 0, 0, 0.0
        self._taken = ALL  # bit n: the number n before the newest is not free any more
        self._number_offset = self._time_offset = 0
        self._keeps = bool(leg.rtx_payload_types)
        # Packet, when it was sent last; and those of the time before.
        self._sent: dict[int, tuple[bytes, float]] = {}
        self._before: dict[int, tuple[bytes, float]] = {}
        self._turned = -inf
        self._again_limit = Limit(MOST_AGAIN)
        # So many may be sent again: one for each that was sent, and no more are saved up.
        self._credit, self._credited = 0, 0
        self._greyed = -inf
        self._head, self._head_with_level = Head(leg, False), Head(leg, True)
        self._head_again = Head(replace(leg, ssrc=leg.rtx_ssrc), False)

    @property
    def codec(self) -> str:
        """What this browser likes best."""
        return next(iter(self.leg.payload_types))

    @property
    def waits_for_keyframe(self) -> bool:
        return self.video and self._begins and self.speaker is not None

    @property
    def relays(self) -> bool:
        """Whether what is sent now comes from the speaker."""
        return self.speaker is not None and not self._begins

    def carries(self, seat: str) -> bool:
        return self.speaker is not None and self.speaker.seat == seat

    @property
    def _may_stand_still(self) -> bool:
        return self.speaker is not None and self.speaker.screen_of is not None

    def is_free(self, now: float) -> bool:
        """Whether another may be carried: one seat at a time, as long as it speaks."""
        return self.speaker is None or now - self._fed > (STILL if self._may_stand_still else HELD)

    def give(
        self, speaker: Source, codec: str, packet: Packet, level: bytes | None, now: float
    ) -> list[bytes]:
        """What this browser gets now that the speaker has sent this packet."""
        payload_type = self._payload_types.get(codec)
        if payload_type is None:
            return []
        self._fed = now
        begins = packet.source != self._source or packet.ssrc != self._from
        if begins or speaker is not self.speaker:
            self.forget()
            self.speaker, self._source, self._from = speaker, packet.source, packet.ssrc
        if not self._begins:
            return self._send(packet, payload_type, level, now)
        if self.video and not keyframes.starts_keyframe(codec, packet.payload):
            self._early.append((packet, payload_type))
            return []
        return self._begin(packet, payload_type, level, now)

    def grey(self, now: float) -> list[bytes]:
        """Once nobody is seen here any more: a grey picture in place of the last one."""
        age = STILL if self._may_stand_still else PICTURE_AGE
        gone = self.speaker is None or now - self._when > age
        if not (self.video and self.shows and gone) or now - self._greyed < GREY_EVERY:
            return []
        self._greyed = now
        data = self._own(self.codec, placeholders.grey(self.codec), now)
        self.shows, self._begins = False, True
        return data

    def say(self, payload: bytes, now: float) -> list[bytes]:
        """20 ms of the server's own sound in Opus, unless somebody speaks here."""
        if self.speaker is not None or "opus" not in self.leg.payload_types:
            return []
        return self._own("opus", [payload], now)

    def again(self, number: int, now: float) -> bytes | None:
        """The packet of this number once more, as a retransmission; None if it is too old."""
        number &= 0xFFFF
        kept = self._sent if number % HISTORY in self._sent else self._before
        data, at = kept.get(number % HISTORY, (b"", now))
        if now - at < AGAIN_AFTER:
            return None
        sent = rtp.parse(data)
        payload_type = self.leg.rtx_payload_types.get(sent.payload_type)
        if sent.sequence_number != number or payload_type is None or not self._may_repeat(now):
            return None
        kept[number % HISTORY] = data, now
        self.again_packets += 1
        second = payload_type | 0x80 if sent.marker else payload_type
        head = self._head_again.write(second, self.again_packets & 0xFFFF, sent.timestamp, now, 0)
        return head + OSN.pack(number) + sent.payload

    def _may_repeat(self, now: float) -> bool:
        """Who asks for everything again gets once more what has come, and not for ever."""
        self._credit = min(MOST_AGAIN, self._credit + self.packets - self._credited)
        self._credited = self.packets
        if self._credit <= 0 or not self._again_limit.allows(now):
            return False
        self._credit -= 1
        return True

    def age(self, now: float) -> None:
        """Forget what was sent a while ago; nobody can still use it."""
        if now - self._turned >= KEPT:
            self._turned = now
            self._before, self._sent = self._sent, {}

    def mapped(self, timestamp: int) -> int:
        """A timestamp of the source as it is on this leg."""
        return timestamp + self._time_offset & 0xFFFFFFFF

    def forget(self) -> None:
        """Nothing of what was sent is sent again, and the next source starts over."""
        self.speaker, self._begins = None, True
        self._sent.clear()
        self._before.clear()
        self._early.clear()

    def _begin(
        self, packet: Packet, payload_type: int, level: bytes | None, now: float
    ) -> list[bytes]:
        """The first packet of a source, and what had overtaken it."""
        self._align(packet, now)
        self._begins = False
        data = self._send(packet, payload_type, level, now)
        for early, its_type in self._early:
            if rtp.newer(early.sequence_number, packet.sequence_number):
                data += self._send(early, its_type, None, now)
        self._early.clear()
        return data

    def _align(self, packet: Packet, now: float) -> None:
        """The new source goes on where the last one stopped, in number and in time."""
        beats = max(1, round((now - self._when) * BEATS))
        passed = beats * self.leg.clock_rate // BEATS
        self._number_offset = self._number + 1 - packet.sequence_number
        self._time_offset = self._timestamp + passed - packet.timestamp
        self._taken = ALL

    def _own(self, codec: str, payloads: list[bytes], now: float) -> list[bytes]:
        payload_type = self.leg.payload_types[codec]
        packets = [
            Packet(payload_type, payload is payloads[-1], number, 0, 0, 0, b"", payload)
            for number, payload in enumerate(payloads)
        ]
        self._align(packets[0], now)
        return [data for packet in packets for data in self._send(packet, payload_type, None, now)]

    def _send(
        self, packet: Packet, payload_type: int, level: bytes | None, now: float
    ) -> list[bytes]:
        ahead = packet.sequence_number + self._number_offset - self._number & 0xFFFF
        # The next one, and nothing is missing: it is free, and nothing changes.
        if not (ahead == 1 and self._taken is ALL):
            if ahead > 0x7FFF:
                ahead -= 0x10000
            if not self._is_free(ahead):
                return []
        timestamp = packet.timestamp + self._time_offset & 0xFFFFFFFF
        number = self._number + ahead & 0xFFFF
        if ahead > 0:
            self._number += ahead
            self._timestamp, self._when = timestamp, now
        payload, second = packet.payload, payload_type | 0x80 if packet.marker else payload_type
        if level:
            head = self._head_with_level.write(second, number, timestamp, now, level[0])
        else:
            head = self._head.write(second, number, timestamp, now, 0)
        data = head + payload
        if self._keeps:
            self._sent[number % HISTORY] = data, now
        self.packets += 1
        self.bytes += len(payload)
        self.shows = True
        return [data]

    def _is_free(self, ahead: int) -> bool:
        """Takes the number that is so far ahead of the newest; False if that cannot be."""
        if ahead > 0:
            taken = (self._taken << min(ahead, HISTORY) | 1) & ALL
            self._taken = ALL if taken == ALL else taken
            return True
        bit = 1 << min(-ahead, HISTORY)
        if bit > ALL or self._taken & bit:
            return False
        self._taken |= bit
        return True
