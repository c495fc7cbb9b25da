"""Startseite: with whom and when, how it works, the terms of use. INVITED -> CONSENTED."""

from datetime import datetime

import streamlit as st

from core import clock
from core.appointment import Actor
from core.office import visiting
from core.refused import Reason, Refused
from pages.parts import deeds, language, people, show
from pages.visitor import how_it_works, steps, terms
from pages.words.visit import facts, phone_name
from pages.words.words import _


def agree(actor: Actor, now: datetime, version: str) -> None:
    """The button's deed: consent, if the box is ticked when it is pressed."""
    if not st.session_state.get("agreed"):
        raise Refused(Reason.NOT_CONSENTED)
    visiting.consent(actor, now, version, people.device_hash(), language.reads())


visit = people.visit()
if visit is None:
    st.stop()

show.facts(facts(visit), {phone_name(): visit.jobcenter_phone})
if visit.too_early(clock.now()):
    show.text(
        _("Sie sind früh dran. Das ist gut: Sie können jetzt schon Ihr Gerät prüfen."), "p", "lead"
    )
how_it_works.draw(visit.advisor_name)
show.text(_("Nutzungsbedingungen"), "h2", "part")
terms.draw()
show.text(_("Danach fragt Ihr Browser nach Kamera und Mikrofon. Das ist richtig so."), "p", "quiet")
with st.container(key="onward"):
    st.checkbox(_("Ich stimme den Nutzungsbedingungen zu"), key="agreed")
    deeds.button(
        _("Weiter"),
        do=agree,
        who=people.visiting_actor,
        about=(terms.VERSION,),
        key="go_on",
        kind="primary",
        width="content",
    )
steps.watch(steps.Step.START)
