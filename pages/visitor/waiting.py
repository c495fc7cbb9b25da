"""Schritt 2: Warteraum. WAITING -> ADMITTED, by the advisor only."""

import streamlit as st

from core.appointment import Status
from core.office import seat_names, visiting
from pages.call import call, presence
from pages.parts import deeds, people, show, updates
from pages.visitor import device_results, steps
from pages.words.words import _, moment


@st.fragment(run_every=updates.SLOWER)
def own_picture() -> None:
    updates.redraw("own_picture")
    visit = steps.stay(steps.Step.WAITING)
    call.stay()
    own = presence.of(visit.appointment_id, seat_names.seat(visit.actor))
    if own is presence.Presence.HERE:
        show.text(_("Oben sehen Sie Ihr eigenes Bild. So sieht man Sie gleich im Gespräch."))
    else:
        presence.say(own)
    show.text(what_comes(visit.appointment_status).format(name=visit.advisor_name))


def what_comes(status: Status) -> str:
    """The door is open already for who comes late, changes the device or was sent back."""
    if status == Status.OPEN:
        return _(
            "{name} weiß, dass Sie da sind, und lässt Sie gleich ein. "
            "Bis dahin sieht und hört Sie niemand."
        )
    return _("{name} öffnet zum Termin den Beratungsraum. Bis dahin sieht und hört Sie niemand.")


visit = people.visit()
if visit is None:
    st.stop()

device_results.forget_what_is_open()
show.state(True, _("Sie sind angemeldet. Ihr Jobcenter sieht, dass Sie warten."))
own_picture()
show.facts(
    {
        _("Ihr Termin"): moment(visit.starts_at),
    },
    {_("Telefon, wenn es lange dauert"): visit.jobcenter_phone},
)
deeds.button(
    _("Zurück zum Gerätetest"),
    do=visiting.test_again,
    who=people.visiting_actor,
    key="again",
    width="content",
)
