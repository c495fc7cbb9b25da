"""
Buttons that do a deed for the person in front of the page. Knows no deed by name.

The deed is done before the page runs, in the button's callback: a press is then never
lost because the page is just being drawn anew, as it often is while a call is built up.
Who presses is asked at that moment, not when the page was drawn.
"""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from core import clock
from core.refused import Refused
from pages.parts import call, people
from pages.parts.words import because

REFUSED = "refused_"


def button(
    label: str,
    deed: Callable[..., object],
    who: people.Who,
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
        args=(key, deed, who, *arguments),
    )
    if reason := st.session_state.get(REFUSED + key):
        st.error(because(reason))


def _do(key: str, deed: Callable[..., object], who: people.Who, *arguments: object) -> None:
    actor = who()
    if actor is None:
        return  # signed out or uninvited since the page was drawn; it is about to say so
    for name in [name for name in st.session_state if str(name).startswith(REFUSED)]:
        del st.session_state[name]
    try:
        deed(actor, clock.now(), *arguments)
    except Refused as refused:
        st.session_state[REFUSED + key] = refused.reason
    else:
        call.ask_here()  # a door that has opened is not to wait for the page
