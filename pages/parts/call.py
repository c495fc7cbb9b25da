"""
The call: streamlit-webrtc on one side, a `core.media` line on the other.

The only module that knows streamlit_webrtc, and the only one that touches its private
names; `prepare` says at start whether they are still there. Knows no database.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Any

import streamlit as st
import streamlit_webrtc
import streamlit_webrtc.webrtc
from streamlit.runtime import get_instance
from streamlit_webrtc import WebRtcMode, component
from streamlit_webrtc.component import WebRtcStreamerContext

from core import clock
from core.media import connection, ice, loop, turn, wire
from core.media.relay import Line
from core.media.room import ROOMS, Room
from core.media.standins import Silence
from pages.parts import people, sessions, show, tabs
from pages.parts.words import _
from pages.parts.worker import End

KEY = "call"
CAMERA, OFF = "kamera", "aus"
# Our end asks nobody: an empty list, because None or {} means Google's STUN server.
RTC = {"iceServers": []}
_PRIVATE = ("_last_rendered_run_count",)
_PRIVATE_FUNCTIONS = ("_component_func", "_reset_context", "enhance_frontend_rtc_configuration")
_REPLACED = ("RTCPeerConnection", "get_global_event_loop")


class LibraryChanged(RuntimeError):
    """A private name that this module needs has moved."""


@dataclass(frozen=True)
class Seat:
    """Where this browser sits; both questions are asked of the office, from outside of pages."""

    appointment_id: int
    name: str
    admitted: Callable[[], frozenset[str]]  # who is inside
    stays: Callable[[], bool]  # whether this browser may still sit here


@dataclass
class Stage:
    """What this browser tab keeps of its call between script runs."""

    appointment_id: int
    line: Line
    # Stays the same: another one while the call begins by itself would begin it twice.
    browser: dict[str, object]
    video: Silence = field(default_factory=lambda: Silence("video"))
    audio: Silence = field(default_factory=lambda: Silence("audio"))
    playing: bool = False
    played: bool = False
    tab: str = field(default_factory=tabs.new_id)
    holder: str = field(default_factory=lambda: sessions.holder_of(people.session_id() or "") or "")
    end: End = field(init=False)

    def __post_init__(self) -> None:
        self.end = End(self.line)
        tabs.enter(self)

    def stays(self) -> bool:
        return not self.line.closed and self.line.stays()

    def answer(self, offer: str, screen: bool) -> str:
        return self._end(screen).answer(offer)

    def reach(self, candidates: list[dict[str, Any]], screen: bool) -> None:
        self._end(screen).reach(candidates)

    def _end(self, screen: bool) -> End:
        if screen:
            raise tabs.NotAllowed  # there is no line for a screen yet
        return self.end


class Presence(Enum):
    """What arrives at the server from a person, seen from one of their tabs."""

    NOBODY = "nothing arrives"
    ELSEWHERE = "another tab or device speaks for this person"
    WITHOUT_CAMERA = "sound only"
    HERE = "picture and sound"


def prepare() -> None:
    """
    Once at start: refuse when streamlit-webrtc no longer has the names used here, and
    register its browser end, which it does itself only when a page imports it first.
    """
    context = WebRtcStreamerContext(worker=None, state=None)  # type: ignore[arg-type]  # inspected only
    missing = [name for name in _PRIVATE if not hasattr(context, name)]
    missing += [name for name in _PRIVATE_FUNCTIONS if not hasattr(component, name)]
    missing += [name for name in _REPLACED if not hasattr(streamlit_webrtc.webrtc, name)]
    if missing:
        raise LibraryChanged(f"streamlit-webrtc has changed: {', '.join(missing)}")
    connection.check_private_names()
    streamlit_webrtc.webrtc.RTCPeerConnection = connection.Connection
    streamlit_webrtc.webrtc.get_global_event_loop = loop.current
    # It would be kept for ever, with the credentials in it.
    component.enhance_frontend_rtc_configuration = dict
    get_instance().component_registry.register_component(component._component_func)
    wire.prepare()
    ice.prepare()


def start_label() -> str:
    return _("Kamera und Mikrofon einschalten")


def draw(seat: Seat, talking: bool) -> None:
    """
    Draw the call at this place and wire it to the room.

    Has to be called at the same place of the page in every step, or the browser builds
    the connection anew.
    """
    room = ROOMS.room(seat.appointment_id)
    stage = _stage(seat, room)
    room.let_in(seat.admitted)
    _keep_context(stage)
    height = "440px" if talking else "min(260px, 56vw)"
    with connection.connecting(stage.line):
        context = streamlit_webrtc.webrtc_streamer(
            key=KEY,
            mode=WebRtcMode.SENDRECV,
            server_rtc_configuration=RTC,
            frontend_rtc_configuration=stage.browser,
            media_stream_constraints=_constraints(),
            # None until it has played: starting through this argument races with itself.
            desired_playing_state=True if stage.played else None,
            translations=_translations(),
            video_html_attrs={
                "autoPlay": True,
                "controls": False,
                "playsInline": True,
                "style": {"width": "100%", "maxHeight": height, "background": "#383838"},
            },
            source_video_track=stage.video,
            source_audio_track=stage.audio,
        )
    stage.playing = context.state.playing
    if stage.line.closed:  # while the connection was being made
        hang_up()


def _stage(seat: Seat, room: Room) -> Stage:
    """What is kept of this call, or a new line into the room."""
    stage: Stage | None = st.session_state.get("stage")
    here = (seat.appointment_id, seat.name)
    if stage and not stage.line.closed and (stage.appointment_id, stage.line.seat) == here:
        return stage
    hang_up()
    line = room.new_line(seat.name, seat.stays)
    relays = turn.servers(seat.appointment_id, seat.name, clock.now().timestamp())
    stage = Stage(seat.appointment_id, line, {"iceServers": relays})
    st.session_state["stage"] = stage
    return stage


def was_drawn() -> bool:
    """Whether this browser tab has had a call."""
    return KEY in st.session_state


def settle() -> None:
    """At the end of a page: what has begun to play is to go on playing by itself."""
    stage = st.session_state.get("stage")
    if stage is not None and stage.playing and not stage.played:
        stage.played = True
        st.rerun()


def presence(appointment_id: int, seat: str) -> Presence:
    """Whether this tab speaks for its person."""
    speaking = ROOMS.line_of(appointment_id, seat)
    if speaking is None:
        return Presence.NOBODY
    stage = st.session_state.get("stage")
    if stage is None or stage.line is not speaking:
        return Presence.ELSEWHERE
    return Presence.HERE if speaking.camera_on else Presence.WITHOUT_CAMERA


def hang_up() -> None:
    """Leave the line and release this browser's connection, if there is one."""
    stage = st.session_state.pop("stage", None)
    if stage is None:
        return
    stage.line.close()
    stage.end.stop()
    # Emptied, not removed: the browser's last word about this call may still be on its way.
    if (context := st.session_state.get(KEY)) is not None:
        component._reset_context(context)


