"""Beratungsraum: the talk. ADMITTED -> LEFT."""

import contextlib
from datetime import datetime

import streamlit as st

from core.appointment import Actor
from core.office import guest_view, seat_names, visiting
from core.refused import Refused
from pages.call import call, presence, private_minute
from pages.parts import chat, deeds, people, rooms, show, updates
from pages.visitor import steps
from pages.words.words import _

LEAVE = "leave"


def stay(drawn: bool) -> guest_view.Visit:
    """The visit as it is now; reruns the page when a private minute begins or ends."""
    visit = steps.stay(steps.Step.ROOM)
    if visit.private != drawn:
        st.rerun()
    return visit


@st.fragment(run_every=updates.SLOWLY)
def partner(drawn: bool) -> None:
    updates.redraw("partner")
    visit = stay(drawn)
    call.stay()
    own = presence.of(visit.appointment_id, seat_names.seat(visit.actor))
    if own in (presence.Presence.NOBODY, presence.Presence.ELSEWHERE):
        presence.say(own)
        return
    if visit.private:
        return  # what the advisor's line is like now is said by nobody
    advisor = visit.advisor_name
    line = rooms.line_of(visit.appointment_id, visit.advisor_seat)
    if line is None:
        show.state(None, _("{name} ist gleich da. Bitte bleiben Sie hier.").format(name=advisor))
    else:
        sentence = {
            (True, True): _("Sie sprechen mit {name}."),
            (False, True): _("{name} ist da, ist aber gerade nicht zu sehen."),
            (True, False): _("{name} ist da, ist aber gerade nicht zu hören."),
            (False, False): _("{name} ist da, ist aber gerade nicht zu sehen und nicht zu hören."),
        }[line.camera_on, line.microphone_on]
        good = True if line.camera_on and line.microphone_on else None
        show.state(good, sentence.format(name=advisor))


def leave(appointment_id: int) -> None:
    deeds.attempt(LEAVE, _leave, people.visiting_actor, appointment_id)


def _leave(actor: Actor, now: datetime, appointment_id: int) -> None:
    with contextlib.suppress(Refused):  # the other side was quicker
        visiting.leave(actor, now)
    rooms.recheck(appointment_id)


@st.fragment(run_every=updates.SLOWLY)
def tools(drawn: bool) -> None:
    """Always in sight below the stage."""
    updates.redraw("tools")
    visit = stay(drawn)
    private_minute.say_to_a_guest(visit)
    with st.container(horizontal=True):
        private_minute.of_a_guest(visit)
        # Done before the page runs: a press is not lost while the call is just being built up.
        here = (visit.appointment_id,)
        st.button(_("Gespräch beenden"), key=LEAVE, on_click=leave, args=here)
    deeds.say(LEAVE)


def main() -> None:
    visit = people.visit()
    if visit is None:
        return
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


main()
