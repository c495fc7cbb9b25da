"""
Handing over an invitation or a cancellation, and keeping what a tab has to tell of it.

No page waits for a mail server longer than a moment: the mail goes on by itself (`core.post`).
"""

from dataclasses import dataclass
from functools import partial

import streamlit as st
import structlog
from sqlalchemy.exc import SQLAlchemyError

from core import clock, hub, invitations
from core.appointment import Actor
from core.languages import SOURCE
from core.office import advisor_view, guest_view, inviting, staff_sessions
from core.post import POST, Letter, State
from core.refused import Away, Undone
from core.settings import settings

MOMENT = 1.5  # seconds a page waits: most mail servers have answered by then
# Of the appointment that is being planned (pages/staff/appointment.py): what was typed, while its
# fields are not drawn; what is looked at, with the secret of its link; what was wrong with it.
TYPED, LOOKED_AT, NOT_PLANNED = "typed", "looked_at", "not_planned"
LINKS = "links"  # by the guest's id: the secret that the next press of theirs is going to use
log = structlog.get_logger()


@dataclass(frozen=True)
class Invited:
    """What a tab shows of an invitation that was just made, until it is left."""

    planned: bool  # just now, with this invitation
    name: str
    link: str
    letter: Letter


def send(staff: staff_sessions.SignedIn, guest_id: int, secret: str, planned: bool = False) -> None:
    """Mail the link; keep it with what becomes of it, for `mail_result`."""
    config = settings()
    link = invitations.link_to(config, secret)
    try:
        visit, address = guest_view.visit(secret), inviting.address_of(staff.actor, guest_id)
    except Away:  # the link is good, and can be given otherwise
        lost = Letter(None, "", State.NOT_SENT)
        st.session_state["invited"] = Invited(planned, "", link, lost)
        return
    if visit is None:
        return
    invitation = invitations.Invitation(
        visit.name,
        address,
        visit.jobcenter_name,
        visit.jobcenter_phone,
        visit.starts_at,
        visit.ends_at,
        link,
        _written_in(visit.language),
    )
    mail = invitations.compose(invitation, config, clock.now())
    told = partial(_invited, staff.actor, visit.appointment_id, guest_id)
    letter = POST.hand_over(guest_id, mail, link, config, told)
    letter.settled.wait(MOMENT)
    st.session_state["invited"] = Invited(planned, visit.name, link, letter)


def _written_in(language: str | None) -> str:
    """What mails to somebody are in; what is no longer offered may have no catalogue any more."""
    return language if language is not None and language in settings().languages else SOURCE


def call_off(staff: staff_sessions.SignedIn, meeting: advisor_view.Meeting) -> None:
    """Tell everybody that it is cancelled; `mail_result` says whether that works."""
    config = settings()
    letters = []
    for person in meeting.guests:
        try:
            address = inviting.address_of(staff.actor, person.id)
        except Away:
            letters.append(Letter(None, "", State.NOT_SENT))
            continue
        invitation = invitations.Invitation(
            person.name,
            address,
            staff.jobcenter_name,
            staff.jobcenter_phone,
            meeting.starts_at,
            meeting.ends_at,
            language=_written_in(person.language),
        )
        mail = invitations.cancellation(invitation, config, clock.now())
        told = partial(_say, staff.actor, meeting.id)
        letters.append(POST.hand_over(person.id, mail, "", config, told))
    for letter in letters:
        if letter.state is State.ON_ITS_WAY:
            letter.settled.wait(MOMENT / len(letters))
    st.session_state["called_off"] = meeting.id, letters


def _invited(actor: Actor, appointment_id: int, guest_id: int, sent: bool) -> None:
    """Beside the pages: keep that it is sent, and have them tell."""
    if sent and settings().smtp_host is not None:
        try:
            inviting.mail_sent(actor, clock.now(), guest_id)
        except (Undone, SQLAlchemyError) as problem:
            log.warning("mail sent, and not noted", kind=type(problem).__name__)
    _say(actor, appointment_id, sent)


def _say(actor: Actor, appointment_id: int, _sent: bool) -> None:
    if actor.id is not None:
        hub.HUB.changed([hub.staff(actor.id), hub.appointment(appointment_id)])


def is_told(secret: str = "") -> bool:
    """Whether the result is still to be seen here: of any link, or of the one with this secret."""
    invited: Invited | None = st.session_state.get("invited")
    return invited is not None and invited.link.endswith(secret)


def forget_sent() -> None:
    """It is about something else now."""
    st.session_state.pop("invited", None)


def leave() -> None:
    """The page with the link, or with what was going to be one, is being left."""
    forget_sent()
    for name in (TYPED, LOOKED_AT, NOT_PLANNED, LINKS):
        st.session_state.pop(name, None)
