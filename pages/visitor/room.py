"""Beratungsraum: the talk. ADMITTED -> LEFT."""

import streamlit as st

from core.appointment import Status
from core.office import visiting
from pages.parts import call, chat, deeds, people, show
from pages.parts.words import _

visit = people.visit()
if visit is None:
    st.stop()


@st.fragment(run_every=1)
def partner(appointment_id: int, advisor: str, seat: str) -> None:
    line = call.line_of(appointment_id, seat)
    if line is None:
        show.state(None, _("{name} ist gleich da. Bitte bleiben Sie hier.").format(name=advisor))
    elif not line.camera_on:
        show.state(None, _("{name} ist da. Die Kamera ist aus.").format(name=advisor))
    else:
        show.state(True, _("Sie sprechen mit {name}.").format(name=advisor))


partner(visit.appointment_id, visit.advisor_name, visit.advisor_seat)
chat.sidebar(people.visiting_actor, visit.appointment_id)
if st.button(_("Gespräch beenden"), key="leave") and deeds.done(visiting.leave, visit.actor):
    left = people.visit()
    if left is None or left.appointment_status != Status.OPEN:
        call.end_for_all(visit.appointment_id)
    st.rerun()
show.text(
    _("Wenn Sie beenden, ist das Gespräch für alle vorbei. Es wird nichts aufgezeichnet."),
    "p",
    "quiet",
)
