"""
The chat in the sidebar: what was said, a field to write, and the switch for real-time text, by
which others read while this person writes. Knows no media, and nothing of who may read what.

What is said later comes through the live socket (pages/ui/chat); nothing is drawn again for it.
"""

import secrets

import streamlit as st

from core import access
from core.columns import MESSAGE_LENGTH
from core.office import chat, periods, writing
from core.refused import Refused
from core.settings import settings
from pages.parts import deeds, known, people, show, updates
from pages.tabs import messages
from pages.ui.mount import component
from pages.words.words import _, translate

FIELD = "chat"
UNSENT = "unsent"
# In the address, to outlive a reload; with a sign that nobody else can write there.
NOW = "sofort"
# Streamlit's field takes no more than that, and says nothing: a longer text would not be there at
# all after it was pasted. So it takes more than a message may have, and the office says so. Three
# bytes each are still less than the gate takes at once.
MOST_IN_FIELD = 3 * MESSAGE_LENGTH
_mount = component("chat", "chat/chat.js")


def sidebar(who: people.Who, appointment_id: int) -> None:
    """Put the chat of this room into the sidebar; `who` is called every time."""
    updates.write_in(appointment_id)
    with st.sidebar:
        show.text(_("Chat"), "h2", "part")
        when = periods.until(periods.Period.CHAT, settings(), translate())
        show.text(_("Der Chat wird {when} gelöscht.").format(when=when), "p", "quiet")
        _panel(who, appointment_id)


@st.fragment(run_every=updates.SLOWER)
def _panel(who: people.Who, appointment_id: int) -> None:
    updates.redraw("chat")
    actor = known.read(f"writer {appointment_id}", who)
    if actor is None:
        return  # signed out or uninvited meanwhile
    try:
        asked = actor, appointment_id, chat.NEWEST + 1
        entries = known.read(f"chat {appointment_id}", chat.read, *asked)
    except Refused:
        return  # the page itself is about to say that the talk is over
    _log(messages.drawn(entries), appointment_id)
    st.chat_input(
        _("Nachricht schreiben"),
        key=FIELD,
        max_chars=MOST_IN_FIELD,
        on_submit=_write,
        args=(who, appointment_id),
    )
    deeds.say(FIELD)
    _switch(appointment_id)


def _log(lines: messages.Lines, appointment_id: int) -> None:
    """What was said, and what others are just writing."""
    _mount(
        key="chatlog",
        data={
            **lines.as_data(),
            "unsent": st.session_state.get(f"{UNSENT} {appointment_id}"),
            "most": chat.NEWEST,
            "at_once": writes_at_once(appointment_id),
            "longest": writing.LONGEST,
            "words": {
                "log": _("Nachrichten"),
                "you": _("Sie"),
                "earlier": _("Frühere Nachrichten werden nicht mehr gezeigt."),
                "writes": _("{name} schreibt gerade:"),
            },
        },
    )


def _write(who: people.Who, appointment_id: int) -> None:
    """Done before the panel is drawn: what was just written is in it."""
    text = st.session_state[FIELD]
    deeds.attempt(FIELD, chat.write, who, appointment_id, text)
    # The browser has emptied the field, and gives back what was refused (chat/field.js).
    unsent = {"text": text, "token": secrets.token_hex(8), "room": MOST_IN_FIELD}
    st.session_state[f"{UNSENT} {appointment_id}"] = unsent if deeds.refused(FIELD) else None


def _switch(appointment_id: int) -> None:
    """Off until somebody wants it: others would read what is not meant to be sent."""
    st.checkbox(
        _("Text sofort zeigen, während ich schreibe"),
        value=writes_at_once(appointment_id),
        key="write_at_once",
        on_change=_switched,
        args=(appointment_id,),
    )


def writes_at_once(appointment_id: int) -> bool:
    """Whether this person has switched it on: an address that somebody was sent does not."""
    sign = _sign(appointment_id)
    return bool(sign) and st.query_params.get(NOW) == sign


def _switched(appointment_id: int) -> None:
    if st.session_state["write_at_once"]:
        st.query_params[NOW] = _sign(appointment_id)
    else:
        st.query_params.pop(NOW, None)


def _sign(appointment_id: int) -> str:
    """Of this browser's credential, in this talk; opens nothing."""
    holder = people.holder()
    return access.digest(f"{NOW} {appointment_id} {holder}")[:16] if holder else ""
