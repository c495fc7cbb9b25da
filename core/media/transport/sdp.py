"""
The lines of a browser's offer: a grammar of our own, in time that grows with its bytes only.

What a line says is kept by its m-line; a line that the grammar does not know or cannot read is
passed over. Candidates are passed over, too: the server never sends to an address that a browser
names (`ice`). Knows not what is needed or allowed of all that.
Sources: RFC 8866 (5, 9), RFC 8285, RFC 4585 (4.2).
"""

import re
from dataclasses import dataclass, field

MOST_MEDIA = 8  # m-lines: one's own picture and sound, and those of three others
FEEDBACK = ("nack", "nack pli", "goog-remb")
# Whether the browser sends, and whether it receives.
DIRECTIONS = {
    "sendrecv": (True, True),
    "sendonly": (True, False),
    "recvonly": (False, True),
    "inactive": (False, False),
}
CHARACTER = r"[!#-'*+\-.0-9A-Z^-~]"
_RTPMAP = re.compile(rf"([0-9]{{1,3}}) ({CHARACTER}{{1,32}})/([0-9]{{1,6}})(?:/([0-9]{{1,2}}))?")
_FORMAT = re.compile(r"([0-9]{1,3}|\*) ([ -~]{1,400})")
_EXTENSION = re.compile(r"([0-9]{1,2})(?:/[a-z]{1,8})? (\S{1,200})")
_FLAGS = ("rtcp-mux", "rtcp-rsize")
_ONCE = {"ice-ufrag", "ice-pwd", "fingerprint", "setup", "mid", "group"}


class UnusualOffer(ValueError):
    """Not what our page sends."""


@dataclass
class Section:
    """One m-line, or what stands before the first: what the lines of it say."""

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


def sections_of(sdp: str) -> list[Section]:
    """The lines before the first m-line, and those of each."""
    found = [Section()]
    for line in sdp.replace("\r\n", "\n").split("\n"):
        if line.startswith("a="):
            name, _, value = line[2:].partition(":")
            found[-1].take(name, value)
        elif line.startswith("m="):
            if len(found) > MOST_MEDIA:
                raise UnusualOffer("too many m-lines")
            found.append(Section(line[2:]))
    return found
