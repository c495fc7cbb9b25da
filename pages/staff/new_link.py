"""
A new link for somebody who was invited: the button, its deed, and what became of it.

The second of two presses has the same secret, and so the same answer. Knows no status.
"""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from core import access
from core.appointment import Actor
from core.office import advisor_view, inviting
from pages.parts import deeds, people, show
from pages.staff import invite, mail_result
from pages.staff.words import called
from pages.words.words import _


def send(actor: Actor, now: datetime, guest_id: int, secret: str) -> None:
    """The button's deed: the second of two presses has the same secret, and the same answer."""
    signed_in = people.staff()
    if signed_in is None or invite.is_told(secret):
        return
    inviting.new_link(actor, now, guest_id, secret)
    st.session_state[invite.LINKS] = {guest_id: secret}
    invite.send(signed_in, guest_id, secret)


def draw(guests: Sequence[advisor_view.Person]) -> None:
    """Where a link has just been sent, there is no button: a press too many hits nothing."""
    secrets = st.session_state.setdefault(invite.LINKS, {})
    for person in guests:
        secret = secrets.setdefault(person.id, access.new_secret())
        if invite.is_told(secret):
            continue
        if len(guests) > 1:
            show.text(called(person))
        deeds.button(
            _("Neuen Link senden"),
            do=send,
            who=people.staff_actor,
            about=(person.id, secret),
            key=f"link_{person.id}",
            width="content",
        )
    mail_result.show_sent()
