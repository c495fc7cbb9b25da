"""
What a browser and we have agreed to, in the terms of inlets and outlets.

Payload types are told apart by the codec's name, header extensions by their URI: the
numbers differ from browser to browser. Sources: RFC 8843 (9.2), RFC 8285, RFC 4588 (8.1).
"""

from dataclasses import dataclass
from typing import Any

from core.media.inlet import Format, Inlet
from core.media.outlet import Leg
from core.media.parts import Part

SDES = "urn:ietf:params:rtp-hdrext:"
MID, LEVEL = SDES + "sdes:mid", SDES + "ssrc-audio-level"
SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"


@dataclass(frozen=True)
class Way:
    """What a payload type of this connection leads to."""

    part: Part
    inlet: Inlet
    level_id: int | None
    send_time_id: int | None


def ways(part: Part, parameters: Any) -> dict[int, Way]:
    """Where each payload type leads to that the browser may send in one m-line."""
    ids = {each.uri: each.id for each in parameters.headerExtensions}
    inlet = Inlet(_formats(parameters.codecs), repairs_lost=part is Part.PICTURE)
    way = Way(part, inlet, ids.get(LEVEL), ids.get(SEND_TIME))
    return dict.fromkeys(inlet.formats, way)


def _formats(codecs: list[Any]) -> dict[int, Format]:
    """What each payload type means; a retransmission of nothing means nothing."""
    media = {each.payloadType: each for each in codecs if each.name != "rtx"}
    formats = {number: Format(each.name, each.clockRate) for number, each in media.items()}
    for each in codecs:
        apt = each.parameters.get("apt")
        if each.name == "rtx" and apt in media:
            formats[each.payloadType] = Format(each.name, each.clockRate, apt)
    return formats


def leg(ssrc: int, rtx_ssrc: int, parameters: Any) -> Leg:
    """How packets for this browser look in one m-line."""
    ids = {each.uri: each.id for each in parameters.headerExtensions}
    media = [codec for codec in parameters.codecs if codec.name != "rtx"]
    repairs = [codec for codec in parameters.codecs if codec.name == "rtx"]
    payload_types: dict[str, int] = {}  # of each codec the first, the one liked best
    for codec in media:
        payload_types.setdefault(codec.name, codec.payloadType)
    return Leg(
        ssrc=ssrc,
        rtx_ssrc=rtx_ssrc,
        payload_types=payload_types,
        rtx_payload_types={each.parameters["apt"]: each.payloadType for each in repairs},
        clock_rate=media[0].clockRate,
        mid=parameters.muxId.encode(),
        mid_id=ids.get(MID),
        send_time_id=ids.get(SEND_TIME),
        level_id=ids.get(LEVEL),
    )
