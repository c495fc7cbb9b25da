"""Sending an invitation or a cancellation, and telling the advisor what became of it."""

from email.message import EmailMessage

import streamlit as st
import structlog

from core import clock, invitations
from core.office import accounts, planning, views
from core.settings import Settings, settings
from pages.parts import show
from pages.parts.words import _

log = structlog.get_logger()


def send(staff: accounts.SignedIn, guest_id: int, secret: str, lead: str = "") -> None:
    """Mail the link; keep what happened, after `lead`, for `show_sent`: it shows only once."""
    visit = views.visit(secret)
    if visit is None:
        return
    config = settings()
    link = invitations.link_to(config, secret)
    mail = invitations.compose(
        invitations.Invitation(
            visit.name,
            planning.address_of(staff.actor, guest_id),
            visit.jobcenter_name,
            visit.jobcenter_phone,
            visit.starts_at,
            visit.ends_at,
            link,
        ),
        config,
        clock.now(),
    )
    sent, words = _hand_over(mail, config)
    st.session_state["invited"] = sent, f"{lead} {words}".strip(), visit.name, link
    if sent:
        planning.mail_sent(staff.actor, clock.now(), guest_id)


def call_off(staff: accounts.SignedIn, meeting: views.Meeting) -> None:
    """Tell everybody that it is cancelled; keep for `show_called_off` whether that worked."""
    config, all_sent = settings(), True
    for person in meeting.guests:
        invitation = invitations.Invitation(
            person.name,
            planning.address_of(staff.actor, person.id),
            staff.jobcenter_name,
            staff.jobcenter_phone,
            meeting.starts_at,
            meeting.ends_at,
        )
        sent, _words = _hand_over(invitations.cancellation(invitation, config, clock.now()), config)
        all_sent = all_sent and sent and config.smtp_host is not None
    st.session_state["called_off"] = meeting.id, all_sent


def show_called_off(meeting: views.Meeting) -> None:
    """In the tab where it was called off."""
    number, sent = st.session_state.get("called_off", (None, False))
    if number == meeting.id and sent:
        show.state(True, _("Die Absage ist per E-Mail gesendet."))
    elif number == meeting.id:
        sentence = _("Die Absage wurde nicht per E-Mail gesendet. Bitte sagen Sie anders Bescheid.")
        show.state(False, sentence)


def _hand_over(mail: EmailMessage, config: Settings) -> tuple[bool, str]:
    """Whether the mail is on its way, and what the advisor is told."""
    try:
        invitations.send(mail, config)
    except invitations.NotSent as problem:
        log.warning("mail not sent", kind=str(problem))
        return False, _(
            "Die E-Mail konnte nicht gesendet werden. Bitte geben Sie den Link anders weiter."
        )
    if config.smtp_host is None:
        return False, _(
            "Es ist kein Mailserver eingestellt: Die Einladung liegt nur im Ordner für ausgehende "
            "Post. Bitte geben Sie den Link anders weiter."
        )
    return True, _("Die Einladung ist gesendet.")


def show_sent() -> None:
    """The result and the link, until the page is left; later only its hash is known."""
    if "invited" not in st.session_state:
        return
    good, words, name, link = st.session_state["invited"]
    show.state(good, words)
    show.text(_("Persönlicher Link für {name}, nur jetzt zu sehen:").format(name=name))
    st.code(link, language=None, wrap_lines=True)


def forget_sent() -> None:
    """The page with the link is being left."""
    st.session_state.pop("invited", None)
