"""The desk of one appointment: who waits, opening, identity, the call, the chat, the end."""

from functools import partial

import streamlit as st

from core import clock
from core.appointment import Actor, GuestStatus, Status
from core.office import advisor_view, hosting, seat_names, seats, staff_sessions
from core.refused import Away, Refused
from pages.call import call, private_minute, stays
from pages.call.scene import Scene, Seat, others
from pages.parts import chat, deeds, known, page, people, updates
from pages.staff import cards, ending, frame, new_link, next_one, share
from pages.staff.words import called
from pages.words.words import _, language, moment, why


def appointment_id() -> int:
    text = st.query_params.get("termin", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@st.fragment(run_every=updates.SLOWLY)
def people_now(drawn: advisor_view.Meeting) -> None:
    """Who is there; reruns the page when something about this appointment has changed."""
    updates.redraw("people")
    signed_in = people.staff(active=drawn.status == Status.OPEN)
    if signed_in is None or known.meeting(signed_in.actor, drawn.id) != drawn:
        st.rerun()
    call.stay()
    if drawn.status in seats.LIVE:
        cards.draw(drawn)


def further_steps(meeting: advisor_view.Meeting) -> None:
    with st.expander(_("Weitere Schritte")):
        new_link.draw(meeting.guests)
        ending.cancel_button(meeting)
        if clock.now() >= meeting.ends_at:
            ending.missed_button(meeting)


def controls(meeting: advisor_view.Meeting) -> None:
    people_now(meeting)
    next_one.draw(meeting)
    if meeting.status == Status.PLANNED:
        seen = {person.id: person.device_changed_at for person in meeting.guests}
        deeds.button(
            _("Beratungsraum öffnen"),
            do=hosting.open_room,
            who=people.staff_actor,
            about=(meeting.id, seen),
            key="open",
            kind="primary",
        )
        further_steps(meeting)
        return
    if outside := [person for person in meeting.guests if person.status != GuestStatus.ADMITTED]:
        with st.expander(_("Weitere Schritte")):
            new_link.draw(outside)
    chat.sidebar(people.staff_actor, meeting.id)


def scene(staff: Actor, meeting: advisor_view.Meeting) -> Scene:
    is_open = meeting.status == Status.OPEN
    talking = is_open and meeting.private_since is None
    nobody = _("Gerade ist niemand zu sehen oder zu hören.")
    return Scene(
        nobody if talking else _("Hier sehen Sie gleich Ihr eigenes Bild."),
        partial(others, staff, meeting.id, language()),
        talking=talking,
        autostart=is_open,
        may_freeze=True,
    )


def seat(staff: Actor, meeting: advisor_view.Meeting) -> Seat:
    """The advisor's, with that of their screen."""
    name = seat_names.seat(staff)
    screen = Seat(meeting.id, seat_names.screen_of(name), stays.screen_stays(meeting.id))
    return Seat(meeting.id, name, stays.staff_stays(meeting.id), screen)


def found(staff: staff_sessions.SignedIn) -> advisor_view.Meeting:
    """The appointment of the address; the page ends here where there is none for this person."""
    try:
        return known.meeting(staff.actor, appointment_id())
    except Refused as refused:
        frame.top(staff, _("Beratungsraum"))
        st.error(why(refused))
        page.foot()
        st.stop()
    except Away:
        frame.top(staff, _("Beratungsraum"))
        raise


def live(staff: Actor, meeting: advisor_view.Meeting) -> None:
    left, right = st.columns([5, 3])
    with left, st.container(key="picture"):
        call.draw(seat(staff, meeting), scene(staff, meeting))
    with right:
        controls(meeting)
    if meeting.status == Status.OPEN:
        # Far from where "öffnen" was: a second click there must not end the talk.
        with left, st.container(key="tools"):
            if meeting.private_since is None:
                share.draw(meeting.id)
            private_minute.say_at_the_desk(meeting)
            ending.draw(meeting, beside=private_minute.at_the_desk)


def main() -> None:
    staff = frame.staff_only(appointment_id())
    meeting = found(staff)
    names = ", ".join(called(person) for person in meeting.guests)
    frame.top(staff, _("Beratungsraum"), f"{names} · {moment(meeting.starts_at)}")
    if meeting.status in seats.LIVE:
        live(staff.actor, meeting)
    else:
        ending.over(meeting)
        next_one.draw(meeting)
        people_now(meeting)
    page.foot(in_call=meeting.status in seats.LIVE)
    page.help_along()


main()
