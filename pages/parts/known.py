"""
What this tab was shown last, for as long as the database cannot be asked.

A page is redrawn for many reasons; meanwhile it stays as it is, and so does the call on it.
For drawing only: who does something is looked up again each time (`people.staff_actor`), and
no deed is done without the database.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from core.appointment import Actor
from core.office import advisor_view
from core.refused import Away

_KNOWN = "known"
T = TypeVar("T")


def read(name: str, view: Callable[..., T], *arguments: object) -> T:
    """What the office says now; during an outage what it said of `name` last, if it did."""
    seen: dict[str, Any] = st.session_state.setdefault(_KNOWN, {})
    try:
        seen[name] = view(*arguments)
    except Away:
        if name not in seen:
            raise
    found: T = seen[name]
    return found


def meeting(actor: Actor, appointment_id: int) -> advisor_view.Meeting:
    """One of the advisor's own appointments."""
    return read(f"meeting {appointment_id}", advisor_view.meeting, actor, appointment_id)


def last(name: str) -> Any:
    """What was read of it last; None if nothing was."""
    return st.session_state.get(_KNOWN, {}).get(name)
