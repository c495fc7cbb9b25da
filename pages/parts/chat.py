"""The chat in the sidebar: what was said, and a field to write. Knows no media."""

import threading

import streamlit as st

from core import words
from core.office import chat, kept
from core.records import MESSAGE_LENGTH
from core.refused import Refused
from core.settings import settings
from pages.parts import deeds, known, people, show, typing_field, updates
from pages.tabs import typing
from pages.words.words import _

FIELD = "chat"
# Streamlit's field takes no more than that, and says nothing: a longer text would not be there at
# all after it was pasted. So it takes more than a message may have, and the office says so. Three
# bytes each are still less than the gate takes at once.
MOST_IN_FIELD = 3 * MESSAGE_LENGTH


def sidebar(who: people.Who, appointment_id: int) -> None:
    """Put the chat of this room into the sidebar; `who` is called every time."""
    updates.write_in(appointment_id)
    with st.sidebar:
        show.text(_("Chat"), "h2", "part")
        when = kept.until(kept.Period.CHAT, settings(), _)
        show.text(_("Der Chat wird {when} gelöscht.").format(when=when), "p", "quiet")
        _panel(who, appointment_id)


@st.fragment(run_every=updates.SLOWLY)
def _panel(who: people.Who, appointment_id: int) -> None:
    updates.redraw("chat", chat=True)
    actor = known.read(f"writer {appointment_id}", who)
    if actor is None:
        return  # signed out or uninvited meanwhile
    try:
        asked = actor, appointment_id, chat.NEWEST + 1
        lines = known.read(f"chat {appointment_id}", chat.read, *asked)
    except Refused:
        return  # the page itself is about to say that the talk is over
    with st.container(key="chatlog"):
        newest = [_line(entry) for entry in lines[-chat.NEWEST :]]
        earlier = _("Frühere Nachrichten werden nicht mehr gezeigt.")
        number = lines[-1].number if lines else 0
        show.chat(newest, number, earlier, more=len(lines) > len(newest))
    typing_field.draw(appointment_id)
    st.chat_input(
        _("Nachricht schreiben"),
        key=FIELD,
        max_chars=MOST_IN_FIELD,
        on_submit=_write,
        args=(who, appointment_id),
    )
    deeds.say(FIELD)
    typing_field.switch(appointment_id)


def _line(entry: chat.Entry) -> show.Line:
    author = _("Sie") if entry.mine else entry.author
    return author, words.clock_time(entry.at), entry.mine, entry.text


def _write(who: people.Who, appointment_id: int) -> None:
    """Done before the panel is drawn: what was just written is in it."""
    text = st.session_state[FIELD]
    message = deeds.attempt(FIELD, chat.write, who, appointment_id, text)
    if deeds.refused(FIELD):
        st.session_state[FIELD] = text  # back into the field, which the browser has emptied
    if message is not None and (tab := updates.tab()) is not None:
        # Beside: it is kept, and its writer need not wait for the others' pages.
        threading.Thread(target=typing.sent, args=(tab, message), daemon=True).start()
