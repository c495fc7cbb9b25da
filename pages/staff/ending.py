"""How a talk ends at the desk: one question before, and what is over."""

import contextlib
from collections.abc import Callable
from datetime import datetime

import streamlit as st

from core.appointment import Actor, GuestStatus, Status
from core.office import advisor_view, closing, hosting
from core.refused import Refused
from pages.call import call
from pages.parts import deeds, people, rooms, show
from pages.staff import invite, mail_result
from pages.staff.words import called
from pages.words.words import _, listed

END = "end"
ASKED = "asked_to_end"  # which appointment's end is in question


def draw(meeting: advisor_view.Meeting, beside: Callable[[advisor_view.Meeting], None]) -> None:
    """The button, in one row with `beside`; with nobody to lose anything it asks nothing."""
    gone = [called(each) for each in meeting.guests if each.status == GuestStatus.LEFT]
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


def everybody_has_left(meeting: advisor_view.Meeting) -> bool:
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
    if everybody_has_left(advisor_view.meeting(actor, appointment_id)):
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


def over(meeting: advisor_view.Meeting) -> None:
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
        mail_result.show_called_off(meeting)
    if meeting.status == Status.EXPIRED:
        missed_button(meeting)


def cancel_button(meeting: advisor_view.Meeting) -> None:
    deeds.button(
        _("Termin absagen"),
        do=_cancel,
        who=people.staff_actor,
        about=(meeting,),
        key="cancel",
        width="content",
    )


def _cancel(actor: Actor, now: datetime, meeting: advisor_view.Meeting) -> None:
    closing.cancel(actor, now, meeting.id)
    if staff := people.staff():
        invite.call_off(staff, meeting)


def missed_button(meeting: advisor_view.Meeting) -> None:
    deeds.button(
        _("Nicht erschienen"),
        do=closing.record_missed,
        who=people.staff_actor,
        about=(meeting.id,),
        key="missed",
        width="content",
    )
