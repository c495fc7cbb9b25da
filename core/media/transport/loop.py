"""
The event loop of all media, in a thread of its own, and the one port on it.

Streamlit's loop takes what people and attackers send to the pages; a talk must not wait for
that (decision 16, make flood). Knows neither rooms nor packets.
"""

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from core.media.transport import addresses
from core.media.transport.port import Port

try:
    from uvloop import new_event_loop
except ImportError:  # there is none for Windows
    from asyncio import SelectorEventLoop as new_event_loop  # type: ignore[assignment]  # noqa: N813

GOODBYE_SECONDS = 5.0
_current: tuple[asyncio.AbstractEventLoop, Port] | None = None


@contextlib.contextmanager
def running() -> Iterator[None]:
    """In here `current()` runs and listens."""
    global _current
    port = addresses.port()  # first: it may be taken
    loop = new_event_loop()
    _current = loop, port
    loop.call_soon(port.open, loop)
    thread = threading.Thread(target=loop.run_forever, name="media", daemon=True)
    thread.start()
    try:
        yield
    finally:
        try:
            asyncio.run_coroutine_threadsafe(port.say_goodbye(), loop).result(GOODBYE_SECONDS)
        finally:
            loop.call_soon_threadsafe(port.close)
            # Stopped, not closed: streamlit-webrtc still closes its connections on it.
            loop.call_soon_threadsafe(loop.stop)
            thread.join()


def current() -> asyncio.AbstractEventLoop:
    """The loop that connections belong to."""
    return _running()[0]


def port() -> Port:
    """The port that connections are heard at."""
    return _running()[1]


def _running() -> tuple[asyncio.AbstractEventLoop, Port]:
    if _current is None:
        raise RuntimeError("the media loop does not run: core.media.transport.loop.running()")
    return _current
