"""Startseite: with whom and when, the terms of use. INVITED -> CONSENTED."""

import streamlit as st

from core import clock
from core.office import visiting
from pages.parts import deeds, people, show, terms
from pages.parts.words import _, moment

visit = people.visit()
if visit is None:
    st.stop()

show.facts(
    {
        _("Ihr Termin"): moment(visit.starts_at),
        _("Mit"): visit.advisor_name,
        _("Jobcenter"): visit.jobcenter_name,
    },
    {_("Telefon, wenn etwas nicht klappt"): visit.jobcenter_phone},
)
if visit.too_early(clock.now()):
    show.text(
        _("Sie sind früh dran. Das ist gut: Sie können jetzt schon Ihr Gerät prüfen."), "p", "lead"
    )
show.text(_("Nutzungsbedingungen"), "h2", "part")
terms.draw()
agreed = st.checkbox(_("Ich stimme den Nutzungsbedingungen zu"), key="agreed")
if st.button(_("Weiter"), type="primary", key="go_on"):
    if not agreed:
        st.error(_("Bitte setzen Sie zuerst das Häkchen bei den Nutzungsbedingungen."))
    else:
        if deeds.done(visiting.consent, visit.actor, terms.VERSION):
            st.rerun()
show.text(_("Danach fragt Ihr Browser nach Kamera und Mikrofon. Das ist richtig so."), "p", "quiet")
