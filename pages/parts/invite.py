"""Sending an invitation and telling the advisor what became of it."""

import streamlit as st

from core import clock, invitations
from core.office import accounts, planning, views
from core.settings import settings
from pages.parts import show
from pages.parts.words import _


def send(staff: accounts.SignedIn, guest_id: int, secret: str) -> None:
    """Mail the link; keep what happened for `show_sent`, as it can be shown only once."""
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
    try:
        invitations.send(mail, config)
    except invitations.NotSent:
        result = False, _("Die E-Mail konnte nicht gesendet werden. Der Termin ist angelegt.")
    else:
        planning.mail_sent(staff.actor, clock.now(), guest_id)
        result = True, _("Der Termin ist angelegt und die Einladung ist gesendet.")
    st.session_state["invited"] = (*result, visit.name, link)


def show_sent() -> None:
    """The result and the link; the link can only be read now, later only its hash is known."""
    if "invited" not in st.session_state:
        return
    good, words, name, link = st.session_state.pop("invited")
    show.state(good, words)
    show.text(_("Persönlicher Link für {name}, nur jetzt zu sehen:").format(name=name))
    st.code(link, language=None)
