"""
What a browser and we have agreed to, in the terms of inlets and outlets.

Payload types are told apart by the codec's name, header extensions by their URI: the
numbers differ from browser to browser. Sources: RFC 9143 (9.2), RFC 8285, RFC 4588 (8.1).
"""

import secrets
from dataclasses import dataclass

from core.media.packets.extensions import Finder
from core.media.packets.inlet import Format, Inlet
from core.media.packets.leg import Leg
from core.media.packets.parts import Part
from core.media.transport.offer import LEVEL, MID, SEND_TIME, Media


@dataclass(frozen=True)
class Way:
    """What a payload type of this connection leads to."""

    part: Part
    inlet: Inlet
    level: Finder
    send_time: Finder


def ways(media: Media) -> dict[int, Way]:
    """Where each payload type leads to that the browser may send in one m-line."""
    formats = {
        codec.payload_type: Format(codec.name, codec.clock_rate, codec.repairs)
        for codec in media.codecs
    }
    inlet = Inlet(formats, repairs_lost=media.part is Part.PICTURE)
    ids = media.extensions
    way = Way(media.part, inlet, Finder(ids.get(LEVEL)), Finder(ids.get(SEND_TIME)))
    return dict.fromkeys(formats, way)


def leg(media: Media, ssrc: int, rtx_ssrc: int) -> Leg:
    """How packets for this browser look in one m-line."""
    own = [codec for codec in media.codecs if codec.repairs is None]
    payload_types: dict[str, int] = {}  # of each codec the first, the one liked best
    for codec in own:
        payload_types.setdefault(codec.name, codec.payload_type)
    return Leg(
        ssrc=ssrc,
        rtx_ssrc=rtx_ssrc,
        payload_types=payload_types,
        rtx_payload_types={
            codec.repairs: codec.payload_type for codec in media.codecs if codec.repairs is not None
        },
        clock_rate=own[0].clock_rate,
        mid=media.mid.encode(),
        mid_id=media.extensions.get(MID),
        send_time_id=media.extensions.get(SEND_TIME),
        level_id=media.extensions.get(LEVEL),
    )


def ssrcs(count: int) -> list[tuple[int, int]]:
    """Two for each m-line: media, retransmission. No two are alike."""
    numbers: set[int] = set()
    while len(numbers) < 2 * count:
        numbers.add(secrets.randbits(32))
    given = list(numbers)
    return list(zip(given[::2], given[1::2], strict=True))
