"""
Reading a browser's offer: a small grammar of our own, in time that grows with its bytes only.

Of an offer we want whom it is from (ICE, DTLS) and, of each m-line, what it is, how the browser
numbers the few codecs and header extensions we use, and which way media goes. A line that the
grammar does not know or cannot read is passed over; an offer that lacks what we need, or has what
no page of ours sends, is refused. Candidates are passed over, too: the server never sends to an
address that a browser names (`ice`). Knows no connection and no socket.
Sources: RFC 8866 (5, 9), RFC 8839 (5.4), RFC 8842 (5), RFC 9143 (7), RFC 8285, RFC 4585 (4.2),
RFC 5761 and 5506 (RTCP beside RTP, and in parts).
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from core.media.packets.parts import Part

MOST_BYTES = 60_000  # four pictures and four sounds make 40,000
LARGEST_PAYLOAD_TYPE, MOST_CODECS = 127, 16  # of an m-line, and of ours; browsers have six
MOST_LINES = 2_000  # these have 900
MOST_MEDIA = 8  # m-lines: one's own picture and sound, and those of three others
SENT = Counter({Part.PICTURE: 1, Part.SOUND: 1})
RECEIVED = Counter({Part.PICTURE: 3, Part.SOUND: 3})  # of the third person, the fourth, …
SDES = "urn:ietf:params:rtp-hdrext:"
MID, LEVEL = SDES + "sdes:mid", SDES + "ssrc-audio-level"
SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
EXTENSIONS = {Part.PICTURE: (MID, SEND_TIME), Part.SOUND: (MID, LEVEL)}
CODECS = {
    Part.PICTURE: {"vp8": ("VP8", 90_000), "h264": ("H264", 90_000), "rtx": ("rtx", 90_000)},
    Part.SOUND: {"opus": ("opus", 48_000)},
}
FEEDBACK = ("nack", "nack pli", "goog-remb")
KINDS = {"audio": Part.SOUND, "video": Part.PICTURE}
# Whether the browser sends, and whether it receives.
DIRECTIONS = {
    "sendrecv": (True, True),
    "sendonly": (True, False),
    "recvonly": (False, True),
    "inactive": (False, False),
}
CHARACTER = r"[!#-'*+\-.0-9A-Z^-~]"
_UFRAG, _PWD = re.compile(r"[A-Za-z0-9+/]{4,256}"), re.compile(r"[A-Za-z0-9+/]{22,256}")
_MID = re.compile(rf"{CHARACTER}{{1,16}}")
_FINGERPRINT = re.compile(r"(sha-256|sha-384|sha-512) ([0-9A-F]{2}(?::[0-9A-F]{2})*)", re.I | re.A)
_DIGESTS = {"sha-256": 32, "sha-384": 48, "sha-512": 64}
_MEDIA = re.compile(r"(audio|video) [0-9]{1,5} UDP/TLS/RTP/SAVPF((?: [0-9]{1,3}){1,128})")
_RTPMAP = re.compile(rf"([0-9]{{1,3}}) ({CHARACTER}{{1,32}})/([0-9]{{1,6}})(?:/([0-9]{{1,2}}))?")
_BUNDLE = re.compile(rf"BUNDLE((?: {CHARACTER}{{1,16}}){{1,8}})")
_FORMAT = re.compile(r"([0-9]{1,3}|\*) ([ -~]{1,400})")
_EXTENSION = re.compile(r"([0-9]{1,2})(?:/[a-z]{1,8})? (\S{1,200})")
_FLAGS = ("rtcp-mux", "rtcp-rsize")
_ONCE = {"ice-ufrag", "ice-pwd", "fingerprint", "setup", "mid", "group"}
SETUPS = ("actpass", "active", "passive")


class UnusualOffer(ValueError):
    """Not what our page sends."""


@dataclass(frozen=True)
class Codec:
    """What a payload type of the browser means; `repairs` is set for a retransmission (RTX)."""

    payload_type: int
    name: str
    clock_rate: int
    format: str  # its a=fmtp, as the browser wrote it
    feedback: tuple[str, ...]  # of ours, what the browser understands of it
    repairs: int | None = None


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


@dataclass
class _Section:
    """One m-line, or what stands before the first: the lines of it that the grammar knows."""

    media: str = ""
    direction: str = "sendrecv"
    once: dict[str, str] = field(default_factory=dict)  # the first of each counts
    rtpmap: dict[int, tuple[str, int]] = field(default_factory=dict)
    formats: dict[int, str] = field(default_factory=dict)
    feedback: set[tuple[str, str]] = field(default_factory=set)  # payload type or "*", what
    extensions: dict[str, int] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)

    def take(self, name: str, value: str) -> None:
        """One line `a=name:value`; what is not known changes nothing."""
        if name in _ONCE:
            self.once.setdefault(name, value)
        elif name in DIRECTIONS:
            self.direction = name
        elif name in _FLAGS:
            self.flags.add(name)
        elif name == "rtpmap" and (found := _RTPMAP.fullmatch(value)):
            number = int(found[1])
            if number in self.rtpmap:
                raise UnusualOffer("a payload type twice")
            self.rtpmap[number] = (found[2].lower(), int(found[3]))
        elif name == "fmtp" and (found := _FORMAT.fullmatch(value)) and found[1] != "*":
            self.formats.setdefault(int(found[1]), found[2])
        elif name == "rtcp-fb" and (found := _FORMAT.fullmatch(value)) and found[2] in FEEDBACK:
            self.feedback.add((found[1], found[2]))
        elif name == "extmap" and (found := _EXTENSION.fullmatch(value)):
            self.extensions.setdefault(found[2], int(found[1]))


def read(sdp: str) -> Offer:
    """What the offer says; raises UnusualOffer."""
    if len(sdp) > MOST_BYTES or sdp.count("\n") > MOST_LINES:
        raise UnusualOffer("too long")
    session, *sections = _sections(sdp)
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


def _sections(sdp: str) -> list[_Section]:
    """The lines before the first m-line, and those of each."""
    sections = [_Section()]
    for line in sdp.replace("\r\n", "\n").split("\n"):
        if line.startswith("a="):
            name, _, value = line[2:].partition(":")
            sections[-1].take(name, value)
        elif line.startswith("m="):
            if len(sections) > MOST_MEDIA:
                raise UnusualOffer("too many m-lines")
            sections.append(_Section(line[2:]))
    return sections


def _media(section: _Section) -> Media:
    found = _MEDIA.fullmatch(section.media)
    if found is None:
        raise UnusualOffer("neither picture nor sound")
    part, liked = KINDS[found[1]], [int(number) for number in found[2].split()]
    if len(set(liked)) < len(liked):
        raise UnusualOffer("a payload type twice")
    sends, receives = DIRECTIONS[section.direction]
    ids = {uri: section.extensions[uri] for uri in EXTENSIONS[part] if uri in section.extensions}
    mid, codecs = _matched(_MID, section.once, "mid")[0], _codecs(part, section, liked)
    if not codecs:
        raise UnusualOffer("no codec of ours")
    if "rtcp-mux" not in section.flags:
        raise UnusualOffer("RTCP apart from RTP")
    return Media(part, mid, sends, receives, codecs, ids, "rtcp-rsize" in section.flags)


def _codecs(part: Part, section: _Section, liked: list[int]) -> tuple[Codec, ...]:
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
