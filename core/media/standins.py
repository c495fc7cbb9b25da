"""What stands in a connection in place of a source of media. Knows no line and no room."""

import asyncio
from typing import Any

from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError


class Silence(MediaStreamTrack):
    """Stands for what a line sends; has nothing to send of its own."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self._over = asyncio.Event()

    async def recv(self) -> Any:
        await self._over.wait()
        raise MediaStreamError

    def stop(self) -> None:
        super().stop()
        self._over.set()
