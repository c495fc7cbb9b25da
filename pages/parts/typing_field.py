"""
Real-time text on a page: the switch for the own text, and the lines of what others write.

Knows no WebSocket (pages/ui/live/socket.js) and nothing of who may read what (core.office.writing).
"""

import streamlit as st

from core import access
from core.office import writing
from pages.parts import people
from pages.ui.mount import component
from pages.words.words import _

# In the address, to outlive a reload; with a sign that nobody else can write there.
NOW = "sofort"

_mount = component("typing", "chat/typing.js", html='<div class="writing"></div>')


def draw(appointment_id: int) -> None:
    """What others are just writing, above the own field, and what they have just sent."""
    words = {"writes": _("{name} schreibt gerade:")}
    data = {"on": is_on(appointment_id), "longest": writing.LONGEST, "words": words}
    _mount(key="writing", data=data)


def switch(appointment_id: int) -> None:
    """Off until somebody wants it: others would read what is not meant to be sent."""
    st.checkbox(
        _("Text sofort zeigen, während ich schreibe"),
        value=is_on(appointment_id),
        key="write_at_once",
        on_change=_switched,
        args=(appointment_id,),
    )


def is_on(appointment_id: int) -> bool:
    """Whether this person has switched it on: an address that somebody was sent does not."""
    sign = _sign(appointment_id)
    return bool(sign) and st.query_params.get(NOW) == sign


def _switched(appointment_id: int) -> None:
    if st.session_state["write_at_once"]:
        st.query_params[NOW] = _sign(appointment_id)
    else:
        st.query_params.pop(NOW, None)


def _sign(appointment_id: int) -> str:
    """Of this browser's credential, in this talk; opens nothing."""
    holder = people.holder()
    return access.digest(f"{NOW} {appointment_id} {holder}")[:16] if holder else ""
