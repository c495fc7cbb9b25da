"""The desk of one appointment: who waits, opening, identity, the call, the chat, the end."""

from collections.abc import Sequence

import streamlit as st

from core import clock
from core.appointment import GuestStatus, Status
from core.office import hosting, planning, seats, views
from core.office.accounts import SignedIn
from core.refused import Refused
from pages.parts import (
    browser,
    call,
    chat,
    company,
    deeds,
    frame,
    invite,
    live,
    minute,
    people,
    share,
    show,
)
from pages.parts.words import _, moment, why
from pages.staff import cards, ending


def appointment_id() -> int:
    text = st.query_params.get("termin", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@st.fragment(run_every=live.SLOWLY)
def people_now(drawn: views.Meeting) -> None:
    """Who is there, and the page anew when something about this appointment has changed."""
    live.redraw("people")
    signed_in = people.staff(active=drawn.status == Status.OPEN)
    if signed_in is None or views.meeting(signed_in.actor, drawn.id) != drawn:
        st.rerun()
    if drawn.status in seats.LIVE:
        cards.draw(drawn)


def send_new_link(signed_in: SignedIn, person: views.Person) -> None:
    try:
        secret = planning.new_link(signed_in.actor, clock.now(), person.id)
    except Refused as refused:
        st.error(why(refused))
    else:
        invite.send(signed_in, person.id, secret)


def new_links(guests: Sequence[views.Person], signed_in: SignedIn) -> None:
    for person in guests:
        if len(guests) > 1:
            show.text(person.name)
        if st.button(_("Neuen Link senden"), key=f"link_{person.id}"):
            send_new_link(signed_in, person)
    invite.show_sent()


def further_steps(meeting: views.Meeting, signed_in: SignedIn) -> None:
    with st.expander(_("Weitere Schritte")):
        new_links(meeting.guests, signed_in)
        ending.cancel_button(meeting)
        if clock.now() >= meeting.ends_at:
            ending.missed_button(meeting)


def controls(meeting: views.Meeting) -> None:
    people_now(meeting)
    ending.next_one(meeting)
    if meeting.status == Status.PLANNED:
        open_room = _("Beratungsraum öffnen"), hosting.open_room, people.staff_actor, meeting.id
        seen = {person.id: person.device_changed_at for person in meeting.guests}
        deeds.button(*open_room, seen, key="open", kind="primary")
        further_steps(meeting, staff)
        return
    if outside := [person for person in meeting.guests if person.status != GuestStatus.ADMITTED]:
        with st.expander(_("Weitere Schritte")):
            new_links(outside, staff)
    chat.sidebar(people.staff_actor, meeting.id)


def scene(meeting: views.Meeting) -> call.Scene:
    is_open = meeting.status == Status.OPEN
    talking = is_open and meeting.private_since is None
    nobody = _("Gerade ist niemand zu sehen oder zu hören.")
    return call.Scene(
        nobody if talking else _("Hier sehen Sie gleich Ihr eigenes Bild."),
        company.others(staff.actor, meeting.id),
        talking=talking,
        autostart=is_open,
        may_freeze=True,
    )


def seat(meeting: views.Meeting) -> call.Seat:
    """The advisor's, with that of their screen."""
    name = views.seat(staff.actor)
    screen = call.Seat(meeting.id, views.screen_of(name), people.screen_stays(meeting.id))
    return call.Seat(meeting.id, name, people.staff_stays(meeting.id), screen)


staff = frame.staff_only(appointment_id())
try:
    here = views.meeting(staff.actor, appointment_id())
except Refused as refused:
    frame.top(staff, _("Beratungsraum"))
    st.error(why(refused))
    st.stop()

is_live = here.status in seats.LIVE
names = ", ".join(person.name for person in here.guests)
frame.top(staff, _("Beratungsraum"), f"{names} · {moment(here.starts_at)}")
if is_live:
    left, right = st.columns([5, 3])
    with left, st.container(key="picture"):
        call.draw(seat(here), scene(here))
    with right:
        controls(here)
    if here.status == Status.OPEN:
        # Far from where "öffnen" was: a second click there must not end the talk.
        with left, st.container(key="tools"):
            if here.private_since is None:
                share.draw(here.id)
            minute.say_at_the_desk(here)
            ending.draw(here, beside=minute.at_the_desk)
else:
    ending.over(here)
    ending.next_one(here)
    people_now(here)
browser.help_along()
