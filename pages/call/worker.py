"""
streamlit-webrtc's worker around a connection of ours: so the connection ends with its session.

The only module that knows streamlit_webrtc, and the only one that touches its private names;
`prepare` says at start whether they are still there. Its browser end is not used (decision 18).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, cast

import streamlit_webrtc.webrtc
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context_attr import (
    SCRIPT_RUN_CONTEXT_ATTR_NAME,
)
from streamlit_webrtc.webrtc import SignallingTimeoutError, WebRtcMode, WebRtcWorker

from core.media import compiled
from core.media.transport import loop, private_names
from core.media.transport.peer import Peer
from core.media.transport.private_names import LibraryChanged
from pages.tabs import refusals

SECONDS = 10.0  # for an answer; it takes some milliseconds
_REPLACED = "RTCPeerConnection"
# In place of aiortc's MediaRelay, which decodes: using it fails at once.
_NO_RELAY = object()
_connection: ContextVar[Peer] = ContextVar("connection")


def prepare() -> None:
    """Once at start: refuse when streamlit-webrtc no longer has the names replaced here."""
    if not hasattr(streamlit_webrtc.webrtc, _REPLACED):
        raise LibraryChanged(f"streamlit-webrtc has changed: {_REPLACED}")
    private_names.check()
    compiled.check()
    # Ours is there before its worker: it has been read and made where it costs no talk a moment.
    setattr(streamlit_webrtc.webrtc, _REPLACED, lambda _configuration: _connection.get())


@contextmanager
def _given(connection: Peer) -> Iterator[None]:
    """The worker that is made in here is made around this connection."""
    token = _connection.set(connection)
    try:
        yield
    finally:
        _connection.reset(token)


@dataclass(frozen=True)
class Session:
    """
    Whose page it is: all that a worker asks a script run for.

    The run itself would be kept with what it has drawn for as long as the page is open. A page of
    another hash would end the worker within a second.
    """

    session_id: str
    page_script_hash: str


def this_session() -> Session | None:
    run = get_script_run_ctx(suppress_warning=True)
    return Session(run.session_id, run.page_script_hash) if run else None


class Worker(WebRtcWorker[Any, Any]):
    """streamlit-webrtc's, around a connection of ours; its session's end ends the connection."""

    pc: Peer  # type: ignore[assignment]  # ours stands in for aiortc's

    def take(self, sdp: str) -> None:
        """The browser's offer; the answer is the connection's."""
        try:
            self.process_offer(sdp, "offer", timeout=SECONDS)
        except SignallingTimeoutError as late:
            raise refusals.Busy from late

    def shut(self) -> None:
        """End the connection, on the media loop."""
        with suppress(RuntimeError):  # the server is going down, and everything with it
            loop.current().call_soon_threadsafe(self.pc.shut)

    def stop(self, timeout: float | None = 1.0) -> None:
        # First: what comes after it may fail half way, such as when an offer has just begun.
        self.shut()
        super().stop(timeout)


def made(connection: Peer, session: Session | None) -> Worker:
    """A worker around this connection, in a thread that belongs to the page's session from here."""
    setattr(threading.current_thread(), SCRIPT_RUN_CONTEXT_ATTR_NAME, session)
    nothing = dict.fromkeys(_NOT_USED)
    with _given(connection):
        return Worker(
            mode=WebRtcMode.SENDRECV,
            rtc_configuration=None,
            # What is sent, the line says; and nothing is ever decoded.
            sendback_video=False,
            sendback_audio=False,
            async_processing=True,
            video_receiver_size=1,
            audio_receiver_size=1,
            loop=loop.current(),
            relay=cast(Any, _NO_RELAY),
            **cast(Any, nothing),
        )


_NOT_USED = (
    "source_video_track",
    "source_audio_track",
    "sink_video_track",
    "sink_audio_track",
    "player_factory",
    "in_recorder_factory",
    "out_recorder_factory",
    "video_frame_callback",
    "audio_frame_callback",
    "queued_video_frames_callback",
    "queued_audio_frames_callback",
    "on_video_ended",
    "on_audio_ended",
    "video_processor_factory",
    "audio_processor_factory",
)
