"""
Reading a browser's offer: whom it is from, and what it wants of us.

Of an offer we want whom it is from (ICE, DTLS) and, of each m-line, what it is, how the browser
numbers the few codecs and header extensions we use, and which way media goes. One that lacks what
we need, or has what no page of ours sends, is refused. Knows no connection and no socket.
Sources: RFC 8866 (5, 9), RFC 8839 (5.4), RFC 8842 (5), RFC 9143 (7), RFC 8285,
RFC 5761 and 5506 (RTCP beside RTP, and in parts).
"""

import re
from collections import Counter
from dataclasses import dataclass

from core.media.packets.parts import Part
from core.media.transport.codecs import Codec, passed_on
from core.media.transport.sdp import CHARACTER, DIRECTIONS, Section, UnusualOffer, sections_of

MOST_BYTES = 60_000  # four pictures and four sounds make 40,000
MOST_LINES = 2_000  # these have 900
SENT = Counter({Part.PICTURE: 1, Part.SOUND: 1})
RECEIVED = Counter({Part.PICTURE: 3, Part.SOUND: 3})  # of the third person, the fourth, …
SDES = "urn:ietf:params:rtp-hdrext:"
MID, LEVEL = SDES + "sdes:mid", SDES + "ssrc-audio-level"
SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
EXTENSIONS = {Part.PICTURE: (MID, SEND_TIME), Part.SOUND: (MID, LEVEL)}
KINDS = {"audio": Part.SOUND, "video": Part.PICTURE}
_UFRAG, _PWD = re.compile(r"[A-Za-z0-9+/]{4,256}"), re.compile(r"[A-Za-z0-9+/]{22,256}")
_MID = re.compile(rf"{CHARACTER}{{1,16}}")
_FINGERPRINT = re.compile(r"(sha-256|sha-384|sha-512) ([0-9A-F]{2}(?::[0-9A-F]{2})*)", re.I | re.A)
_DIGESTS = {"sha-256": 32, "sha-384": 48, "sha-512": 64}
_MEDIA = re.compile(r"(audio|video) [0-9]{1,5} UDP/TLS/RTP/SAVPF((?: [0-9]{1,3}){1,128})")
_BUNDLE = re.compile(rf"BUNDLE((?: {CHARACTER}{{1,16}}){{1,8}})")
SETUPS = ("actpass", "active", "passive")


@dataclass(frozen=True)
class Media:
    """One m-line."""

    part: Part
    mid: str
    sends: bool  # the browser does
    receives: bool
    codecs: tuple[Codec, ...]  # those we can pass on; first what is used
    extensions: dict[str, int]  # URI: id
    takes_parts: bool = False  # RTCP need not begin with a report (RFC 5506)

    @property
    def repairs(self) -> bool:
        """Whether what is lost can be sent again (RTX)."""
        return any(codec.repairs is not None for codec in self.codecs)


@dataclass(frozen=True)
class Offer:
    """Everything we want to know of an offer."""

    ufrag: str
    fingerprint: tuple[str, str]  # algorithm, value
    setup: str  # the browser's: actpass, active or passive
    bundle: tuple[str, ...]  # the mids in one group; the first one's m-line speaks for all
    media: tuple[Media, ...]


def read(sdp: str) -> Offer:
    """What the offer says; raises UnusualOffer."""
    if len(sdp) > MOST_BYTES or sdp.count("\n") > MOST_LINES:
        raise UnusualOffer("too long")
    session, *sections = sections_of(sdp)
    media = tuple(_media(each) for each in sections)
    _refuse_more_than_a_talk(media)
    bundle = tuple(_matched(_BUNDLE, session.once, "group")[1].split())
    mids = {each.mid: section for each, section in zip(media, sections, strict=True)}
    if len(mids) < len(media) or sorted(bundle) != sorted(mids):
        raise UnusualOffer("not everything in one group")
    spoken = session.once | mids[bundle[0]].once
    _matched(_PWD, spoken, "ice-pwd")  # for checks of ours, and we make none
    setup = spoken.get("setup", "")
    if setup not in SETUPS:
        raise UnusualOffer("setup")
    ufrag = _matched(_UFRAG, spoken, "ice-ufrag")[0]
    return Offer(ufrag, _fingerprint(spoken), setup, bundle, media)


def _media(section: Section) -> Media:
    found = _MEDIA.fullmatch(section.media)
    if found is None:
        raise UnusualOffer("neither picture nor sound")
    part, liked = KINDS[found[1]], [int(number) for number in found[2].split()]
    if len(set(liked)) < len(liked):
        raise UnusualOffer("a payload type twice")
    sends, receives = DIRECTIONS[section.direction]
    ids = {uri: section.extensions[uri] for uri in EXTENSIONS[part] if uri in section.extensions}
    mid, codecs = _matched(_MID, section.once, "mid")[0], passed_on(part, section, liked)
    if not codecs:
        raise UnusualOffer("no codec of ours")
    if "rtcp-mux" not in section.flags:
        raise UnusualOffer("RTCP apart from RTP")
    return Media(part, mid, sends, receives, codecs, ids, "rtcp-rsize" in section.flags)


def _refuse_more_than_a_talk(media: tuple[Media, ...]) -> None:
    """Refuse more than one picture and one sound of one's own, and of a few others."""
    sent = Counter(each.part for each in media if each.sends)
    received = Counter(each.part for each in media if not each.sends)
    if not media or not sent <= SENT or not received <= RECEIVED:
        raise UnusualOffer("other media than one picture and one sound, and those of others")


def _fingerprint(spoken: dict[str, str]) -> tuple[str, str]:
    found = _matched(_FINGERPRINT, spoken, "fingerprint")
    if len(found[2]) != 3 * _DIGESTS[found[1].lower()] - 1:
        raise UnusualOffer("fingerprint")
    return found[1].lower(), found[2].upper()


def _matched(shape: re.Pattern[str], spoken: dict[str, str], name: str) -> re.Match[str]:
    found = shape.fullmatch(spoken.get(name, ""))
    if found is None:
        raise UnusualOffer(name)
    return found
