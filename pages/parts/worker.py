"""
Our end of one browser's connection: streamlit-webrtc's worker around a `core.media` line.

The only module that knows streamlit_webrtc, and the only one that touches its private names;
`prepare` says at start whether they are still there. Its browser end is not used (decision 18).
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

import streamlit_webrtc.webrtc
import structlog
from aiortc import RTCConfiguration
from aiortc.sdp import candidate_from_sdp
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import SCRIPT_RUN_CONTEXT_ATTR_NAME
from streamlit_webrtc.webrtc import SignallingTimeoutError, WebRtcMode, WebRtcWorker

from core.media import connection, ice, loop, wire
from core.media.relay import Line
from pages.parts import tabs

SECONDS = 10.0  # for an answer; it takes some milliseconds
UP_SECONDS = 30.0  # for a connection; the browser offers anew after six
_REPLACED = ("RTCPeerConnection",)
# Our end asks nobody for its address: an empty list, because None means Google's STUN server.
NOBODY = RTCConfiguration(iceServers=[])
# It decodes: whoever asks it for something is told that there is none.
_NO_RELAY = object()
log = structlog.get_logger()


class LibraryChanged(RuntimeError):
    """A private name that this module needs has moved."""


def prepare() -> None:
    """Once at start: refuse when streamlit-webrtc no longer has the names replaced here."""
    missing = [name for name in _REPLACED if not hasattr(streamlit_webrtc.webrtc, name)]
    if missing:
        raise LibraryChanged(f"streamlit-webrtc has changed: {', '.join(missing)}")
    connection.check_private_names()
    streamlit_webrtc.webrtc.RTCPeerConnection = connection.Connection
    wire.prepare()
    ice.prepare()


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


class End:
    """
    Our end of one line. Every offer gets a worker of its own, and only the newest one lives.

    Made and kept by a script run, whose session ends it; asked from the doors' threads.
    """

    def __init__(self, line: Line, session: Session | None = None) -> None:
        self.line = line
        self.worker: WebRtcWorker[Any, Any] | None = None
        self._lock = threading.Lock()
        self._session = session or _this_session()
        line.release = self.stop

    def beside(self, line: Line) -> "End":
        """Our end of one more line of the same tab."""
        return End(line, self._session)

    def answer(self, offer: str) -> str:
        """Our answer to the browser's offer."""
        worker = self._begin()
        try:
            answer = worker.process_offer(offer, "offer", timeout=SECONDS)
        except SignallingTimeoutError as late:
            raise tabs.Busy from late
        except Exception as problem:  # whatever strangers make aiortc stumble over
            if self.worker is not worker:
                raise tabs.Superseded from problem
            log.info("offer refused", kind=type(problem).__name__)
            raise tabs.Malformed from problem
        if self.worker is not worker:
            raise tabs.Superseded
        if self.line.closed:  # while the answer was being made
            self.stop()
            raise tabs.NotAllowed
        media = loop.current()
        media.call_soon_threadsafe(media.call_later, UP_SECONDS, self._give_up, worker)
        return cast(str, answer.sdp)

    def _give_up(self, worker: WebRtcWorker[Any, Any]) -> None:
        """A connection that has not come about would keep its ports for ever."""
        if self.worker is worker and not cast(Any, worker.pc).is_up:
            threading.Thread(target=self.stop, name="never came about", daemon=True).start()

    def reach(self, candidates: list[dict[str, Any]]) -> None:
        """More addresses of the browser."""
        if (worker := self.worker) is None:
            raise tabs.Malformed
        for each in candidates:
            try:
                candidate = candidate_from_sdp(each["candidate"].removeprefix("candidate:"))
            except (AssertionError, IndexError, ValueError) as unreadable:
                raise tabs.Malformed from unreadable
            candidate.sdpMid, candidate.sdpMLineIndex = each["sdpMid"], each["sdpMLineIndex"]
            worker.add_ice_candidate(candidate)

    def stop(self) -> None:
        """Nothing comes from or goes to this browser any more until it offers again."""
        with self._lock:
            worker, self.worker = self.worker, None
        if worker is not None:
            worker.stop()

    def _begin(self) -> WebRtcWorker[Any, Any]:
        """A new worker in place of the older one, which is stopped."""
        # In a thread that belongs to the page's session: with the session, the worker ends.
        with ThreadPoolExecutor(1) as inside:
            worker = inside.submit(self._made).result()
        with self._lock:
            older, self.worker = self.worker, worker
        if older is not None:
            threading.Thread(target=older.stop, name="older worker", daemon=True).start()
        return worker

    def _made(self) -> WebRtcWorker[Any, Any]:
        setattr(threading.current_thread(), SCRIPT_RUN_CONTEXT_ATTR_NAME, self._session)
        nothing = dict.fromkeys(_NOT_USED)
        with connection.connecting(self.line):
            return WebRtcWorker(
                mode=WebRtcMode.SENDRECV,
                rtc_configuration=NOBODY,
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
