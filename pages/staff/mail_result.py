"""
What the advisor is told of a mail: an invitation, with its link, or a cancellation.

Knows what became of it (`core.post`), and sends nothing itself.
"""

import streamlit as st

from core.appointment import GuestStatus
from core.office import advisor_view
from core.post import POST, State
from core.settings import settings
from pages.parts import show, updates
from pages.staff.invite import Invited
from pages.words.words import _


@st.fragment(run_every=updates.SLOWLY)
def show_called_off(meeting: advisor_view.Meeting) -> None:
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
    planned = _("Der Termin ist angelegt.") if invited.planned else ""
    show.state(good, f"{planned} {words}".strip())
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


def show_at_the_desk(person: advisor_view.Person) -> None:
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
