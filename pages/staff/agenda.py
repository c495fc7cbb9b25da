"""Tagesplan: the advisor's appointments of one day, and who waits since when."""

from datetime import date, datetime, timedelta

import streamlit as st

from core import clock, entries
from core.appointment import GuestStatus, Status
from core.office import advisor_view, seats
from core.refused import Reason, Refused
from pages.parts import known, page, people, show, updates
from pages.staff import cards, frame, technique
from pages.staff.words import called, minutes_since
from pages.words.words import _, because, clock_time, date_in_words

DAY = "agenda_day"


def status_words(meeting: advisor_view.Meeting) -> str:
    return {
        Status.PLANNED: _("geplant"),
        Status.OPEN: _("Beratungsraum offen"),
        Status.ENDED: _("beendet"),
        Status.CANCELLED: _("abgesagt"),
        Status.MISSED: _("nicht erschienen"),
        Status.EXPIRED: _("nicht geöffnet"),
    }[meeting.status]


def presence(
    meeting: advisor_view.Meeting, person: advisor_view.Person, now: datetime
) -> tuple[bool | None, str]:
    """How far somebody is, in words, and whether it is good news."""
    if person.status == GuestStatus.WAITING and person.waiting_since:
        if not cards.is_there(meeting, person):
            return None, _("{name} war da, die Seite ist gerade zu.").format(name=called(person))
        since = minutes_since(person.waiting_since, now)
        return True, _("{name} wartet {since}.").format(name=called(person), since=since)
    return None, {
        GuestStatus.INVITED: _("{name} war noch nicht da."),
        GuestStatus.CONSENTED: _("{name} prüft das Gerät."),
        GuestStatus.ADMITTED: _("{name} ist im Beratungsraum."),
        GuestStatus.LEFT: _("{name} ist gegangen."),
    }[person.status].format(name=called(person))


def row(meeting: advisor_view.Meeting, now: datetime) -> None:
    with st.container(border=True, key=f"meeting_{meeting.id}"):
        when, who, action = st.columns([2, 5, 2], vertical_alignment="center")
        with when:
            begin, end = clock_time(meeting.starts_at), clock_time(meeting.ends_at)
            show.text(f"{begin}–{end}", "p", "lead")
        with who:
            is_live = meeting.status in seats.LIVE
            for person in meeting.guests:
                if is_live:
                    show.state(*presence(meeting, person, now))
                    technique.say(meeting.id, person)
                else:
                    show.text(f"{called(person)}: {status_words(meeting)}")
        with action:
            query = {"termin": str(meeting.id)}
            frame.way(_("Zum Termin"), frame.DESK, f"to_{meeting.id}", query, "stretch")


@st.fragment(run_every=updates.SLOWLY)
def day_list(day: date) -> None:
    updates.redraw("day")
    staff = people.staff(active=False)
    if staff is None:
        st.rerun()
        return
    meetings = known.read(f"agenda {day}", advisor_view.agenda, staff.actor, day)
    updates.follow_staff(staff, (meeting.id for meeting in meetings))
    if not meetings:
        show.text(_("An diesem Tag haben Sie keine Termine."))
    for meeting in meetings:
        row(meeting, clock.now())


def chosen_day() -> date | None:
    """The day in the field, today where it is empty; none, when it cannot be read."""
    today = clock.berlin(clock.now()).date()
    typed = st.session_state[DAY].strip()
    try:
        return entries.day_of(typed, today, ahead=False) if typed else today
    except Refused:
        return None


def go(days: int | None) -> None:
    """So many days on from the one that is shown; None: to today."""
    shown, today = chosen_day(), clock.berlin(clock.now()).date()
    aim = today if days is None or shown is None else shown + timedelta(days=days)
    st.session_state[DAY] = entries.as_day(aim)


def day_field() -> None:
    """To type a day, or to go there by steps."""
    st.session_state.setdefault(DAY, entries.as_day(clock.berlin(clock.now()).date()))
    with st.container(horizontal=True, vertical_alignment="bottom", key="choose_day"):
        st.text_input(_("Tag, zum Beispiel 7.12.2026"), key=DAY, autocomplete="off", width=260)
        st.button(_("Tag zurück"), key="day_before", on_click=go, args=(-1,))
        st.button(_("Heute"), key="today", on_click=go, args=(None,))
        st.button(_("Tag vor"), key="day_after", on_click=go, args=(1,))


staff = frame.staff_only()
frame.top(staff, _("Tagesplan"))
day_field()
if (day := chosen_day()) is None:
    st.error(because(Reason.BAD_DAY))
else:
    show.text(date_in_words(day), "h2", "part")
    day_list(day)
page.foot()
page.help_along()
