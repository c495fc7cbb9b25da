"""Carrying out a deed for the person in front of the page. Knows no deed by name."""

from collections.abc import Callable
from datetime import datetime
from typing import Concatenate, Literal, ParamSpec

import streamlit as st

from core import clock
from core.appointment import Actor, Refused
from pages.parts.words import why

Arguments = ParamSpec("Arguments")


def done(
    deed: Callable[Concatenate[Actor, datetime, Arguments], object],
    actor: Actor,
    *arguments: Arguments.args,
    **named: Arguments.kwargs,
) -> bool:
    """Do it now; False when it was refused, and then the page says why."""
    try:
        deed(actor, clock.now(), *arguments, **named)
    except Refused as refused:
        st.error(why(refused))
        return False
    return True


def button(
    label: str,
    deed: Callable[..., object],
    actor: Actor,
    *arguments: object,
    key: str,
    kind: Literal["primary", "secondary"] = "secondary",
    width: Literal["content", "stretch"] = "stretch",
) -> None:
    """A button that does one deed and draws the page anew."""
    if st.button(label, key=key, type=kind, width=width) and done(deed, actor, *arguments):
        st.rerun()
