"""What of a person is forwarded."""

from enum import Enum


class Part(Enum):
    PICTURE = "picture"
    SOUND = "sound"
