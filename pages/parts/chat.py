"""The chat in the sidebar: what was said, and a field to write. Knows no media."""

import streamlit as st

from core import clock, words
from core.office import chat
from core.records import MESSAGE_LENGTH
from core.refused import Refused
from pages.parts import people, show
from pages.parts.words import _, why


def sidebar(who: people.Who, appointment_id: int) -> None:
    """Put the chat of this room into the sidebar; `who` is asked anew every time."""
    with st.sidebar:
        show.text(_("Chat"), "h2", "part")
        show.text(_("Der Chat wird einen Tag nach dem Termin gelöscht."), "p", "quiet")
        _panel(who, appointment_id)


@st.fragment(run_every=1)
def _panel(who: people.Who, appointment_id: int) -> None:
    actor = who()
    if actor is None:
        return  # signed out or uninvited meanwhile
    # The place of the log comes first and is filled last: what was just written is in it
    # without another run. Streamlit refuses that other run when the whole page is running.
    log = st.container(key="chatlog")
    written = st.chat_input(_("Nachricht schreiben"), key="chat", max_chars=MESSAGE_LENGTH)
    if written:
        try:
            chat.write(actor, clock.now(), appointment_id, written)
            st.session_state.pop("not_written", None)
        except Refused as refused:
            # Kept: this part of the page is drawn anew every second.
            st.session_state["not_written"] = why(refused)
    if sentence := st.session_state.get("not_written"):
        st.error(sentence)
    try:
        lines = chat.read(actor, appointment_id)
    except Refused:
        return  # the page itself is about to say that the talk is over
    with log:
        show.chat(
            [
                (
                    _("Sie") if line.mine else line.author,
                    words.clock_time(line.at),
                    line.mine,
                    line.text,
                )
                for line in lines
            ]
        )
