"""
The visitor's way: its steps, at which of them a visit is, and noticing when it has moved on.

The status in the database decides, nothing else. Knows no page of a step.
"""

from dataclasses import dataclass
from enum import Enum

import streamlit as st

from core import clock
from core.appointment import GuestStatus
from core.office import guest_view
from pages.parts import people, updates
from pages.words import goodbye
from pages.words.words import _


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
    """What the frame draws around a step's own page."""

    title: str
    number: int
    call: bool
    lead: str = ""
    alone: str = ""  # on the stage, before anybody is to be seen there


def steps() -> dict[Step, Show]:
    """The whole way, in its order."""
    return {
        Step.START: Show(_("Startseite"), 0, False),
        Step.DEVICES: Show(
            _("Gerät prüfen"),
            1,
            True,
            _(
                "Schalten Sie Kamera und Mikrofon ein. Ihr Browser fragt um Erlaubnis: Wählen Sie "
                "„Zulassen“ oder „Erlauben“. Niemand außer Ihnen sieht oder hört Sie dabei."
            ),
            _("Hier sehen Sie gleich Ihr eigenes Bild."),
        ),
        Step.WAITING: Show(
            _("Warteraum"),
            2,
            True,
            _("Sie müssen nichts unternehmen. Das Gespräch beginnt von selbst."),
            _("Hier sehen Sie gleich Ihr eigenes Bild."),
        ),
        Step.ROOM: Show(
            _("Beratungsraum"), 3, True, alone=_("{name} ist gleich da. Bitte bleiben Sie hier.")
        ),
        Step.LEFT: Show(_("Beratungsraum verlassen"), 4, False),
        Step.OTHER_DEVICE: Show(_("Videokommunikation"), 4, False),
        Step.FAREWELL: Show(_("Videokommunikation"), 4, False),
    }


def step_of(visit: guest_view.Visit | None) -> Step:
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


def stay(drawn: Step) -> guest_view.Visit:
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
