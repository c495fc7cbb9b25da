"""
What a browser of ours offers, and nothing more. Knows no connection.

aiortc opens ports and threads for every line of media it is offered, and asks every
address it is given: one frame of a WebSocket could hold hundreds. Source: RFC 8866 (5.14),
RFC 8839 (5.1).
"""

from collections import Counter
from itertools import pairwise

MOST_CANDIDATES = 40  # a laptop with three networks has about ten
SENT = Counter(audio=1, video=1)
# In one m-line. aiortc compares each rtcp-fb with each rtpmap, on the loop of all talks; a browser
# has half as many at most.
MOST = {"a=rtpmap:": 64, "a=rtcp-fb:": 200, "a=fmtp:": 64, "a=extmap:": 32, "a=ssrc:": 32}
RECEIVED = Counter(audio=3, video=3)  # of the third person, the fourth, …


class UnusualOffer(ValueError):
    """Not what our page sends."""


def refuse_unusual(sdp: str) -> None:
    """Refuse more than one picture and one sound of one's own, and of a few others."""
    lines = sdp.splitlines()
    sent, received = _media(lines)
    if not sent + received:
        raise UnusualOffer("no media")
    if not sent <= SENT or not received <= RECEIVED:
        raise UnusualOffer("other media than one picture and one sound, and those of others")
    if sum(line.startswith("a=candidate:") for line in lines) > MOST_CANDIDATES:
        raise UnusualOffer("too many addresses")
    for part in _parts(lines):
        _refuse_long(part)


def _refuse_long(part: list[str]) -> None:
    """Refuse an m-line that takes long to read."""
    for start, most in MOST.items():
        if sum(line.startswith(start) for line in part) > most:
            raise UnusualOffer(f"too many {start}")
    numbers = [line.split(" ")[0] for line in part if line.startswith("a=rtpmap:")]
    if len(set(numbers)) < len(numbers):
        raise UnusualOffer("a payload type twice")


def _parts(lines: list[str]) -> list[list[str]]:
    """The lines of each m-line."""
    starts = [number for number, line in enumerate(lines) if line.startswith("m=")]
    return [lines[start:end] for start, end in pairwise([*starts, len(lines)])]


def _media(lines: list[str]) -> tuple[Counter[str], Counter[str]]:
    """How many of which kind the browser may send, and how many it only receives."""
    sent, received = Counter[str](), Counter[str]()
    for part in _parts(lines):
        counted = received if "a=recvonly" in part else sent
        counted[part[0][2:].partition(" ")[0]] += 1
    return sent, received


def without_names(sdp: str) -> str:
    """
    The offer without the addresses that are not usable.

    Nor does it say that these are all: a browser that names none we can ask will ask us.
    """
    lines = (line for line in sdp.splitlines() if line != "a=end-of-candidates")
    return "".join(f"{line}\r\n" for line in lines if not _is_a_name(line))


def _is_a_name(line: str) -> bool:
    parts = line.split()
    return line.startswith("a=candidate:") and len(parts) > 4 and not is_usable(parts[4])


def is_usable(address: str) -> bool:
    """Whether it is worth asking: a .local name is only known in the browser's own network."""
    return not address.lower().endswith(".local")
