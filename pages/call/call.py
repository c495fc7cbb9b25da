"""
The call: the browser's end on the page, a `core.media` line behind it.

Knows no deed and no streamlit-webrtc: our end of a connection is `our_end.End`, the
browser's is `stage`.
"""

from contextlib import suppress
from functools import partial

import streamlit as st

from core import clock
from core.media.rooms.live_rooms import ROOMS
from core.media.rooms.room import Room
from core.media.transport import turn
from core.office import seats
from core.phone import dialled
from core.refused import Away
from pages.call import presence, stage, worker
from pages.call.scene import Scene, Seat
from pages.call.tab_call import TabCall
from pages.parts import updates

CAMERA, SOUND, OFF = "kamera", "ton", "aus"
MOST_OTHERS = 3  # core.media.transport.offer takes no more
prepare = worker.prepare


def draw(seat: Seat, scene: Scene) -> None:
    """
    Draw the call at this place and wire it to the room.

    Has to be called at the same place of the page in every step, or the browser asks for
    camera and microphone again.
    """
    room = ROOMS.room(seat.appointment_id)
    kept = _stage(seat, room)
    others = kept.met
    with suppress(Away):  # then the room goes on for a while as it is, and so does the stage
        room.let_in(partial(seats.inside, seat.appointment_id))
        others = scene.others()
    kept.others, kept.met = scene.others, others
    kept.elsewhere = presence.of(seat.appointment_id, seat.name) is presence.Presence.ELSEWHERE
    stage.draw(
        {
            **_named(kept),
            "iceServers": kept.relays,
            "camera": not without(CAMERA),
            "talking": scene.talking,
            "autostart": scene.autostart,
            "alone": presence.in_another_window() if kept.elsewhere else scene.alone,
            # Of several, the server says who is seen at which place (`tell_places`).
            "people": [vars(each) for each in others.known if others.invited == 1],
            "places": min(MOST_OTHERS, max(1, others.invited)),
            "phone": scene.phone,
            "dialled": dialled(scene.phone),
            "freeze": scene.may_freeze,
        }
    )
    if kept.line.closed:  # while the page was being drawn
        hang_up()


def _stage(seat: Seat, room: Room) -> TabCall:
    """What is kept of this call, or a new line into the room."""
    kept: TabCall | None = st.session_state.get("stage")
    here = (seat.appointment_id, seat.name)
    if kept and not kept.line.closed and (kept.appointment_id, kept.line.seat) == here:
        return kept
    hang_up()
    line = room.new_line(seat.name, seat.stays)
    relays = turn.servers(seat.appointment_id, seat.name, clock.now().timestamp())
    kept = TabCall(seat.appointment_id, line, seat.screen, relays, updates.tab())
    st.session_state["stage"] = kept
    st.session_state["had_call"] = True
    return kept


def _named(kept: TabCall) -> dict[str, object]:
    """What a browser's offer names, and what makes it offer again."""
    return {"tab": kept.tab.id if kept.tab else "", "call": kept.number}


def line_data() -> dict[str, object] | None:
    """What the browser needs for one more line beside the call's."""
    kept: TabCall | None = st.session_state.get("stage")
    return {**_named(kept), "iceServers": kept.relays} if kept else None


def was_drawn() -> bool:
    """Whether this browser tab has had a call."""
    return "had_call" in st.session_state


def stay() -> None:
    """In a fragment: reruns the page when picture and sound go to another window, or back."""
    kept: TabCall | None = st.session_state.get("stage")
    if kept is not None:
        now = presence.of(kept.appointment_id, kept.seat) is presence.Presence.ELSEWHERE
        if now != kept.elsewhere:
            st.rerun()


def hang_up() -> None:
    """Leave the line and release this browser's connection, if there is one."""
    kept: TabCall | None = st.session_state.pop("stage", None)
    if kept is not None:
        kept.close()


def without(what: str) -> bool:
    """
    Whether this visitor takes part without a CAMERA, or needs no SOUND: they read, and write in the
    chat. In the address, to outlive a reload.
    """
    return st.query_params.get(what) == OFF


def go_without(what: str, really: bool) -> None:
    if really:
        st.query_params[what] = OFF
    else:
        st.query_params.pop(what, None)
