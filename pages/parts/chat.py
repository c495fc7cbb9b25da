"""The chat in the sidebar: what was said, and a field to write. Knows no media."""

import threading

import streamlit as st

from core import clock, words
from core.office import chat, kept
from core.records import MESSAGE_LENGTH
from core.refused import Refused
from core.settings import settings
from pages.parts import live, people, show, writing, written
from pages.parts.words import _, because

FIELD, NOT_WRITTEN = "chat", "not_written"


def sidebar(who: people.Who, appointment_id: int) -> None:
    """Put the chat of this room into the sidebar; `who` is asked anew every time."""
    live.write_in(appointment_id)
    with st.sidebar:
        show.text(_("Chat"), "h2", "part")
        when = kept.until(kept.Period.CHAT, settings(), _)
        show.text(_("Der Chat wird {when} gelöscht.").format(when=when), "p", "quiet")
        _panel(who, appointment_id)


@st.fragment(run_every=live.SLOWLY)
def _panel(who: people.Who, appointment_id: int) -> None:
    live.redraw("chat", chat=True)
    actor = who()
    if actor is None:
        return  # signed out or uninvited meanwhile
    try:
        lines = chat.read(actor, appointment_id, chat.NEWEST + 1)
    except Refused:
        return  # the page itself is about to say that the talk is over
    with st.container(key="chatlog"):
        newest = [_line(entry) for entry in lines[-chat.NEWEST :]]
        earlier = _("Frühere Nachrichten werden nicht mehr gezeigt.")
        number = lines[-1].number if lines else 0
        show.chat(newest, number, earlier, more=len(lines) > len(newest))
    writing.draw()
    st.chat_input(
        _("Nachricht schreiben"),
        key=FIELD,
        max_chars=MESSAGE_LENGTH,
        on_submit=_write,
        args=(who, appointment_id),
    )
    if reason := st.session_state.get(NOT_WRITTEN):
        st.error(because(reason))
    writing.switch()


def _line(entry: chat.Entry) -> show.Line:
    author = _("Sie") if entry.mine else entry.author
    return author, words.clock_time(entry.at), entry.mine, entry.text


def _write(who: people.Who, appointment_id: int) -> None:
    """Done before the panel is drawn: what was just written is in it."""
    actor = who()
    if actor is None:
        return  # signed out or uninvited since the page was drawn
    st.session_state.pop(NOT_WRITTEN, None)
    text = st.session_state[FIELD]
    try:
        message = chat.write(actor, clock.now(), appointment_id, text)
    except Refused as refused:
        # The reason is kept: this part of the page is drawn anew by itself.
        st.session_state[NOT_WRITTEN] = refused.reason
        st.session_state[FIELD] = text  # back into the field, which the browser has emptied
        return
    if (ear := live.ear()) is not None:
        # Beside: it is kept, and whoever has written it need not wait for the others' pages.
        threading.Thread(target=written.sent, args=(ear, message), daemon=True).start()
