"""The private minute in words and buttons: at the desk and on a guest's page."""

from datetime import datetime

import streamlit as st

from core.appointment import Actor, GuestRole, GuestStatus
from core.office import advisor_view, guest_view, private
from core.refused import Refused
from pages.parts import deeds, known, people, rooms, show
from pages.words.words import _, listed


def at_the_desk(meeting: advisor_view.Meeting) -> None:
    """The way to leave the others alone, or the way back."""
    if meeting.private_since is not None:
        _come_back_button(meeting)
    elif len(_inside(meeting)) > 1:
        deeds.button(
            _("Die anderen kurz allein lassen"),
            do=_begin,
            who=people.staff_actor,
            about=(meeting.id,),
            key="private",
            width="content",
        )


def _inside(meeting: advisor_view.Meeting) -> list[str]:
    return [each.name for each in meeting.guests if each.status == GuestStatus.ADMITTED]


def say_at_the_desk(meeting: advisor_view.Meeting) -> None:
    """What goes on."""
    if meeting.private_since is not None:
        with st.container(key="minute", gap="small"):
            _words_at_the_desk(meeting, _inside(meeting))


def _words_at_the_desk(meeting: advisor_view.Meeting, inside: list[str]) -> None:
    show.state(False, _("Sie werden jetzt nicht gehört und nicht gesehen."))
    if len(inside) > 1:
        sentence = _("Nur {names} hören und sehen sich. Was sie jetzt schreiben, lesen Sie nicht.")
    else:
        sentence = _("{names} ist gerade allein im Gespräch.")
    show.text(sentence.format(names=listed(inside)))
    if meeting.knocked_at is not None:
        show.state(
            None,
            _(
                "Die anderen lesen, dass Sie zurückkommen möchten. Bitte lassen Sie ihnen eine "
                "halbe Minute Zeit."
            ),
        )


def _come_back_button(meeting: advisor_view.Meeting) -> None:
    label = _("Zurück ins Gespräch") if meeting.knocked_at is None else _("Jetzt zurückkommen")
    deeds.button(
        label,
        do=_come_back,
        who=people.staff_actor,
        about=(meeting.id, meeting.knocked_at is None),
        key="back_in",
        kind="primary",
        width="content",
    )


def others(visit: guest_view.Visit) -> tuple[str, ...]:
    """Who is inside beside this guest; nobody, when the page is about to say that they are not."""
    try:
        asked = visit.actor, visit.appointment_id
        return known.read(f"others {visit.appointment_id}", private.others, *asked)
    except Refused:
        return ()


def say_to_a_guest(visit: guest_view.Visit) -> None:
    """Whom they hear, and who hears them."""
    if visit.private:
        with st.container(key="minute", gap="small"):
            _words_to_a_guest(visit, others(visit))


def of_a_guest(visit: guest_view.Visit) -> None:
    """The way to begin or end it."""
    if visit.private:
        deeds.button(
            _("Wieder mit dem Jobcenter sprechen"),
            do=_end,
            who=people.visiting_actor,
            about=(visit.appointment_id,),
            key="fetch",
            kind="primary" if visit.knocked else "secondary",
            width="content",
        )
    elif visit.role == GuestRole.CLIENT and others(visit):
        deeds.button(
            _("Kurz ohne das Jobcenter sprechen"),
            do=_begin,
            who=people.visiting_actor,
            about=(visit.appointment_id,),
            key="private",
            width="content",
        )


def _words_to_a_guest(visit: guest_view.Visit, others: tuple[str, ...]) -> None:
    if visit.knocked:
        sentence = _("{advisor} möchte zurückkommen. Bitte sprechen Sie zu Ende.")
        show.state(False, sentence.format(advisor=visit.advisor_name))
    if others:
        sentence = _("Nur Sie und {names} hören und sehen sich.")
        show.state(True, sentence.format(names=listed(others)))
    else:
        show.state(None, _("Sie sind gerade allein im Gespräch."))
    sentence = _("{advisor} hört und sieht Sie nicht und liest nicht, was Sie jetzt schreiben.")
    show.text(sentence.format(advisor=visit.advisor_name))


def _begin(actor: Actor, now: datetime, appointment_id: int) -> None:
    private.begin(actor, now, appointment_id)
    rooms.recheck(appointment_id)


def _end(actor: Actor, now: datetime, appointment_id: int) -> None:
    private.end(actor, now, appointment_id)
    rooms.recheck(appointment_id)


def _come_back(actor: Actor, now: datetime, appointment_id: int, first: bool) -> None:
    """The first press knocks; the next one, after some time, leads back."""
    if first:
        private.knock(actor, now, appointment_id)
    else:
        _end(actor, now, appointment_id)
