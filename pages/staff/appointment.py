"""
Termin anlegen: name, mail, day, time; a look at what was understood; then link and invitation.

Each appointment that is looked at has the secret its link will have: however often it is then
sent, it is planned once, and every press gets the same answer.
"""

from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from core import access, clock, entries
from core.appointment import Actor
from core.languages import SOURCE
from core.office import planning
from core.refused import Reason, Refused
from core.settings import settings
from pages.parts import deeds, page, people, show
from pages.staff import frame, invite, mail_result
from pages.staff.words import language_name
from pages.words.words import _, because, moment

PLAN = "plan"
MINUTES = (15, 30, 45, 60, 90)
LANGUAGE = "invitation_language"
FIELDS = ("name", "email", LANGUAGE, "day", "begins", "minutes")


def next_half_hour(now: datetime) -> datetime:
    """A start that is not already over when the form is sent."""
    later = now + timedelta(minutes=30 - now.minute % 30)
    return later.replace(second=0, microsecond=0)


def proposed() -> dict[str, Any]:
    soon = next_half_hour(clock.berlin(clock.now()))
    day, begins = entries.as_day(soon.date()), entries.as_time(soon.time())
    return {
        "name": "",
        "email": "",
        LANGUAGE: SOURCE,
        "day": day,
        "begins": begins,
        "minutes": 45,
    }


def typed() -> dict[str, Any]:
    """What stands in the fields, or stood there."""
    kept = st.session_state.get(invite.TYPED) or proposed()
    return {field: st.session_state.get(field, kept[field]) for field in FIELDS}


def understood(entry: dict[str, Any]) -> planning.Wanted:
    """The appointment in what was typed."""
    actor = people.staff_actor()
    if actor is None:
        raise Refused(Reason.NOT_FOUND)
    today = clock.berlin(clock.now()).date()
    day, begins = entries.day_of(entry["day"], today, ahead=True), entries.time_of(entry["begins"])
    starts_at = clock.from_berlin(day, begins)
    ends_at = starts_at + timedelta(minutes=entry["minutes"])
    who, times = (entry["name"], entry["email"]), (starts_at, ends_at)
    # German is no choice: then pages are in the language of the client's own browser.
    language = None if entry[LANGUAGE] == SOURCE else entry[LANGUAGE]
    return planning.check(actor, clock.now(), *who, *times, language)


def look() -> None:
    """The first press: nothing is made and nothing sent."""
    entry = typed()
    nothing = not (entry["name"].strip() or entry["email"].strip())
    if invite.LOOKED_AT in st.session_state or (nothing and invite.is_told()):
        return  # one press too many, before this one or of the one that has just planned
    invite.forget_sent()
    st.session_state[invite.TYPED] = entry
    st.session_state.pop(invite.NOT_PLANNED, None)
    try:
        st.session_state[invite.LOOKED_AT] = understood(entry), access.new_secret()
    except Refused as refused:
        st.session_state[invite.NOT_PLANNED] = refused.reason


def change() -> None:
    st.session_state.pop(invite.LOOKED_AT, None)


def plan(wanted: planning.Wanted, secret: str) -> None:
    """The second press, and every further one."""
    signed_in = people.staff()
    if signed_in is None or invite.is_told(secret):
        return
    planned = deeds.attempt(PLAN, _plan, people.staff_actor, wanted, secret)
    if planned is not None:
        st.session_state.update({"name": "", "email": "", LANGUAGE: SOURCE})
        invite.send(signed_in, planned.guest_id, secret, planned=True)


def _plan(
    actor: Actor, now: datetime, wanted: planning.Wanted, secret: str
) -> planning.Planned | None:
    """What cannot be kept just now stays to be looked at, and is planned once by whatever press."""
    planned, times = None, (wanted.starts_at, wanted.ends_at)
    try:
        planned = planning.plan(
            actor, now, wanted.name, wanted.email, *times, secret, wanted.language
        )
    except Refused as refused:
        st.session_state[invite.NOT_PLANNED] = refused.reason
    st.session_state.pop(invite.LOOKED_AT, None)
    return planned


def draw_form() -> None:
    mail_result.show_sent()
    for field, value in typed().items():
        st.session_state.setdefault(field, value)
    with st.form("new", enter_to_submit=False):
        who, where = st.columns(2)
        who.text_input(_("Name"), key="name", autocomplete="off")
        where.text_input(_("E-Mail-Adresse"), key="email", autocomplete="off")
        day, begins = st.columns(2)
        day.text_input(_("Tag, zum Beispiel 7.12.2026"), key="day", autocomplete="off")
        begins.text_input(_("Beginn, zum Beispiel 9:30"), key="begins", autocomplete="off")
        st.selectbox(
            _("Sprache der Einladung"),
            settings().languages,
            key=LANGUAGE,
            format_func=language_name,
        )
        st.radio(_("Dauer in Minuten"), MINUTES, key="minutes", horizontal=True)
        st.form_submit_button(_("Weiter"), type="primary", on_click=look)
    if reason := st.session_state.get(invite.NOT_PLANNED):
        st.error(because(reason))  # beside the button: on a phone the top is out of sight


def draw_look(wanted: planning.Wanted, secret: str) -> None:
    show.text(_("Bitte prüfen Sie alles. Danach wird die Einladung gesendet."), "p", "lead")
    minutes = int((wanted.ends_at - wanted.starts_at).total_seconds() // 60)
    show.facts(
        {
            _("Termin"): moment(wanted.starts_at),
            _("Dauer"): _("{n} Minuten").format(n=minutes),
            _("Name"): wanted.name,
            _("E-Mail-Adresse"): wanted.email,
            _("Sprache der Einladung"): language_name(wanted.language or SOURCE),
        }
    )
    with st.container(horizontal=True):
        label = _("Termin anlegen und einladen")
        st.button(label, key=PLAN, type="primary", on_click=plan, args=(wanted, secret))
        st.button(_("Ändern"), key="change", on_click=change)
    deeds.say(PLAN)


staff = frame.staff_only()
looked_at = st.session_state.get(invite.LOOKED_AT)
frame.top(staff, _("Termin prüfen") if looked_at else _("Termin anlegen"))
if looked_at:
    draw_look(*looked_at)
else:
    show.text(_("Die Teilnahme ist freiwillig: Bitte fragen Sie vorher, ob die Person das möchte."))
    draw_form()
page.foot()
page.help_along()
