"""The link is open here, but another browser holds the seat; it can be moved, never doubled."""

from datetime import datetime

import streamlit as st

from core.appointment import Actor
from core.office import other_device
from pages.call import call
from pages.parts import deeds, people, rooms, show
from pages.visitor import steps
from pages.words.words import _


def take_over(actor: Actor, now: datetime, appointment_id: int) -> None:
    """The button's deed: the other device is out at once."""
    other_device.take_over(actor, now, people.device_hash())
    rooms.recheck(appointment_id)


visit = people.visit()
if visit is None:
    st.stop()

show.text(
    _("Sie machen jetzt in einem anderen Fenster oder Browser weiter.")
    if call.was_drawn()
    else _("Dieser Termin ist schon in einem anderen Fenster oder Browser offen."),
    "p",
    "lead",
)
show.text(
    _(
        "Vielleicht in Ihrer E-Mail-App oder auf einem anderen Gerät. Sind Sie das selbst? "
        "Dann machen Sie hier weiter. Dort hört es dann auf."
    )
)
deeds.button(
    _("Hier weitermachen"),
    do=take_over,
    who=people.arriving_actor,
    about=(visit.appointment_id,),
    key="take_over",
    kind="primary",
    width="content",
)
show.call_us(_("Waren Sie das nicht? Bitte rufen Sie uns an: {phone}"), visit.jobcenter_phone)
steps.watch(steps.Step.OTHER_DEVICE)
