"""How a talk ends at the desk: one question before, what is over, and what comes next."""

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta

import streamlit as st

from core import clock, words
from core.appointment import Actor, GuestStatus, Status
from core.office import hosting, planning, seats, views
from core.office.accounts import SignedIn
from core.refused import Refused
from pages.call import call
from pages.parts import deeds, known, people, rooms, show, updates
from pages.staff import cards, frame, invite
from pages.words.words import _, listed, minutes_since

END = "end"
ASKED = "asked_to_end"  # which appointment's end is in question
SOON = timedelta(hours=2)


def draw(meeting: views.Meeting, beside: Callable[[views.Meeting], None]) -> None:
    """The button, in one row with `beside`; with nobody to lose anything it asks nothing."""
    gone = [each.name for each in meeting.guests if each.status == GuestStatus.LEFT]
    if everybody_has_left(meeting):
        plural = _("{names} haben das Gespräch verlassen.")
        single = _("{names} hat das Gespräch verlassen.")
        with st.container(key="asked"):
            show.question((plural if len(gone) > 1 else single).format(names=listed(gone)))
    # Done before the page runs: a press is not lost while the call is just being built up.
    with st.container(horizontal=True):
        beside(meeting)
        st.button(_("Gespräch beenden"), key=END, on_click=_press, args=(meeting.id,))
    deeds.say(END)
    if st.session_state.get(ASKED) == meeting.id and not everybody_has_left(meeting):
        _question(meeting.id)


def everybody_has_left(meeting: views.Meeting) -> bool:
    return all(each.status == GuestStatus.LEFT for each in meeting.guests)


def _question(appointment_id: int) -> None:
    with st.container(key="asked", horizontal=True, vertical_alignment="center"):
        show.question(_("Gespräch für alle beenden?"))
        st.button(
            _("Ja, für alle beenden"),
            key="end_yes",
            type="primary",
            on_click=_end,
            args=(appointment_id,),
        )
        st.button(_("Nein"), key="end_no", on_click=_stop_asking)


def _press(appointment_id: int) -> None:
    deeds.attempt(END, _end_or_ask, people.staff_actor, appointment_id)


def _end_or_ask(actor: Actor, now: datetime, appointment_id: int) -> None:
    """Who has come back since the page was drawn is asked about, too."""
    if everybody_has_left(views.meeting(actor, appointment_id)):
        _end_now(actor, now, appointment_id)
    else:
        st.session_state[ASKED] = appointment_id


def _stop_asking() -> None:
    st.session_state.pop(ASKED, None)


def _end(appointment_id: int) -> None:
    deeds.attempt(END, _end_now, people.staff_actor, appointment_id)


def _end_now(actor: Actor, now: datetime, appointment_id: int) -> None:
    with contextlib.suppress(Refused):  # it is over already
        hosting.end(actor, now, appointment_id)
    _stop_asking()
    rooms.recheck(appointment_id)


def over(meeting: views.Meeting) -> None:
    """What became of an appointment that is over."""
    call.hang_up()
    show.text(
        {
            Status.ENDED: _("Das Gespräch ist beendet. Kamera und Mikrofon sind aus."),
            Status.CANCELLED: _("Dieser Termin ist abgesagt."),
            Status.MISSED: _("Dieser Termin ist als nicht erschienen eingetragen."),
        }.get(meeting.status, _("Dieser Termin ist vorbei. Der Raum wurde nicht geöffnet.")),
        "p",
        "lead",
    )
    if meeting.status == Status.CANCELLED:
        invite.show_called_off(meeting)
    if meeting.status == Status.EXPIRED:
        missed_button(meeting)


def cancel_button(meeting: views.Meeting) -> None:
    deeds.button(
        _("Termin absagen"),
        do=_cancel,
        who=people.staff_actor,
        about=(meeting,),
        key="cancel",
        width="content",
    )


def _cancel(actor: Actor, now: datetime, meeting: views.Meeting) -> None:
    planning.cancel(actor, now, meeting.id)
    if staff := people.staff():
        invite.call_off(staff, meeting)


def missed_button(meeting: views.Meeting) -> None:
    deeds.button(
        _("Nicht erschienen"),
        do=planning.record_missed,
        who=people.staff_actor,
        about=(meeting.id,),
        key="missed",
        width="content",
    )


@st.fragment(run_every=updates.SLOWLY)
def next_one(drawn: views.Meeting) -> None:
    """Who comes next today and whether they wait already; after the end one press leads there."""
    staff = people.staff(active=False)
    coming = _next(staff, drawn) if staff else None
    if coming is None:
        return
    show.text(_sentence(coming), "p", "quiet" if drawn.status in seats.LIVE else "lead")
    if drawn.status not in seats.LIVE:
        query = {"termin": str(coming.id)}
        frame.way(_("Zum nächsten Termin"), frame.DESK, "to_next", query)


def _next(staff: SignedIn, drawn: views.Meeting) -> views.Meeting | None:
    """The next one that is soon, or for which somebody waits already."""
    now = clock.now()
    day = clock.berlin(now).date()
    today = known.read(f"agenda {day}", views.agenda, staff.actor, day)
    coming = [each for each in today if each.status in seats.LIVE and each.id != drawn.id]
    return next((each for each in coming if _waits(each) or _is_soon(each, now)), None)


def _is_soon(meeting: views.Meeting, now: datetime) -> bool:
    return meeting.ends_at > now and meeting.starts_at < now + SOON


def _waits(meeting: views.Meeting) -> list[views.Person]:
    return [
        each
        for each in meeting.guests
        if each.status == GuestStatus.WAITING and cards.is_there(meeting, each)
    ]


def _sentence(coming: views.Meeting) -> str:
    names = listed([each.name for each in coming.guests])
    time = words.clock_time(coming.starts_at)
    sentence = _("Nächster Termin: {time} Uhr, {names}").format(time=time, names=names)
    since = [each.waiting_since for each in _waits(coming) if each.waiting_since]
    if since:
        waits = _("wartet {since}").format(since=minutes_since(min(since), clock.now()))
        sentence = f"{sentence}, {waits}"
    return sentence