def ask(appointment_id: int) -> None:
    """Something was done that changes who may sit or hear: it holds at once, not in a second."""
    ROOMS.ask(appointment_id)


def line_of(appointment_id: int, seat: str) -> Line | None:
    """The living connection of a seat, to say whether its camera is on."""
    return ROOMS.line_of(appointment_id, seat)


def without_camera() -> bool:
    """Whether this visitor takes part by sound only; in the address, to outlive a reload."""
    return st.query_params.get(CAMERA) == OFF


def go_without_camera(without: bool) -> None:
    if without:
        st.query_params[CAMERA] = OFF
    else:
        st.query_params.pop(CAMERA, None)


def say_own_state(presence: Presence) -> None:
    """What is missing on this person's own side, and what to do."""
    stage = st.session_state.get("stage")
    if presence is Presence.NOBODY and stage is not None and stage.played:
        sentence = _(
            "Bild und Ton sind unterbrochen. Bitte warten Sie einen Moment oder laden Sie die "
            "Seite neu. Das liegt nicht an Ihnen."
        )
        show.state(None, sentence)
    elif presence is Presence.NOBODY:
        sentence = _("Wir sehen und hören Sie noch nicht. Tippen Sie oben auf „{start}“.")
        show.state(False, sentence.format(start=start_label()))
    elif presence is Presence.ELSEWHERE:
        show.state(False, _("Bild und Ton sind in einem anderen Fenster. Bitte gehen Sie dorthin."))
    elif presence is Presence.WITHOUT_CAMERA:
        show.state(None, _("Sie nehmen ohne Kamera teil."))


def _keep_context(stage: Stage) -> None:
    # streamlit-webrtc takes a connection for an orphan when its count of script runs lags
    # behind, and stops it in the middle of a call. Pages without a call hang up instead.
    context = st.session_state.get(KEY)
    if context is not None:
        context._last_rendered_run_count = None
        stage.line.release = partial(component._reset_context, context)


def _constraints() -> dict[str, object]:
    video: object = False
    if not without_camera():
        video = {
            "width": {"ideal": 640},
            "height": {"ideal": 480},
            "frameRate": {"ideal": 20, "max": 25},
        }
    audio = {"echoCancellation": True, "noiseSuppression": True, "autoGainControl": True}
    return {"video": video, "audio": audio}


def _translations() -> dict[str, str]:
    return {
        "start": start_label(),
        "stop": _("Kamera und Mikrofon ausschalten"),
        "select_device": _("Gerät wählen"),
        "media_api_not_available": _(
            "Dieser Browser kann keine Videogespräche. Bitte nehmen Sie einen anderen Browser."
        ),
        "device_ask_permission": _("Bitte erlauben Sie den Zugriff auf Kamera und Mikrofon."),
        "device_not_available": _("Kamera oder Mikrofon wurden nicht gefunden."),
        "device_access_denied": _("Der Zugriff auf Kamera oder Mikrofon wurde nicht erlaubt."),
        "turn_camera_on": _("Kamera einschalten"),
        "turn_camera_off": _("Kamera ausschalten"),
        "mute_microphone": _("Mikrofon ausschalten"),
        "unmute_microphone": _("Mikrofon einschalten"),
        "select_camera": _("Kamera wählen"),
        "select_microphone": _("Mikrofon wählen"),
    }
