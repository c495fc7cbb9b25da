"""The link is open here, but another device holds the seat; it can be moved, never doubled."""

from datetime import datetime

import streamlit as st

from core.appointment import Actor
from core.office import visiting
from pages.parts import call, deeds, people, show, steps
from pages.parts.words import _


def take_over(actor: Actor, now: datetime, appointment_id: int) -> None:
    """The button's deed: the other device is out at once."""
    visiting.take_over(actor, now, people.device_hash())
    call.ask(appointment_id)


visit = people.visit()
if visit is None:
    st.stop()

show.text(
    _("Sie machen jetzt auf einem anderen Gerät weiter.")
    if call.was_drawn()
    else _("Ihr Termin ist schon auf einem anderen Gerät offen."),
    "p",
    "lead",
)
here = _("Hier weitermachen"), take_over, people.arriving_actor, visit.appointment_id
deeds.button(*here, key="take_over", kind="primary", width="content")
show.call_us(_("Waren Sie das nicht? Bitte rufen Sie uns an: {phone}"), visit.jobcenter_phone)
steps.watch(steps.Step.OTHER_DEVICE)
