"""
What a browser of ours offers, and nothing more. Knows no connection.

aiortc opens ports and threads for every line of media it is offered, and asks every
address it is given: one frame of a WebSocket could hold hundreds. Source: RFC 8866 (5.14),
RFC 8839 (5.1).
"""

from collections import Counter

MOST_CANDIDATES = 40  # a laptop with three networks has about ten


class UnusualOffer(ValueError):
    """Not what our page sends."""


def refuse_unusual(sdp: str) -> None:
    """Refuse more than one picture and one sound, and anything else than these."""
    lines = sdp.splitlines()
    kinds = Counter(line[2:].partition(" ")[0] for line in lines if line.startswith("m="))
    if not kinds or not kinds <= Counter(audio=1, video=1):
        raise UnusualOffer("other media than one picture and one sound")
    if sum(line.startswith("a=candidate:") for line in lines) > MOST_CANDIDATES:
        raise UnusualOffer("too many addresses")


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
