"""
Who comes next at the desk, and whether they wait already; after a talk one press leads there.

Knows no other day than today.
"""

from datetime import datetime, timedelta

import streamlit as st

from core import clock
from core.appointment import GuestStatus
from core.office import advisor_view, seats
from core.office.staff_sessions import SignedIn
from pages.parts import known, language, people, show, updates
from pages.staff import cards, frame
from pages.staff.words import minutes_since
from pages.words.words import _, clock_time, listed

SOON = timedelta(hours=2)


@st.fragment(run_every=updates.SLOWLY)
def draw(drawn: advisor_view.Meeting) -> None:
    """Who comes next today and whether they wait already; after the end one press leads there."""
    language.speak_again()
    staff = people.staff(active=False)
    coming = _next(staff, drawn) if staff else None
    if coming is None:
        return
    show.text(_sentence(coming), "p", "quiet" if drawn.status in seats.LIVE else "lead")
    if drawn.status not in seats.LIVE:
        query = {"termin": str(coming.id)}
        frame.way(_("Zum nächsten Termin"), frame.DESK, "to_next", query)


def _next(staff: SignedIn, drawn: advisor_view.Meeting) -> advisor_view.Meeting | None:
    """The next one that is soon, or for which somebody waits already."""
    now = clock.now()
    day = clock.berlin(now).date()
    today = known.read(f"agenda {day}", advisor_view.agenda, staff.actor, day)
    coming = [each for each in today if each.status in seats.LIVE and each.id != drawn.id]
    return next((each for each in coming if _waits(each) or _is_soon(each, now)), None)


def _is_soon(meeting: advisor_view.Meeting, now: datetime) -> bool:
    return meeting.ends_at > now and meeting.starts_at < now + SOON


def _waits(meeting: advisor_view.Meeting) -> list[advisor_view.Person]:
    return [
        each
        for each in meeting.guests
        if each.status == GuestStatus.WAITING and cards.is_there(meeting, each)
    ]


def _sentence(coming: advisor_view.Meeting) -> str:
    names = listed([each.name for each in coming.guests])
    time = clock_time(coming.starts_at)
    sentence = _("Nächster Termin: {time} Uhr, {names}").format(time=time, names=names)
    since = [each.waiting_since for each in _waits(coming) if each.waiting_since]
    if since:
        waits = _("wartet {since}").format(since=minutes_since(min(since), clock.now()))
        sentence = f"{sentence}, {waits}"
    return sentence
