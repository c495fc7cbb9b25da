"""
The visitor's way: at which step a visit is, and noticing when it has moved on.

The status in the database decides, nothing else. Knows no page of a step.
"""

from dataclasses import dataclass
from enum import Enum

import streamlit as st

from core import clock
from core.appointment import GuestStatus
from core.office import views
from pages.parts import people, updates
from pages.words import goodbye


class Step(Enum):
    START = "start"
    DEVICES = "devices"
    WAITING = "waiting"
    ROOM = "room"
    LEFT = "left"
    OTHER_DEVICE = "other_device"
    FAREWELL = "farewell"


@dataclass(frozen=True)
class Show:
    """What the router draws around a step's own page."""

    title: str
    number: int
    call: bool
    lead: str = ""
    alone: str = ""  # on the stage, before anybody is to be seen there


def step_of(visit: views.Visit | None) -> Step:
    """The step a visit is at, seen from the device that asks."""
    if visit is None or goodbye.over(visit, clock.now()):
        return Step.FAREWELL
    if not visit.here:
        return Step.OTHER_DEVICE
    return {
        GuestStatus.INVITED: Step.START,
        GuestStatus.CONSENTED: Step.DEVICES,
        GuestStatus.WAITING: Step.WAITING,
        GuestStatus.ADMITTED: Step.ROOM,
        GuestStatus.LEFT: Step.LEFT,
    }[visit.status]


def stay(drawn: Step) -> views.Visit:
    """The visit as it is now; reruns the page if it is no longer at the step that was drawn."""
    visit = people.visit()
    if visit is None or step_of(visit) is not drawn:
        st.rerun()
    return visit


@st.fragment(run_every=updates.SLOWLY)
def watch(drawn: Step) -> None:
    """For a step that has nothing else to notice."""
    updates.redraw("watch")
    stay(drawn)
