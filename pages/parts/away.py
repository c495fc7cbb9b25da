"""
What somebody reads while the database is away: it is not their fault, and whom they may call.

It goes by itself: the live socket tells every tab that the database is back. Knows no deed.
"""

import streamlit as st

from core.office import outage
from core.phone import dialled
from core.refused import Away
from pages.parts import people, show, updates
from pages.words.words import _

LOOK_SECONDS = 5.0  # for a tab that nobody can tell anything yet


def banner() -> dict[str, str]:
    """Above every page (pages/ui/page.js), during an outage."""
    phone = people.phone() if people.is_visitor() else ""
    sentence = _("Wir können gerade nichts speichern. Das liegt nicht an Ihnen.")
    wait = _("Sobald es wieder geht, verschwindet dieser Hinweis.")
    call = _("Rufen Sie uns an:") if phone else ""
    return {"words": f"{sentence} {wait} {call}".strip(), "phone": phone, "tel": dialled(phone)}


def call_instead() -> None:
    """The number under which it goes on without us."""
    phone = people.phone()
    if not phone:
        return
    if people.is_visitor():
        show.call_us(_("Klappt etwas nicht? Rufen Sie uns an: {phone}"), phone)
    else:
        show.call_us(_("Wer eingeladen ist, erreicht das Jobcenter unter {phone}."), phone)


@st.fragment(run_every=LOOK_SECONDS)
def instead() -> None:
    """In the place of what cannot be read, until it can be."""
    updates.redraw("away")
    try:
        outage.ask()
    except Away:
        st.error(
            _("Das können wir gerade nicht anzeigen. Wir versuchen es weiter. Bitte warten Sie.")
        )
        call_instead()
    else:
        st.rerun()
