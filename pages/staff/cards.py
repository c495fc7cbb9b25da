"""The people of an appointment on its desk: how far each is, letting in, identity, sending back."""

from datetime import datetime

import streamlit as st

from core import clock, words
from core.appointment import Actor, GuestStatus, IdentityProof, Status
from core.office import hosting, views
from core.refused import Reason, Refused
from pages.parts import deeds, people, rooms, show
from pages.staff import invite
from pages.tabs.tab import page_open
from pages.words.words import _, minutes_since, role


def draw(meeting: views.Meeting) -> None:
    """Everybody; one identity after the other is checked."""
    to_check = [each for each in meeting.guests if _inside(each) and each.identity_how is None]
    for person in meeting.guests:
        card(meeting, person, check=to_check[:1] == [person])


def card(meeting: views.Meeting, person: views.Person, check: bool) -> None:
    with st.container(border=True, key=f"person_{person.id}", gap="small"):
        show.named(person.name, role(person.role))
        presence(meeting, person)
        invite.show_at_the_desk(person)
        if meeting.status == Status.OPEN and person.status == GuestStatus.WAITING:
            _admit_button(meeting, person)
        if _inside(person):
            identity(meeting, person, check)
            deeds.button(
                _("Zurück in den Warteraum"),
                do=hosting.send_back,
                who=people.staff_actor,
                about=(person.id,),
                key=f"back_{person.id}",
            )


def _inside(person: views.Person) -> bool:
    return person.status == GuestStatus.ADMITTED


def presence(meeting: views.Meeting, person: views.Person) -> None:
    if person.status == GuestStatus.WAITING and person.waiting_since:
        _waits(meeting, person, minutes_since(person.waiting_since, clock.now()))
    elif _inside(person):
        show.state(*_in_the_talk(meeting, person))
    else:
        show.state(
            None,
            {
                GuestStatus.INVITED: _("War noch nicht da"),
                GuestStatus.CONSENTED: _("Prüft das Gerät"),
            }.get(person.status, _("Hat das Gespräch verlassen")),
        )
    if person.technique_failed:
        show.state(False, _("Beim Gerätetest hat etwas nicht funktioniert."))
    if person.other_device and person.status in (GuestStatus.WAITING, GuestStatus.ADMITTED):
        _changed(person.doubted_at)


def _waits(meeting: views.Meeting, person: views.Person, since: str) -> None:
    """A closed page takes nothing from somebody's waiting: it is only said."""
    if is_there(meeting, person):
        show.state(True, _("Wartet {since}").format(since=since))
        return
    show.state(None, _("War da, die Seite ist gerade zu"))
    show.text(_("Im Warteraum {since}").format(since=since), "p", "quiet")


def is_there(meeting: views.Meeting, person: views.Person) -> bool:
    """Whether the visitor's page is open, or their call alive."""
    return page_open(person.seat) or rooms.line_of(meeting.id, person.seat) is not None


def _in_the_talk(meeting: views.Meeting, person: views.Person) -> tuple[bool | None, str]:
    if meeting.private_since is not None:
        return None, _("Spricht gerade ohne Sie")
    line = rooms.line_of(meeting.id, person.seat)
    seen = st.session_state.setdefault("seen", set())
    if line is None:
        lost = person.id in seen
        return (
            (False, _("Verbindung unterbrochen"))
            if lost
            else (None, _("Verbindung wird aufgebaut …"))
        )
    seen.add(person.id)
    sentence = {
        (True, True): _("Im Gespräch"),
        (False, True): _("Im Gespräch, nicht zu sehen"),
        (True, False): _("Im Gespräch, nicht zu hören"),
        (False, False): _("Im Gespräch, nicht zu sehen und nicht zu hören"),
    }[line.camera_on, line.microphone_on]
    return (True if line.camera_on and line.microphone_on else None), sentence


def _changed(at: datetime | None) -> None:
    if at is not None:
        sentence = _(
            "Hat um {time} das Gerät gewechselt. Bitte prüfen Sie die Identität noch einmal."
        )
        show.state(False, sentence.format(time=words.clock_time(at)))


def _admit_button(meeting: views.Meeting, person: views.Person) -> None:
    if meeting.private_since is not None:
        show.text(_("Sie können wieder einlassen, wenn Sie zurück im Gespräch sind."), "p", "quiet")
        return
    deeds.button(
        _("Einlassen"),
        do=hosting.admit,
        who=people.staff_actor,
        about=(person.id, person.device_changed_at),
        key=f"admit_{person.id}",
        kind="primary",
    )


def identity(meeting: views.Meeting, person: views.Person, check: bool) -> None:
    names = {
        IdentityProof.ID_SHOWN: _("Ausweis in die Kamera gehalten"),
        IdentityProof.KNOWN_PERSON: _("Person ist mir bekannt"),
        IdentityProof.QUESTIONS: _("Fragen richtig beantwortet"),
    }
    if person.identity_how is not None:
        show.state(True, _("Identität geprüft: {how}").format(how=names[person.identity_how]))
        return
    if not check or meeting.private_since is not None:
        show.state(None, _("Identität noch nicht geprüft"))
        return
    st.radio(
        _("Bitte prüfen Sie zuerst die Identität:"),
        list(names),
        format_func=names.__getitem__,
        index=None,  # nothing chosen: a press too fast has checked nothing
        key=f"how_{person.id}",
    )
    deeds.button(
        _("Identität geprüft"),
        do=check_identity,
        who=people.staff_actor,
        about=(person.id,),
        key=f"identity_{person.id}",
        kind="primary",
    )


def check_identity(actor: Actor, now: datetime, person_id: int) -> None:
    """The button's deed: what is chosen when it is pressed, not when it was drawn."""
    how = st.session_state[f"how_{person_id}"]
    if how is None:
        raise Refused(Reason.NO_PROOF)
    hosting.check_identity(actor, now, person_id, how)
