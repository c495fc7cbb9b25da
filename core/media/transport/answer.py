"""
Writing our answer to a browser's offer.

Everything the browser has not offered is left out; all m-lines share one transport, that of the
first mid in the browser's own group. Knows no connection: what it says of us comes in.
Sources: RFC 8866, RFC 8829 (5.3), RFC 9143 (7.3), RFC 8839 (5.1, 5.3), RFC 5576, RFC 4588 (8).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.media.packets.parts import Part
from core.media.transport.codecs import Codec
from core.media.transport.offer import Media, Offer
from core.media.transport.sdp import DIRECTIONS

# Ours to what the browser offers: the side that may choose begins the encryption (RFC 8842, 5.3).
SETUPS = {"actpass": "active", "passive": "active", "active": "passive"}
KINDS = {Part.PICTURE: "video", Part.SOUND: "audio"}
NAME = "beratungsraum"  # of our end (CNAME): the same for everybody
FEC = "useinbandfec=1"  # RFC 7587 (6.1)


@dataclass(frozen=True)
class Candidate:
    """An address of ours that the browser may send to."""

    host: str
    port: int


@dataclass(frozen=True)
class Ours:
    """What our end says of itself."""

    ufrag: str
    pwd: str
    fingerprint: tuple[str, str]  # algorithm, value
    candidates: Sequence[Candidate]  # the best first
    ssrcs: Sequence[tuple[int, int]]  # of each m-line: media, retransmission


def write(offer: Offer, ours: Ours) -> str:
    """The answer, as SDP."""
    lines = [
        "v=0",
        f"o=- {ours.ssrcs[0][0]} 1 IN IP4 0.0.0.0",  # any number that is new
        "s=-",
        "t=0 0",
        f"a=group:BUNDLE {' '.join(offer.bundle)}",
        "a=msid-semantic: WMS *",
        "a=ice-lite",
    ]
    for media, ssrcs in zip(offer.media, ours.ssrcs, strict=True):
        lines += _media(media, *ssrcs)
        lines += _transport(offer, ours)
    return "\r\n".join(lines) + "\r\n"


def _media(media: Media, ssrc: int, rtx_ssrc: int) -> Iterator[str]:
    kind = KINDS[media.part]
    numbers = " ".join(str(codec.payload_type) for codec in media.codecs)
    yield f"m={kind} 9 UDP/TLS/RTP/SAVPF {numbers}"
    yield "c=IN IP4 0.0.0.0"
    yield "a=rtcp:9 IN IP4 0.0.0.0"
    yield f"a=mid:{media.mid}"
    yield f"a={_direction(media)}"
    for uri, number in media.extensions.items():
        yield f"a=extmap:{number} {uri}"
    yield "a=rtcp-mux"
    if media.takes_parts:
        yield "a=rtcp-rsize"
    for codec in media.codecs:
        yield from _codec(codec)
    if media.receives:
        yield f"a=msid:{NAME} {kind}{media.mid}"
        if media.repairs:
            yield f"a=ssrc-group:FID {ssrc} {rtx_ssrc}"
        for each in (ssrc, rtx_ssrc) if media.repairs else (ssrc,):
            yield f"a=ssrc:{each} cname:{NAME}"


def _direction(media: Media) -> str:
    """What the browser sends we receive, and the other way round."""
    ours = (media.receives, media.sends)
    return next(name for name, way in DIRECTIONS.items() if way == ours)


def _codec(codec: Codec) -> Iterator[str]:
    channels = "/2" if codec.name == "opus" else ""
    yield f"a=rtpmap:{codec.payload_type} {codec.name}/{codec.clock_rate}{channels}"
    for each in codec.feedback:
        yield f"a=rtcp-fb:{codec.payload_type} {each}"
    if codec.repairs is not None:
        yield f"a=fmtp:{codec.payload_type} apt={codec.repairs}"
    elif codec.name == "H264":
        yield f"a=fmtp:{codec.payload_type} {codec.format}"
    elif FEC in codec.format.split(";"):  # a packet of sound may hold the one before once more
        yield f"a=fmtp:{codec.payload_type} {FEC}"


def _transport(offer: Offer, ours: Ours) -> Iterator[str]:
    """The same in every m-line: some ends read it in the first one, some in the last."""
    yield f"a=ice-ufrag:{ours.ufrag}"
    yield f"a=ice-pwd:{ours.pwd}"
    yield f"a=fingerprint:{' '.join(ours.fingerprint)}"
    yield f"a=setup:{SETUPS[offer.setup]}"
    for number, each in enumerate(ours.candidates):
        priority = 126 << 24 | (0xFFFF - number) << 8 | 255
        yield f"a=candidate:{number + 1} 1 udp {priority} {each.host} {each.port} typ host"
    yield "a=end-of-candidates"
