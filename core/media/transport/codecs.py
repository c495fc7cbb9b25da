"""
Which codecs of one m-line we can pass on, and how the browser numbers them.

VP8, H.264 in the form that every browser can decode, Opus, and the retransmission of each. Knows
neither the rest of the offer nor a packet. Sources: RFC 4588 (8), RFC 6184 (8.1).
"""

import re
from dataclasses import dataclass

from core.media.packets.parts import Part
from core.media.transport.sdp import FEEDBACK, Section

LARGEST_PAYLOAD_TYPE, MOST_CODECS = 127, 16  # of an m-line, and of ours; browsers have six
CODECS = {
    Part.PICTURE: {"vp8": ("VP8", 90_000), "h264": ("H264", 90_000), "rtx": ("rtx", 90_000)},
    Part.SOUND: {"opus": ("opus", 48_000)},
}


@dataclass(frozen=True)
class Codec:
    """What a payload type of the browser means; `repairs` is set for a retransmission (RTX)."""

    payload_type: int
    name: str
    clock_rate: int
    format: str  # its a=fmtp, as the browser wrote it
    feedback: tuple[str, ...]  # of ours, what the browser understands of it
    repairs: int | None = None


def passed_on(part: Part, section: Section, liked: list[int]) -> tuple[Codec, ...]:
    """Those of `liked` that we can pass on; a retransmission of nothing means nothing."""
    found: dict[int, Codec] = {}
    for number in liked:
        if len(found) == MOST_CODECS:
            break
        name, clock_rate = section.rtpmap.get(number, ("", 0))
        ours = CODECS[part].get(name)
        if number > LARGEST_PAYLOAD_TYPE or ours is None or ours[1] != clock_rate:
            continue
        said = section.formats.get(number, "")
        parameters = _parameters(said)
        repairs = _repaired(parameters) if name == "rtx" else None
        if name == "h264" and not _is_passed_on(parameters):
            continue
        if name == "rtx" and (repairs not in found or found[repairs].repairs is not None):
            continue
        heard = section.feedback
        feedback = tuple(
            each for each in FEEDBACK if (str(number), each) in heard or ("*", each) in heard
        )
        found[number] = Codec(number, *ours, said, feedback, repairs)
    # VP8 first, whatever the browser likes best: not every other browser can decode H.264.
    return tuple(sorted(found.values(), key=lambda each: _base(each, found).name != "VP8"))


def _base(codec: Codec, found: dict[int, Codec]) -> Codec:
    """The codec itself, or the one whose packets it sends again."""
    return codec if codec.repairs is None else found[codec.repairs]


def _parameters(said: str) -> dict[str, str]:
    pairs = (each.partition("=") for each in said.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _repaired(parameters: dict[str, str]) -> int | None:
    number = parameters.get("apt", "")
    return int(number) if re.fullmatch(r"[0-9]{1,3}", number) else None


def _is_passed_on(parameters: dict[str, str]) -> bool:
    """H.264 in the form that every browser can decode: baseline, whole units or parts of them."""
    baseline = parameters.get("profile-level-id", "").startswith("42")
    return baseline and parameters.get("packetization-mode") == "1"
