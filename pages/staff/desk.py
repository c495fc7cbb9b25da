"""The desk of one appointment: who waits, opening, identity, the call, the chat, the end."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import streamlit as st

from core import access, clock
from core.appointment import Actor, GuestStatus, Status
from core.office import accounts, hosting, planning, seats, views
from core.refused import Away, Refused
from pages.call import call, private_minute
from pages.call.scene import Scene, Seat, others
from pages.parts import chat, deeds, known, page, people, show, updates
from pages.staff import cards, ending, frame, invite, share
from pages.words.words import _, moment, why


def appointment_id() -> int:
    text = st.query_params.get("termin", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@st.fragment(run_every=updates.SLOWLY)
def people_now(drawn: views.Meeting) -> None:
    """Who is there; reruns the page when something about this appointment has changed."""
    updates.redraw("people")
    signed_in = people.staff(active=drawn.status == Status.OPEN)
    if signed_in is None or known.meeting(signed_in.actor, drawn.id) != drawn:
        st.rerun()
    call.stay()
    if drawn.status in seats.LIVE:
        cards.draw(drawn)


def send_new_link(actor: Actor, now: datetime, guest_id: int, secret: str) -> None:
    """The button's deed: the second of two presses has the same secret, and the same answer."""
    signed_in = people.staff()
    if signed_in is None or invite.is_told(secret):
        return
    planning.new_link(actor, now, guest_id, secret)
    st.session_state[invite.LINKS] = {guest_id: secret}
    invite.send(signed_in, guest_id, secret)


def new_links(guests: Sequence[views.Person]) -> None:
    """Where a link has just been sent, there is no button: a press too many hits nothing."""
    secrets = st.session_state.setdefault(invite.LINKS, {})
    for person in guests:
        secret = secrets.setdefault(person.id, access.new_secret())
        if invite.is_told(secret):
            continue
        if len(guests) > 1:
            show.text(person.name)
        deeds.button(
            _("Neuen Link senden"),
            do=send_new_link,
            who=people.staff_actor,
            about=(person.id, secret),
            key=f"link_{person.id}",
            width="content",
        )
    invite.show_sent()


def further_steps(meeting: views.Meeting) -> None:
    with st.expander(_("Weitere Schritte")):
        new_links(meeting.guests)
        ending.cancel_button(meeting)
        if clock.now() >= meeting.ends_at:
            ending.missed_button(meeting)


def controls(meeting: views.Meeting) -> None:
    people_now(meeting)
    ending.next_one(meeting)
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
            new_links(outside)
    chat.sidebar(people.staff_actor, meeting.id)


def scene(staff: Actor, meeting: views.Meeting) -> Scene:
    is_open = meeting.status == Status.OPEN
    talking = is_open and meeting.private_since is None
    nobody = _("Gerade ist niemand zu sehen oder zu hören.")
    return Scene(
        nobody if talking else _("Hier sehen Sie gleich Ihr eigenes Bild."),
        partial(others, staff, meeting.id),
        talking=talking,
        autostart=is_open,
        may_freeze=True,
    )


def seat(staff: Actor, meeting: views.Meeting) -> Seat:
    """The advisor's, with that of their screen."""
    name = views.seat(staff)
    screen = Seat(meeting.id, views.screen_of(name), people.screen_stays(meeting.id))
    return Seat(meeting.id, name, people.staff_stays(meeting.id), screen)


def found(staff: accounts.SignedIn) -> views.Meeting:
    """The appointment of the address; the page ends here where there is none for this person."""
    try:
        return known.meeting(staff.actor, appointment_id())
    except Refused as refused:
        frame.top(staff, _("Beratungsraum"))
        st.error(why(refused))
        st.stop()
    except Away:
        frame.top(staff, _("Beratungsraum"))
        raise


def live(staff: Actor, meeting: views.Meeting) -> None:
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
    names = ", ".join(person.name for person in meeting.guests)
    frame.top(staff, _("Beratungsraum"), f"{names} · {moment(meeting.starts_at)}")
    if meeting.status in seats.LIVE:
        live(staff.actor, meeting)
    else:
        ending.over(meeting)
        ending.next_one(meeting)
        people_now(meeting)
    page.help_along()


main()
