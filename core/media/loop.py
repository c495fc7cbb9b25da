"""
The event loop of all media, in a thread of its own.

Streamlit's loop takes what people and attackers send to the pages; a talk must not wait for
that (decision 16, make flood). Knows neither rooms nor packets.
"""

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from core.media import ice

try:
    from uvloop import new_event_loop
except ImportError:  # there is none for Windows
    from asyncio import new_event_loop  # type: ignore[assignment]  # both make a loop

_current: asyncio.AbstractEventLoop | None = None


@contextlib.contextmanager
def running() -> Iterator[None]:
    """In here `current()` runs."""
    global _current
    loop = _current = ice.on_our_ports(new_event_loop())
    thread = threading.Thread(target=loop.run_forever, name="media", daemon=True)
    thread.start()
    try:
        yield
    finally:
        # Stopped, not closed: streamlit-webrtc still closes its connections on it.
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def current() -> asyncio.AbstractEventLoop:
    """The loop that connections belong to."""
    if _current is None:
        raise RuntimeError("the media loop does not run: core.media.loop.running()")
    return _current
