"""The people of an appointment on its desk: how far each is, letting in, identity, sending back."""

from datetime import datetime

import streamlit as st

from core import clock
from core.appointment import GuestStatus, Status
from core.languages import SOURCE
from core.office import advisor_view, hosting
from pages.parts import deeds, people, rooms, show
from pages.staff import identity, mail_result, technique
from pages.staff.words import called, language_name, minutes_since
from pages.tabs.tab import page_open
from pages.words.words import _, clock_time, role, translate


def draw(meeting: advisor_view.Meeting) -> None:
    """Everybody; one identity after the other is checked."""
    to_check = [each for each in meeting.guests if _inside(each) and each.identity_how is None]
    for person in meeting.guests:
        card(meeting, person, check=to_check[:1] == [person])


def card(meeting: advisor_view.Meeting, person: advisor_view.Person, check: bool) -> None:
    with st.container(border=True, key=f"person_{person.id}", gap="small"):
        show.named(called(person), role(person.role, translate()))
        presence(meeting, person)
        if person.language not in (None, SOURCE):
            reads = _("Liest {language}").format(language=language_name(person.language))
            show.text(reads, "p", "quiet")
        mail_result.show_at_the_desk(person)
        if meeting.status == Status.OPEN and person.status == GuestStatus.WAITING:
            _admit_button(meeting, person)
        if _inside(person):
            identity.draw(meeting, person, check)
            deeds.button(
                _("Zurück in den Warteraum"),
                do=hosting.send_back,
                who=people.staff_actor,
                about=(person.id,),
                key=f"back_{person.id}",
            )


def _inside(person: advisor_view.Person) -> bool:
    return person.status == GuestStatus.ADMITTED


def presence(meeting: advisor_view.Meeting, person: advisor_view.Person) -> None:
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
    technique.say(meeting.id, person)
    if person.other_device and person.status in (GuestStatus.WAITING, GuestStatus.ADMITTED):
        _changed(person.doubted_at)


def _waits(meeting: advisor_view.Meeting, person: advisor_view.Person, since: str) -> None:
    """A closed page takes nothing from somebody's waiting: it is only said."""
    if is_there(meeting, person):
        show.state(True, _("Wartet {since}").format(since=since))
        return
    show.state(None, _("War da, die Seite ist gerade zu"))
    show.text(_("Im Warteraum {since}").format(since=since), "p", "quiet")


def is_there(meeting: advisor_view.Meeting, person: advisor_view.Person) -> bool:
    """Whether the visitor's page is open, or their call alive."""
    return page_open(person.seat) or rooms.line_of(meeting.id, person.seat) is not None


def _in_the_talk(
    meeting: advisor_view.Meeting, person: advisor_view.Person
) -> tuple[bool | None, str]:
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
        show.state(False, sentence.format(time=clock_time(at)))


def _admit_button(meeting: advisor_view.Meeting, person: advisor_view.Person) -> None:
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
