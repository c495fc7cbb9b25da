"""
The frame every step of the visitor's way shares: progress, heading, notice, and the call.

The call is drawn here, at one fixed place, so that its connection lives from the device test to
goodbye. Knows no page of a step.
"""

from functools import partial

import streamlit as st

from core.office import guest_view, seat_names
from pages.call import call, stays
from pages.call.scene import Scene, Seat, others
from pages.parts import page, show
from pages.visitor.steps import Step, steps
from pages.words.words import language


def draw(visit: guest_view.Visit | None, step: Step) -> None:
    """Before the step's own page."""
    shown = steps()[step]
    page.head(visit.jobcenter_name if visit and visit.here else "")
    with st.container(key="head"):
        if shown.number < 4:
            names = [each.title for each in steps().values() if each.number < 4]
            show.steps(names, shown.number)
        show.heading(shown.title)
        if shown.lead:
            show.text(shown.lead, "p", "lead")
    if visit is not None and shown.call:
        with st.container(key="picture"):
            call.draw(_seat(visit), _scene(visit, step, shown.alone))
    else:
        call.hang_up()


def foot(step: Step) -> None:
    """After the step's own page."""
    page.foot(in_call=steps()[step].call)


def _scene(visit: guest_view.Visit, step: Step, alone: str) -> Scene:
    return Scene(
        alone.format(name=visit.advisor_name),
        partial(others, visit.actor, visit.appointment_id, language()),
        talking=step is Step.ROOM,
        autostart=step in (Step.WAITING, Step.ROOM),
        phone=visit.jobcenter_phone,
    )


def _seat(visit: guest_view.Visit) -> Seat:
    number = visit.appointment_id
    return Seat(number, seat_names.seat(visit.actor), stays.guest_stays(number))
