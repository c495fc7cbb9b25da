"""The desk of one appointment: who waits, opening, identity, the call, the chat, the end."""

import contextlib
from collections.abc import Iterable
from datetime import datetime

import streamlit as st

from core import clock, words
from core.appointment import Actor, GuestStatus, IdentityProof, Status
from core.office import hosting, planning, seats, views
from core.office.accounts import SignedIn
from core.refused import Reason, Refused
from pages.parts import browser, call, chat, deeds, frame, invite, people, show
from pages.parts.words import _, minutes_since, moment, why

LIVE = (Status.PLANNED, Status.OPEN)
OUTSIDE = (GuestStatus.INVITED, GuestStatus.CONSENTED, GuestStatus.WAITING)


def appointment_id() -> int:
    text = st.query_params.get("termin", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@st.fragment(run_every=1)
def people_now(drawn: views.Meeting) -> None:
    """Who is there, and the page anew when something about this appointment has changed."""
    signed_in = people.staff(active=drawn.status == Status.OPEN)
    if signed_in is None or views.meeting(signed_in.actor, drawn.id) != drawn:
        st.rerun()
    for person in drawn.guests if drawn.status in LIVE else ():
        card(drawn, person)


def presence(meeting: views.Meeting, person: views.Person) -> None:
    now = clock.now()
    if person.status == GuestStatus.WAITING and person.waiting_since:
        since = minutes_since(person.waiting_since, now)
        show.state(True, _("Wartet {since}").format(since=since))
    elif person.status == GuestStatus.ADMITTED:
        line = call.line_of(meeting.id, person.seat)
        seen = st.session_state.setdefault("seen", set())
        if line is None and person.id in seen:
            show.state(False, _("Verbindung unterbrochen"))
        elif line is None:
            show.state(None, _("Verbindung wird aufgebaut …"))
        elif not line.camera_on:
            show.state(None, _("Im Gespräch, Kamera aus"))
        else:
            show.state(True, _("Im Gespräch"))
        if line is not None:
            seen.add(person.id)
    else:
        show.state(
            None,
            {
                GuestStatus.INVITED: _("War noch nicht da"),
                GuestStatus.CONSENTED: _("Prüft das Gerät"),
            }.get(person.status, _("Ist gegangen")),
        )
    if person.technique_failed:
        show.state(False, _("Beim Gerätetest hat etwas nicht funktioniert."))
    if person.other_device and person.status in (GuestStatus.WAITING, GuestStatus.ADMITTED):
        changed(person.device_changed_at)


def changed(at: datetime | None) -> None:
    if at is not None:
        sentence = _(
            "Hat um {time} das Gerät gewechselt. Bitte prüfen Sie die Identität noch einmal."
        )
        show.state(False, sentence.format(time=words.clock_time(at)))


def identity(person: views.Person) -> None:
    names = {
        IdentityProof.ID_SHOWN: _("Ausweis in die Kamera gehalten"),
        IdentityProof.KNOWN_PERSON: _("Person ist mir bekannt"),
        IdentityProof.QUESTIONS: _("Fragen richtig beantwortet"),
    }
    if person.identity_how is not None:
        show.state(True, _("Identität geprüft: {how}").format(how=names[person.identity_how]))
        return
    st.radio(
        _("Bitte prüfen Sie zuerst die Identität:"),
        list(names),
        format_func=names.__getitem__,
        index=None,  # whoever presses too fast has checked nothing
        key=f"how_{person.id}",
    )
    checked = _("Identität geprüft"), check_identity, people.staff_actor, person.id
    deeds.button(*checked, key=f"identity_{person.id}", kind="primary")


def check_identity(actor: Actor, now: datetime, person_id: int) -> None:
    """The button's deed: what is chosen when it is pressed, not when it was drawn."""
    how = st.session_state[f"how_{person_id}"]
    if how is None:
        raise Refused(Reason.NO_PROOF)
    hosting.check_identity(actor, now, person_id, how)


def card(meeting: views.Meeting, person: views.Person) -> None:
    with st.container(border=True, key=f"person_{person.id}"):
        show.text(person.name, "h2", "part")
        presence(meeting, person)
        late = meeting.status == Status.OPEN and person.status == GuestStatus.WAITING
        if late:
            admit = _("Einlassen"), hosting.admit, people.staff_actor, person.id
            seen = person.device_changed_at
            deeds.button(*admit, seen, key=f"admit_{person.id}", kind="primary")
        if person.status == GuestStatus.ADMITTED:
            identity(person)
            send_back = (
                _("Zurück in den Warteraum"),
                hosting.send_back,
                people.staff_actor,
                person.id,
            )
            deeds.button(*send_back, key=f"back_{person.id}")


def end(meeting: views.Meeting) -> None:
    actor = people.staff_actor()
    if actor is None:
        return  # signed out since the page was drawn
    with contextlib.suppress(Refused):  # the other side was quicker
        hosting.end(actor, clock.now(), meeting.id)
    call.ask(meeting.id)


def send_new_link(signed_in: SignedIn, person: views.Person) -> None:
    try:
        secret = planning.new_link(signed_in.actor, clock.now(), person.id)
    except Refused as refused:
        st.error(why(refused))
    else:
        invite.send(signed_in, person.id, secret)


def new_links(guests: Iterable[views.Person], signed_in: SignedIn) -> None:
    for person in guests:
        if st.button(_("Neuen Link senden"), key=f"link_{person.id}"):
            send_new_link(signed_in, person)
    invite.show_sent()


def further_steps(meeting: views.Meeting, signed_in: SignedIn) -> None:
    with st.expander(_("Weitere Schritte")):
        new_links(meeting.guests, signed_in)
        deeds.button(
            _("Termin absagen"),
            planning.cancel,
            people.staff_actor,
            meeting.id,
            key="cancel",
            width="content",
        )
        if clock.now() >= meeting.ends_at:
            missed_button(meeting)


def controls(meeting: views.Meeting) -> None:
    people_now(meeting)
    if meeting.status == Status.PLANNED:
        open_room = _("Beratungsraum öffnen"), hosting.open_room, people.staff_actor, meeting.id
        seen = {person.id: person.device_changed_at for person in meeting.guests}
        deeds.button(*open_room, seen, key="open", kind="primary")
        further_steps(meeting, staff)
        return
    if outside := [person for person in meeting.guests if person.status in OUTSIDE]:
        with st.expander(_("Weitere Schritte")):
            new_links(outside, staff)
    chat.sidebar(people.staff_actor, meeting.id)


def scene(meeting: views.Meeting) -> call.Scene:
    talking = meeting.status == Status.OPEN
    nobody = _("Noch ist niemand im Gespräch.")
    return call.Scene(
        nobody if talking else _("Hier sehen Sie gleich Ihr eigenes Bild."),
        tuple(call.Other(person.seat, person.name) for person in meeting.guests),
        talking=talking,
        autostart=talking,
        may_freeze=True,
    )
    if meeting.status == Status.EXPIRED:
        missed_button(meeting)


def missed_button(meeting: views.Meeting) -> None:
    missed = _("Nicht erschienen"), planning.record_missed, people.staff_actor, meeting.id
    deeds.button(*missed, key="missed", width="content")


staff = frame.staff_only(appointment_id())
try:
    here = views.meeting(staff.actor, appointment_id())
except Refused as refused:
    frame.top(staff, _("Beratungsraum"))
    st.error(why(refused))
    st.stop()

live = here.status in LIVE
frame.top(staff, _("Beratungsraum"))
names = ", ".join(person.name for person in here.guests)
show.text(f"{names} · {moment(here.starts_at)}", "p", "lead")
if live:
    left, right = st.columns([5, 3])
    with left, st.container(key="picture"):
        seat = call.Seat(
            here.id,
            views.seat(staff.actor),
            lambda: seats.inside(staff.actor, here.id),
            people.staff_stays(here.id),
        )
        call.draw(seat, scene(here))
    with right:
        controls(here)
    if here.status == Status.OPEN:
        # Far from where "öffnen" was: a second click there must not end the talk.
        left.button(_("Gespräch beenden"), key="end", on_click=end, args=(here,))
else:
    over(here)
    people_now(here)
browser.help_along()
