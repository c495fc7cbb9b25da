"""The desk of one appointment: who waits, opening, identity, the call, the chat, the end."""

import streamlit as st

from core import clock
from core.appointment import GuestStatus, IdentityProof, Refused, Status
from core.office import hosting, planning, views
from core.office.accounts import SignedIn
from pages.parts import browser, call, chat, frame, invite, people, show
from pages.parts.words import _, minutes_since, moment, why

LIVE = (Status.PLANNED, Status.OPEN)


def do(deed: object, *arguments: object) -> None:
    """Carry out a deed of the signed-in advisor and draw the new state, or say why not."""
    try:
        deed(staff.actor, clock.now(), *arguments)  # type: ignore[operator]
    except Refused as refused:
        st.error(why(refused))
    else:
        st.rerun()


def appointment_id() -> int:
    text = st.query_params.get("termin", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@st.fragment(run_every=1)
def watch(drawn: views.Meeting) -> None:
    """Draw the page anew when something about this appointment has changed."""
    signed_in = people.staff()
    if signed_in is None or views.meeting(signed_in.actor, drawn.id) != drawn:
        st.rerun()


@st.fragment(run_every=1)
def presence(meeting: views.Meeting, person: views.Person) -> None:
    now = clock.now()
    if person.status == GuestStatus.WAITING and person.waiting_since:
        since = minutes_since(person.waiting_since, now)
        show.state(True, _("Wartet {since}").format(since=since))
    elif person.status == GuestStatus.ADMITTED:
        line = call.line_of(meeting.id, f"guest:{person.id}")
        if line is None:
            show.state(None, _("Verbindung wird aufgebaut …"))
        elif not line.camera_on:
            show.state(None, _("Im Gespräch, Kamera aus"))
        else:
            show.state(True, _("Im Gespräch"))
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


def identity(person: views.Person) -> None:
    names = {
        IdentityProof.ID_SHOWN: _("Ausweis in die Kamera gehalten"),
        IdentityProof.KNOWN_PERSON: _("Person ist mir bekannt"),
        IdentityProof.QUESTIONS: _("Fragen richtig beantwortet"),
    }
    if person.identity_how is not None:
        show.state(True, _("Identität geprüft: {how}").format(how=names[person.identity_how]))
        return
    how = st.radio(
        _("Bitte prüfen Sie zuerst die Identität:"),
        list(names),
        format_func=names.__getitem__,
        key=f"how_{person.id}",
    )
    if st.button(
        _("Identität geprüft"), key=f"identity_{person.id}", type="primary", width="stretch"
    ):
        do(hosting.check_identity, person.id, how)


def card(meeting: views.Meeting, person: views.Person) -> None:
    with st.container(border=True, key=f"person_{person.id}"):
        show.text(person.name, "h2", "part")
        presence(meeting, person)
        late = meeting.status == Status.OPEN and person.status == GuestStatus.WAITING
        if late and st.button(_("Einlassen"), key=f"admit_{person.id}", type="primary"):
            do(hosting.admit, person.id)
        if person.status == GuestStatus.ADMITTED:
            identity(person)
            if st.button(_("Zurück in den Warteraum"), key=f"back_{person.id}", width="stretch"):
                do(hosting.send_back, person.id)


def end(meeting: views.Meeting) -> None:
    try:
        hosting.end(staff.actor, clock.now(), meeting.id)
    except Refused as refused:
        st.error(why(refused))
    else:
        call.end_for_all(meeting.id)
        st.rerun()


def further_steps(meeting: views.Meeting, signed_in: SignedIn) -> None:
    with st.expander(_("Weitere Schritte")):
        for person in meeting.guests:
            if st.button(_("Neuen Link senden"), key=f"link_{person.id}"):
                secret = planning.new_link(signed_in.actor, clock.now(), person.id)
                invite.send(signed_in, person.id, secret)
            invite.show_sent()
        if st.button(_("Termin absagen"), key="cancel"):
            do(planning.cancel, meeting.id)
        if clock.now() >= meeting.ends_at and st.button(_("Nicht erschienen"), key="missed"):
            do(planning.record_missed, meeting.id)


def controls(meeting: views.Meeting) -> None:
    for person in meeting.guests:
        card(meeting, person)
    if meeting.status == Status.PLANNED:
        if st.button(_("Beratungsraum öffnen"), type="primary", key="open", width="stretch"):
            do(hosting.open_room, meeting.id)
        further_steps(meeting, staff)
    else:
        if st.button(_("Gespräch beenden"), key="end", width="stretch"):
            end(meeting)
        chat.sidebar(staff.actor, meeting.id)


def over(meeting: views.Meeting) -> None:
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


staff = frame.staff_only()
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
        call.draw(
            here.id,
            views.seat(staff.actor),
            lambda: views.admitted(staff.actor, here.id),
            talking=here.status == Status.OPEN,
        )
    with right:
        controls(here)
else:
    over(here)
watch(here)
browser.help_along(call.start_label(), autostart=here.status == Status.OPEN)
