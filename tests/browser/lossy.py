"""
`streamlit run`, on a network that loses packets.

`python -m tests.browser.lossy run app.py …`: each encrypted packet of media is dropped with
a chance where it reaches the relay, and again with the same chance where it leaves it, so
that both legs lose. The chance stands in the file named by LOSS and may change at any time.
"""

import os
import random
import struct
from collections.abc import Callable
from pathlib import Path

from core.media.transport.incoming import Incoming
from core.media.transport.outgoing import Outgoing

RECORD = "LOSS"
SEED = 4
CHANCE = struct.Struct("d")


class Loss:
    """How much gets lost; written by a test, read for each packet."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if not os.fstat(self._file).st_size:
            self.set(0.0)

    def set(self, chance: float) -> None:
        os.pwrite(self._file, CHANCE.pack(chance), 0)

    def get(self) -> float:
        [chance] = CHANCE.unpack(os.pread(self._file, CHANCE.size, 0))
        return float(chance)


def install(loss: Loss) -> None:
    """From now on packets get lost, both ways."""
    chance = random.Random(SEED)
    take, send = Incoming.take, Outgoing._send

    def takes(self: Incoming, datagram: bytes, now: float) -> bool:
        return chance.random() >= loss.get() and take(self, datagram, now)

    def sends(self: Outgoing, data: bytes, protect: Callable[[bytes], bytes]) -> None:
        if chance.random() >= loss.get():
            send(self, data, protect)

    Incoming.take = takes  # type: ignore[method-assign]  # the purpose
    Outgoing._send = sends  # type: ignore[method-assign]  # the purpose


def main() -> None:
    install(Loss(Path(os.environ[RECORD])))
    from streamlit.web.cli import main as streamlit  # noqa: PLC0415  (the network comes first)

    streamlit(prog_name="streamlit")


if __name__ == "__main__":
    main()
