"""Termin anlegen: name, mail, day, time; makes the link and sends the invitation."""

from datetime import datetime, timedelta

import streamlit as st

from core import clock
from core.office import planning
from core.refused import Refused
from pages.parts import browser, frame, invite, show
from pages.parts.words import _, why

MINUTES = (15, 30, 45, 60, 90)


def next_half_hour(now: datetime) -> datetime:
    """A start that is not already over when the form is sent."""
    later = now + timedelta(minutes=30 - now.minute % 30)
    return later.replace(second=0, microsecond=0)


staff = frame.staff_only()
frame.top(staff, _("Termin anlegen"))
show.text(_("Die Teilnahme ist freiwillig: Bitte fragen Sie vorher, ob die Person das möchte."))

result = st.container()
if st.session_state.pop("planned", False):
    # A second press must not plan the same appointment again.
    for field in ("name", "email"):
        st.session_state[field] = ""
with st.form("new", enter_to_submit=False):
    name = st.text_input(_("Name"), key="name", autocomplete="off")
    email = st.text_input(_("E-Mail-Adresse"), key="email", autocomplete="off")
    soon = next_half_hour(clock.berlin(clock.now()))
    day = st.date_input(_("Tag"), value=soon.date(), format="DD.MM.YYYY", key="day")
    begins = st.time_input(_("Beginn"), value=soon.time(), step=300, key="begins")
    minutes = st.selectbox(_("Dauer in Minuten"), MINUTES, index=2, key="minutes")
    sent = st.form_submit_button(_("Termin anlegen und einladen"), type="primary")

with result:
    if sent:
        try:
            starts_at = clock.from_berlin(day, begins)
            ends_at = starts_at + timedelta(minutes=minutes)
            planned = planning.plan(staff.actor, clock.now(), name, email, starts_at, ends_at)
        except Refused as refused:
            invite.forget_sent()
            st.error(why(refused))
        else:
            invite.send(staff, planned.guest_id, planned.secret, _("Der Termin ist angelegt."))
            st.session_state["planned"] = True
            st.rerun()
    invite.show_sent()
browser.help_along()
