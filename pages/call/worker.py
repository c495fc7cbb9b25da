"""
Our end of one browser's connection: streamlit-webrtc's worker around a `core.media` line.

The only module that knows streamlit_webrtc, and the only one that touches its private names;
`prepare` says at start whether they are still there. Its browser end is not used (decision 18).
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import streamlit_webrtc.webrtc
import structlog
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context_attr import (
    SCRIPT_RUN_CONTEXT_ATTR_NAME,
)
from streamlit_webrtc.webrtc import SignallingTimeoutError, WebRtcMode, WebRtcWorker

from core.media import compiled
from core.media.rooms.line import Line
from core.media.transport import loop, offer, private_names
from core.media.transport.connection import Closed, Connection
from core.media.transport.private_names import LibraryChanged
from pages.tabs import refusals

SECONDS = 10.0  # for an answer; it takes some milliseconds
_REPLACED = "RTCPeerConnection"
# In place of aiortc's MediaRelay, which decodes: using it fails at once.
_NO_RELAY = object()
# Workers stop one after the other: each waits a little for threads of its own.
_stopping = ThreadPoolExecutor(1, "worker stops")
_connection: ContextVar[Connection] = ContextVar("connection")
log = structlog.get_logger()


def prepare() -> None:
    """Once at start: refuse when streamlit-webrtc no longer has the names replaced here."""
    if not hasattr(streamlit_webrtc.webrtc, _REPLACED):
        raise LibraryChanged(f"streamlit-webrtc has changed: {_REPLACED}")
    private_names.check()
    compiled.check()
    # Ours is there before its worker: it has been read and made where it costs no talk a moment.
    setattr(streamlit_webrtc.webrtc, _REPLACED, lambda _configuration: _connection.get())


@contextmanager
def _given(connection: Connection) -> Iterator[None]:
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


def _this_session() -> Session | None:
    run = get_script_run_ctx(suppress_warning=True)
    return Session(run.session_id, run.page_script_hash) if run else None


class Worker(WebRtcWorker[Any, Any]):
    """streamlit-webrtc's, around a connection of ours; its session's end ends the connection."""

    pc: Connection  # type: ignore[assignment]  # ours stands in for aiortc's

    def stop(self, timeout: float | None = 1.0) -> None:
        # First: what comes after it may fail half way, such as when an offer has just begun.
        _on_the_media_loop(self.pc.shut)
        super().stop(timeout)


def _on_the_media_loop(deed: Callable[[], None]) -> None:
    with suppress(RuntimeError):  # the server is going down, and everything with it
        loop.current().call_soon_threadsafe(deed)


class End:
    """
    Our end of one line: the owner of its connection.

    Every offer gets a connection of its own, and only the newest one lives. Made and kept by a
    script run, whose session ends it; asked from the doors' threads, one at a time.
    """

    def __init__(self, line: Line, session: Session | None = None) -> None:
        self.line = line
        self.worker: Worker | None = None
        self._lock = threading.Lock()
        self._session = session or _this_session()
        line.release = self.stop

    def beside(self, line: Line) -> "End":
        """Our end of one more line of the same tab."""
        return End(line, self._session)

    def answer(self, sdp: str) -> str:
        """Our answer to the browser's offer."""
        try:
            connection = Connection(self.line, offer.read(sdp), loop.port())
        except offer.UnusualOffer as problem:
            log.info("offer refused", kind=str(problem))
            raise refusals.Malformed from problem
        worker = self._begin(connection)
        with ExitStack() as otherwise:  # on whatever other path, it ends here
            otherwise.callback(self._drop, worker)
            try:
                worker.process_offer(sdp, "offer", timeout=SECONDS)
            except SignallingTimeoutError as late:
                raise refusals.Busy from late
            except Closed as over:  # by a newer offer, or its page has gone meanwhile
                overtaken = self.worker not in (worker, None)
                raise (refusals.Superseded if overtaken else refusals.NotAllowed) from over
            if self.worker is not worker:
                raise refusals.Superseded
            if self.line.closed:  # while the answer was being made
                raise refusals.NotAllowed
            otherwise.pop_all()
        return connection.answer

    def stop(self) -> None:
        """Nothing comes from or goes to this browser any more until it offers again."""
        self._replace(None)

    def _begin(self, connection: Connection) -> Worker:
        """A new worker in place of the older one, which is stopped."""
        # In a thread that belongs to the page's session: with the session, the worker ends.
        with ThreadPoolExecutor(1) as inside:
            worker = inside.submit(self._made, connection).result()
        connection.on_closed = partial(self._over, worker)
        self._replace(worker)
        return worker

    def _over(self, worker: Worker) -> None:
        """Its connection has ended; called on the media loop."""
        self._forget(worker)
        with suppress(RuntimeError):  # the server is going down
            _stopping.submit(worker.stop)

    def _drop(self, worker: Worker) -> None:
        self._forget(worker)
        _on_the_media_loop(worker.pc.shut)

    def _forget(self, worker: Worker) -> None:
        """Unless a newer one has taken its place."""
        with self._lock:
            if self.worker is worker:
                self.worker = None

    def _replace(self, worker: Worker | None) -> None:
        with self._lock:
            older, self.worker = self.worker, worker
        if older is not None:
            _on_the_media_loop(older.pc.shut)

    def _made(self, connection: Connection) -> Worker:
        setattr(threading.current_thread(), SCRIPT_RUN_CONTEXT_ATTR_NAME, self._session)
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
