"""Beratungsraum: the talk. ADMITTED -> LEFT."""

import contextlib

import streamlit as st

from core import clock
from core.office import views, visiting
from core.refused import Refused
from pages.parts import call, chat, live, minute, people, show, steps
from pages.parts.words import _

visit = people.visit()
if visit is None:
    st.stop()


def stay(drawn: bool) -> views.Visit:
    """The visit as it is now; every part of the page anew when a private minute begins or ends."""
    visit = steps.stay(steps.Step.ROOM)
    if visit.private != drawn:
        st.rerun()
    return visit


@st.fragment(run_every=live.SLOWLY)
def partner(drawn: bool) -> None:
    live.redraw("partner")
    visit = stay(drawn)
    own = call.presence(visit.appointment_id, views.seat(visit.actor))
    if own in (call.Presence.NOBODY, call.Presence.ELSEWHERE):
        call.say_own_state(own)
        return
    if visit.private:
        return  # what the advisor's line is like now is said by nobody
    advisor = visit.advisor_name
    line = call.line_of(visit.appointment_id, visit.advisor_seat)
    if line is None:
        show.state(None, _("{name} ist gleich da. Bitte bleiben Sie hier.").format(name=advisor))
    elif not line.camera_on:
        show.state(None, _("{name} ist da. Die Kamera ist aus.").format(name=advisor))
    else:
        show.state(True, _("Sie sprechen mit {name}.").format(name=advisor))


def leave(visit: views.Visit) -> None:
    actor = people.visiting_actor()
    if actor is None:
        return  # the link has been replaced since the page was drawn
    with contextlib.suppress(Refused):  # the other side was quicker
        visiting.leave(actor, clock.now())
    call.ask(visit.appointment_id)


@st.fragment(run_every=live.SLOWLY)
def tools(drawn: bool) -> None:
    """Always in sight below the stage."""
    live.redraw("tools")
    visit = stay(drawn)
    minute.say_to_a_guest(visit)
    with st.container(horizontal=True):
        minute.of_a_guest(visit)
        # Done before the page runs: a press is not lost while the call is just being built up.
        st.button(_("Gespräch beenden"), key="leave", on_click=leave, args=(visit,))


partner(visit.private)
chat.sidebar(people.visiting_actor, visit.appointment_id)
show.call_us(_("Klappt etwas nicht? Rufen Sie uns an: {phone}"), visit.jobcenter_phone)
show.text(
    _("Wenn Sie beenden, verlassen nur Sie das Gespräch. Es wird nichts aufgezeichnet."),
    "p",
    "quiet",
)
with st.container(key="tools"):
    tools(visit.private)
