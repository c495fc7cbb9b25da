"""The live rooms, as a script run asks for them. Knows no connection and nothing of a page."""

from contextlib import suppress

import streamlit as st

from core.media.rooms.line import Line
from core.media.rooms.live_rooms import ROOMS
from core.refused import Away


def recheck(appointment_id: int) -> None:
    """Re-check who is admitted now, before this callback returns: a deed has changed it."""
    with suppress(Away):  # it was done, and the watch asks again
        ROOMS.recheck(appointment_id)


def recheck_here() -> None:
    """The same, of the room that this tab is in; before its page is drawn, which takes longer."""
    if (kept := st.session_state.get("stage")) is not None:
        with suppress(Away):  # as above
            kept.line.room.recheck()


def line_of(appointment_id: int, seat: str) -> Line | None:
    """The living connection of a seat, to say whether its camera is on."""
    return ROOMS.line_of(appointment_id, seat)
