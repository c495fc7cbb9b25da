"""
Offers: what a browser's would be, and the worst that fit into one request.

Text only; knows no connection and no server. `worst` is by what has cost a reader of offers
most: everything that is multiplied by something else, and everything that is only long.
Source: RFC 8866 (5.14, 6.6), RFC 8839 (5.1), RFC 4585 (4.2).
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, cycle

LARGEST = 59_000  # bytes of a request that POST /signal still reads
END = "\r\n"
SDES = "urn:ietf:params:rtp-hdrext:sdes:mid"
LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
OPUS, VP8, RTX = 111, 96, 97
SOUND_SSRC, PICTURE_SSRC, RTX_SSRC = 11111, 22222, 33333
CODECS = {
    "audio": [f"a=rtpmap:{OPUS} opus/48000/2", f"a=fmtp:{OPUS} minptime=10;useinbandfec=1"],
    "video": [
        f"a=rtpmap:{VP8} VP8/90000",
        *(f"a=rtcp-fb:{VP8} {kind}" for kind in ("goog-remb", "ccm fir", "nack", "nack pli")),
        f"a=rtpmap:{RTX} rtx/90000",
        f"a=fmtp:{RTX} apt={VP8}",
    ],
}
EXTENSIONS = {
    "audio": [f"a=extmap:14 {LEVEL}", f"a=extmap:9 {SDES}"],
    "video": [f"a=extmap:2 {SEND_TIME}", f"a=extmap:9 {SDES}"],
}
SSRCS = {
    "audio": [f"a=ssrc:{SOUND_SSRC} cname:c"],
    "video": [
        f"a=ssrc-group:FID {PICTURE_SSRC} {RTX_SSRC}",
        f"a=ssrc:{PICTURE_SSRC} cname:c",
        f"a=ssrc:{RTX_SSRC} cname:c",
    ],
}
PAYLOAD_TYPES = {"audio": [OPUS], "video": [VP8, RTX]}
# Those that a reader of offers has no reason to refuse (RFC 5761, 4).
FREE_TYPES = [*range(35, 67), *range(96, 128)]
FORMAT = "packetization-mode=1;profile-level-id=42e0"
MOST_OTHERS = 3  # people and a screen, beside oneself


@dataclass
class Transport:
    """What every m-line says of the way to its browser."""

    ufrag: str = "siege"
    ice_pwd: str = "siege" * 5
    fingerprint: str = ":".join(["AA"] * 32)
    setup: str = "actpass"
    candidates: tuple[tuple[str, int], ...] = ()

    def lines(self) -> list[str]:
        return [
            "c=IN IP4 0.0.0.0",
            "a=rtcp:9 IN IP4 0.0.0.0",
            f"a=ice-ufrag:{self.ufrag}",
            f"a=ice-pwd:{self.ice_pwd}",
            "a=ice-options:trickle",
            f"a=fingerprint:sha-256 {self.fingerprint}",
            f"a=setup:{self.setup}",
            *(
                f"a=candidate:{number} 1 udp {2122260223 - number} {host} {port} typ host"
                for number, (host, port) in enumerate(self.candidates)
            ),
        ]


@dataclass
class Media:
    """One m-line; `more` is what an attacker adds."""

    kind: str
    mid: str
    transport: Transport
    receives_only: bool = False
    payload_types: list[int] = field(default_factory=list)
    more: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        numbers = " ".join(map(str, self.payload_types or PAYLOAD_TYPES[self.kind]))
        return [
            f"m={self.kind} 9 UDP/TLS/RTP/SAVPF {numbers}",
            *self.transport.lines(),
            f"a=mid:{self.mid}",
            "a=recvonly" if self.receives_only else "a=sendrecv",
            "a=rtcp-mux",
            *([] if self.receives_only else SSRCS[self.kind]),
            *([] if self.payload_types else [*EXTENSIONS[self.kind], *CODECS[self.kind]]),
            *self.more,
        ]


def written(parts: list[Media], bundle: str = "") -> str:
    names = bundle or " ".join(each.mid for each in parts)
    head = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", f"a=group:BUNDLE {names}"]
    return END.join([*head, *(line for each in parts for line in each.lines())]) + END


def parts(transport: Transport, others: int = 0) -> list[Media]:
    """The m-lines of a page: own picture and sound, and places for others."""
    own = [Media("video", "0", transport), Media("audio", "1", transport)]
    rest = (
        Media(kind, str(2 + 2 * place + number), transport, receives_only=True)
        for place in range(others)
        for number, kind in enumerate(("video", "audio"))
    )
    return [*own, *rest]


def honest(transport: Transport | None = None) -> str:
    """What a page offers."""
    return written(parts(transport or Transport(), others=1))


def size(line: str) -> int:
    """How many bytes of the request a line takes."""
    return len(json.dumps(line + END)) - 2


def _filled(made: list[Media], lines: Iterator[str], most: int | None = None) -> str:
    """As many of these lines as fit, in all m-lines by turns; at most so many in each."""
    free = LARGEST - sum(size(line) for line in written(made).splitlines())
    for part in cycle(made):
        line = next(lines)
        free -= size(line)
        if free < 0 or (most is not None and len(part.more) >= most):
            return written(made)
        part.more.append(line)
    return written(made)


def _few() -> list[Media]:
    return parts(Transport())


def _every(codecs: int = 0) -> list[Media]:
    """As many m-lines as a page may have, each with so many payload types."""
    made = parts(Transport(), MOST_OTHERS)
    for part in made:
        part.payload_types = FREE_TYPES[:codecs]
        name = "opus/48000/2" if part.kind == "audio" else "VP8/90000"
        part.more = [f"a=rtpmap:{number} {name}" for number in part.payload_types]
    return made


def _h264() -> str:
    """As many codecs that are known as there are numbers, each with a format of its own."""
    made = _every(64)
    for part in (each for each in made if each.kind == "video"):
        part.more = [
            line
            for number in part.payload_types
            for line in (f"a=rtpmap:{number} H264/90000", f"a=fmtp:{number} {FORMAT}{number:02X}")
        ]
    return _filled(made, cycle(["a=rtcp-fb:* nack"]), 128 + 100)


def _repairs() -> str:
    """One codec, and everything else repairs it."""
    made = _every(64)
    for part in (each for each in made if each.kind == "video"):
        first, *rest = part.payload_types
        part.more = [f"a=rtpmap:{first} VP8/90000"]
        part.more += [f"a=rtpmap:{number} rtx/90000" for number in rest]
        part.more += [f"a=fmtp:{number} apt={first}" for number in rest]
    return _filled(made, cycle(["a=rtcp-fb:* nack pli"]), 128 + 90)


def _at_every_limit() -> str:
    """Nothing is too many by itself: what the limits of an m-line allow, in every one."""
    made = _every(60)
    for part in made:
        part.more += [f"a=extmap:{number} x:{number}" for number in range(1, 15)]
        part.more += [f"a=ssrc:{number} cname:c" for number in range(20)]
        part.more += [f"a=fmtp:{number} apt=35" for number in FREE_TYPES[:60]]
    return _filled(made, (f"a=rtcp-fb:* {number}" for number in count()), 154 + 200)


def _long(before: str, more: str, after: str = "") -> str:
    """One line as long as can be."""
    made = _few()
    free = LARGEST - sum(size(line) for line in written(made).splitlines())
    times = (free - size(before + after)) // (len(json.dumps(more)) - 2)
    made[0].more.append(before + more * times + after)
    return written(made)


def _many_media() -> str:
    made = [Media("audio", str(number), Transport(), payload_types=[0]) for number in range(180)]
    return written(made)


def _bare_media() -> str:
    lines = LARGEST // size("m=audio 9 RTP/SAVPF 0") - 20
    return END.join(["v=0", *["m=audio 9 RTP/SAVPF 0"] * lines]) + END


def _many_payload_types() -> str:
    made = _few()
    made[0].payload_types = FREE_TYPES * 300
    return written(made)


def _long_bundle() -> str:
    return written(_few(), " ".join(map(str, range(10_000))))


def _long_name() -> str:
    return written(parts(Transport(ufrag="x" * 29_000)))


def _numbered(pattern: str) -> Callable[[], str]:
    return lambda: _filled(_few(), (pattern.format(n=number) for number in count()))


WORST: dict[str, Callable[[], str]] = {
    "feedback for every type": lambda: _filled(_every(64), cycle(["a=rtcp-fb:* goog-remb"]), 264),
    "feedback in fewer lines": lambda: _filled(_every(64), cycle(["a=rtcp-fb:* nack pli"]), 220),
    "formats": _h264,
    "repairs": _repairs,
    "every limit": _at_every_limit,
    "rtcp-fb": lambda: _filled(_every(64)[:2], cycle(["a=rtcp-fb:* goog-remb"])),
    "rtpmap": _numbered("a=rtpmap:{n} VP8/90000"),
    "fmtp": _numbered("a=fmtp:96 a{n}={n};b={n}"),
    "fmtp in one line": lambda: _long("a=fmtp:96 ", "a=1;"),
    "extmap": _numbered("a=extmap:{n} urn:x:{n}"),
    "candidate": _numbered("a=candidate:{n} 1 udp 1 127.0.1.1 {n} typ host"),
    "ssrc": _numbered("a=ssrc:{n} cname:c"),
    "ssrc-group": lambda: _long("a=ssrc-group:FID ", "1 "),
    "fingerprint": _numbered("a=fingerprint:sha-256 " + ":".join(["BB"] * 32)),
    "one long line": lambda: _long("a=x:", "x"),
    "one line of blanks": lambda: _long("a=candidate:", " ", "x"),
    "many m-lines": _many_media,
    "bare m-lines": _bare_media,
    "payload types": _many_payload_types,
    "bundle": _long_bundle,
    "ufrag": _long_name,
}


def worst() -> dict[str, str]:
    """The worst offers, by what they are made of."""
    return {name: make() for name, make in WORST.items()}


def attribute(answer: str, name: str) -> str:
    """The first value of an attribute in an answer."""
    start = f"a={name}:"
    values = (line[len(start) :] for line in answer.splitlines() if line.startswith(start))
    return next(values, "")


def address(answer: str) -> tuple[str, int]:
    """Where the answer says that packets go to."""
    fields = attribute(answer, "candidate").split()
    return fields[4], int(fields[5])


def ssrcs(answer: str) -> list[int]:
    """What the server sends as, in the order of the answer."""
    named = (line for line in answer.splitlines() if line.startswith("a=ssrc:"))
    return list(dict.fromkeys(int(line[7:].split()[0]) for line in named))
