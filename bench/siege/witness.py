"""
A process that has nothing to do with the app: how late the machine lets it have its turn.

It only sleeps, and is at the same priority as the server. What it notices is the machine: other
work on it, a host that takes a core away, and the attacker, as far as that is not held back. Sound
that is lost while the witness is late too says little about the server.
"""

import gc
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection

EVERY = 0.005  # seconds
NOTED = 0.005


@dataclass(frozen=True)
class Late:
    """A turn that came too late: when it came (monotonic), and by how many seconds."""

    at: float
    seconds: float


def run(told: Connection) -> None:
    """The process: until something is said, then tell."""
    gc.disable()
    late: list[Late] = []
    while not told.poll():
        due = time.monotonic() + EVERY
        time.sleep(EVERY)
        now = time.monotonic()
        if now - due > NOTED:
            late.append(Late(now, now - due))
    told.send(late)
