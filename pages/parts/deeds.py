"""
Buttons that do a deed for the person in front of the page. Knows no deed by name.

The deed is done before the page runs, in the button's callback: a press is then never
lost because the page is just being redrawn, as it often is while a call is built up.
Who presses is asked at that moment, not when the page was drawn.

A deed counts once: the office compares and sets, and refuses the second of two presses. The
second is not told so: it gets the answer of the first.

The press of a Streamlit button goes through `attempt`, and what has refused it is said by `say`,
beside what was pressed: by the rules, or because the database is away.
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, TypeVar

import streamlit as st

from core import clock
from core.appointment import Actor
from core.office import outage
from core.refused import Reason, Refused, Undone
from pages.parts import away, people, rooms, updates
from pages.words.words import because

REFUSED = "refused_"
DONE = "done"  # the deed that was done last, about what, and when
TWICE = 10.0  # seconds; a press after that is another one
READABLE = 8.0  # seconds: for so long at least stands what goes away by itself
T = TypeVar("T")


def button(
    label: str,
    *,
    do: Callable[..., object],
    who: people.Who,
    about: tuple[object, ...] = (),
    key: str,
    kind: Literal["primary", "secondary"] = "secondary",
    width: Literal["content", "stretch"] = "stretch",
) -> None:
    """
    A button that does one deed, for the person `who` finds at that moment, `about` these arguments.

    A refusal is said below it until something else is pressed.
    """
    st.button(
        label,
        key=key,
        type=kind,
        width=width,
        on_click=_do,
        args=(key, do, who, *about),
    )
    say(key)


def attempt(key: str, deed: Callable[..., T], who: people.Who, *arguments: object) -> T | None:
    """
    Do it; what comes of it. What refuses it is kept for `say`, and for `refused`.

    The reason is kept: parts of the page are redrawn by themselves.
    """
    forget()
    try:
        actor = who()
        if actor is not None:  # or signed out, or uninvited: the page is about to say so
            return deed(actor, clock.now(), *arguments)
    except Undone as undone:
        st.session_state[REFUSED + key] = undone.reason, time.monotonic()
    return None


def forget() -> None:
    """Why earlier presses came to nothing."""
    for name in [name for name in st.session_state if str(name).startswith(REFUSED)]:
        del st.session_state[name]


def refused(key: str) -> bool:
    """Whether the last press was this one, and nothing was done."""
    return REFUSED + key in st.session_state


def say(key: str) -> None:
    """Why it was not done, below what was pressed."""
    if not refused(key):
        return
    reason, _at = st.session_state[REFUSED + key]
    if reason is Reason.NOT_KEPT:
        _until_it_is_back(key)
    else:
        st.error(because(reason))


@st.fragment(run_every=READABLE)
def _until_it_is_back(key: str) -> None:
    updates.redraw(REFUSED + key)
    reason, at = st.session_state.get(REFUSED + key, (None, 0.0))
    if reason is None:
        return
    if not outage.lasts() and time.monotonic() - at > READABLE:
        del st.session_state[REFUSED + key]
        return
    st.error(because(reason))
    away.call_instead()


def _do(key: str, deed: Callable[..., Any], who: people.Who, *arguments: object) -> None:
    def once(actor: Actor, now: datetime) -> None:
        try:
            deed(actor, now, *arguments)
        except Refused as refusal:
            if refusal.reason != Reason.CHANGED_MEANWHILE or not _just_done(key, arguments):
                raise
            return
        st.session_state[DONE] = key, arguments, time.monotonic()
        rooms.recheck_here()  # a door that has opened is not to wait for the page

    attempt(key, once, who)


def _just_done(key: str, arguments: tuple[object, ...]) -> bool:
    done, about, at = st.session_state.get(DONE, ("", (), 0.0))
    return (done, about) == (key, arguments) and time.monotonic() - at < TWICE
