"""What of a person is forwarded."""

from enum import Enum


class Part(Enum):
    PICTURE = "picture"
    SOUND = "sound"

    # A member is only ever itself. Enum's own hash is Python code, several times a packet.
    __hash__ = object.__hash__
