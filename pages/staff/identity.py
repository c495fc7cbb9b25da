"""
The check of an identity at the desk: what was checked, or how, and the button for it.

Knows one person at a time; whose turn it is, the cards say.
"""

from datetime import datetime

import streamlit as st

from core.appointment import Actor, IdentityProof
from core.office import advisor_view, hosting
from core.refused import Reason, Refused
from pages.parts import deeds, people, show
from pages.words.words import _


def draw(meeting: advisor_view.Meeting, person: advisor_view.Person, check: bool) -> None:
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
