"""What stands in a connection in place of aiortc's own parts. Knows no line and no room."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import pylibsrtp
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


class Unlocking:
    """Decrypts for aiortc, which ends a connection on what does not fit or only loses count."""

    def __init__(self, session: Any, dropped: Counter[str]) -> None:
        self._session, self._dropped = session, dropped

    def unprotect(self, data: bytes) -> bytes:
        return self._read(self._session.unprotect, data)

    def unprotect_rtcp(self, data: bytes) -> bytes:
        return self._read(self._session.unprotect_rtcp, data)

    def _read(self, how: Callable[[bytes], bytes], data: bytes) -> bytes:
        try:
            return how(data)
        except (pylibsrtp.Error, ValueError):
            self._dropped["not decrypted"] += 1
            raise pylibsrtp.Error from None
