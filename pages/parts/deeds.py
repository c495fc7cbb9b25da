"""
Buttons that do a deed for the person in front of the page. Knows no deed by name.

The deed is done before the page runs, in the button's callback: a press is then never
lost because the page is just being drawn anew, as it often is while a call is built up.
"""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from core import clock
from core.appointment import Actor, Refused
from pages.parts.words import why

REFUSED = "refused_"


def button(
    label: str,
    deed: Callable[..., object],
    actor: Actor,
    *arguments: object,
    key: str,
    kind: Literal["primary", "secondary"] = "secondary",
    width: Literal["content", "stretch"] = "stretch",
) -> None:
    """A button that does one deed; a refusal is said below it until something else is pressed."""
    st.button(
        label,
        key=key,
        type=kind,
        width=width,
        on_click=_do,
        args=(key, deed, actor, *arguments),
    )
    if sentence := st.session_state.get(REFUSED + key):
        st.error(sentence)


def _do(key: str, deed: Callable[..., object], actor: Actor, *arguments: object) -> None:
    for name in [name for name in st.session_state if str(name).startswith(REFUSED)]:
        del st.session_state[name]
    try:
        deed(actor, clock.now(), *arguments)
    except Refused as refused:
        st.session_state[REFUSED + key] = why(refused)
