"""
Handing over an invitation or a cancellation, and telling the advisor what becomes of it.

No page waits for a mail server longer than a moment: the mail goes on by itself (`core.post`).
"""

from dataclasses import dataclass
from functools import partial

import streamlit as st
import structlog
from sqlalchemy.exc import SQLAlchemyError

from core import clock, hub, invitations
from core.appointment import Actor, GuestStatus
from core.office import accounts, planning, views
from core.post import POST, Letter, State
from core.refused import Away, Undone
from core.settings import settings
from pages.parts import show, updates
from pages.words.words import _

MOMENT = 1.5  # seconds a page waits: most mail servers have answered by then
# Of the appointment that is being planned (pages/staff/appointment.py): what was typed, while its
# fields are not drawn; what is looked at, with the secret of its link; what was wrong with it.
TYPED, LOOKED_AT, NOT_PLANNED = "typed", "looked_at", "not_planned"
LINKS = "links"  # by the guest's id: the secret that the next press of theirs is going to use
log = structlog.get_logger()


@dataclass(frozen=True)
class Invited:
    """What a tab shows of an invitation that was just made, until it is left."""

    lead: str
    name: str
    link: str
    letter: Letter


def send(staff: accounts.SignedIn, guest_id: int, secret: str, lead: str = "") -> None:
    """Mail the link; keep it with what becomes of it, after `lead`, for `show_sent`."""
    config = settings()
    link = invitations.link_to(config, secret)
    try:
        visit, address = views.visit(secret), planning.address_of(staff.actor, guest_id)
    except Away:  # the link is good, and can be given otherwise
        lost = Letter(None, "", State.NOT_SENT)
        st.session_state["invited"] = Invited(lead, "", link, lost)
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
    )
    mail = invitations.compose(invitation, config, clock.now())
    told = partial(_invited, staff.actor, visit.appointment_id, guest_id)
    letter = POST.hand_over(guest_id, mail, link, config, told)
    letter.settled.wait(MOMENT)
    st.session_state["invited"] = Invited(lead, visit.name, link, letter)


def call_off(staff: accounts.SignedIn, meeting: views.Meeting) -> None:
    """Tell everybody that it is cancelled; `show_called_off` says whether that works."""
    config = settings()
    letters = []
    for person in meeting.guests:
        try:
            address = planning.address_of(staff.actor, person.id)
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
            planning.mail_sent(actor, clock.now(), guest_id)
        except (Undone, SQLAlchemyError) as problem:
            log.warning("mail sent, and not noted", kind=type(problem).__name__)
    _say(actor, appointment_id, sent)


def _say(actor: Actor, appointment_id: int, _sent: bool) -> None:
    if actor.id is not None:
        hub.HUB.changed([hub.staff(actor.id), hub.appointment(appointment_id)])


@st.fragment(run_every=updates.SLOWLY)
def show_called_off(meeting: views.Meeting) -> None:
    """In the tab where it was called off."""
    updates.redraw("called_off")
    number, letters = st.session_state.get("called_off", (None, []))
    if number != meeting.id:
        return
    states = {letter.state for letter in letters}
    if State.NOT_SENT in states or settings().smtp_host is None:
        sentence = _("Die Absage wurde nicht per E-Mail gesendet. Bitte sagen Sie anders Bescheid.")
        show.state(False, sentence)
    elif State.ON_ITS_WAY in states:
        show.state(None, _("Die Absage ist noch nicht gesendet. Wir versuchen es weiter."))
    else:
        show.state(True, _("Die Absage ist per E-Mail gesendet."))


@st.fragment(run_every=updates.SLOWLY)
def show_sent() -> None:
    """The result and the link, until the page is left; later only its hash is known."""
    updates.redraw("sent")
    invited: Invited | None = st.session_state.get("invited")
    if invited is None:
        return
    good, words = _became(invited.letter.state)
    show.state(good, f"{invited.lead} {words}".strip())
    if invited.name:
        show.text(_("Persönlicher Link für {name}, nur jetzt zu sehen:").format(name=invited.name))
    else:
        show.text(_("Persönlicher Link, nur jetzt zu sehen:"))
    st.code(invited.link, language=None, wrap_lines=True)


def _became(state: State) -> tuple[bool | None, str]:
    """Whether the mail is sent, and what the advisor is told to do."""
    if state is State.NOT_SENT:
        return False, _(
            "Die E-Mail konnte nicht gesendet werden. Bitte geben Sie den Link anders weiter."
        )
    if state is State.ON_ITS_WAY:
        return None, _(
            "Die E-Mail ist noch nicht gesendet. Wir versuchen es weiter. "
            "Wenn es eilt, geben Sie den Link bitte anders weiter."
        )
    if settings().smtp_host is None:
        return False, _(
            "Es ist kein Mailserver eingestellt: Die Einladung liegt nur im Ordner für ausgehende "
            "Post. Bitte geben Sie den Link anders weiter."
        )
    return True, _("Die Einladung ist gesendet.")


def show_at_the_desk(person: views.Person) -> None:
    """After a reload or a restart, too: whether somebody who was not there yet has their mail."""
    if person.status != GuestStatus.INVITED or person.mailed or settings().smtp_host is None:
        return
    letter = POST.letter(person.id)
    if letter is not None and letter.state is State.ON_ITS_WAY:
        show.state(None, _("Die Einladung ist noch nicht gesendet. Wir versuchen es weiter."))
        if link := letter.link:
            show.text(_("Wenn es eilt, geben Sie den Link bitte anders weiter:"))
            st.code(link, language=None, wrap_lines=True)
        return
    show.state(False, _("Die Einladung ist nicht per E-Mail gesendet."))
    show.text(
        _(
            "Haben Sie den Link nicht anders weitergegeben? Unter „Weitere Schritte“ können Sie "
            "einen neuen senden."
        )
    )


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
