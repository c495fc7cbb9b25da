"""
Real-time text on a page: the switch for the own text, and the lines of what others write.

Knows no WebSocket (live.js) and nothing of who may read what (core.office.writing).
"""

from pathlib import Path

import streamlit as st

from core.office import writing
from pages.parts.words import _

# In the address, to outlive a reload.
NOW, ON = "sofort", "an"

_mount = st.components.v2.component(
    "beratungsraum_writing",
    html='<div class="writing"></div>',
    js=Path(__file__).with_name("writing.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # it has the page's type and colours (look.css)
)


def draw() -> None:
    """What others are just writing, above the own field, and what they have just sent."""
    words = {"writes": _("{name} schreibt gerade:")}
    data = {"on": is_on(), "longest": writing.LONGEST, "words": words}
    _mount(key="writing", data=data)


def switch() -> None:
    """Off until somebody wants it: others would read what is not meant to be sent."""
    st.checkbox(
        _("Text sofort zeigen, während ich schreibe"),
        value=is_on(),
        key="write_at_once",
        on_change=_switched,
    )


def is_on() -> bool:
    return st.query_params.get(NOW) == ON


def _switched() -> None:
    if st.session_state["write_at_once"]:
        st.query_params[NOW] = ON
    else:
        st.query_params.pop(NOW, None)
