"""
In which language this tab reads.

What was chosen holds at once in this tab; it is kept for a guest on all their devices, and for
staff by the browser. Knows no page, and not where it is chosen.
"""

from typing import Any

import streamlit as st

from core.languages import LANGUAGES, SOURCE
from core.office import guest_view
from pages.parts import people
from pages.tabs import credentials, reading
from pages.words import words

CHOSEN, READS = "chosen_language", "reads_language"


def speak_to_anybody() -> None:
    """Before it is known whose tab it is; changes nothing in it."""
    words.speak(_found(None))


def begin(visit: guest_view.Visit | None) -> None:
    """In a run of the whole page, before anything is said to whoever it belongs to."""
    st.session_state[READS] = _found(visit)
    speak_again()


def speak_again() -> None:
    """At the beginning of a run of one part: it may be in another thread."""
    words.speak(reads())


def reads() -> str:
    """The language this tab was drawn in last."""
    found = st.session_state.get(READS)
    return found if found in LANGUAGES else SOURCE


def offered() -> list[str]:
    """Codes; staff have fewer."""
    return reading.offered(_is_staffs())


def choose(code: str) -> None:
    """In this tab; what is drawn next is in it, and what is done before that knows it."""
    st.session_state[CHOSEN] = st.session_state[READS] = code


def page() -> dict[str, str]:
    """What the page says of itself: `lang` and `dir` of HTML."""
    read = LANGUAGES[words.language()]
    return {"lang": read.code, "dir": read.direction}


def list_data() -> dict[str, Any]:
    """What the list in the browser needs (pages/ui/head)."""
    rows = [LANGUAGES[code] for code in offered()]
    return {
        "language": words.language(),
        "languages": [[each.code, each.name, each.direction] for each in rows],
        "cookie": [credentials.language_cookie(), reading.COOKIE_SECONDS],
    }


def _found(visit: guest_view.Visit | None) -> str:
    # The browser says what it is set to. Some send another language with a WebSocket's handshake.
    asked = (st.context.locale, st.context.headers.get("Accept-Language"))
    return reading.of(
        people.cookies(),
        ",".join(filter(None, asked)),
        chosen=st.session_state.get(CHOSEN),
        # What is known of somebody is told to the device that holds their seat alone.
        kept=visit.language if visit and visit.here else None,
        staff=_is_staffs(),
    )


def _is_staffs() -> bool:
    """Whether this tab shows staff's pages; one that belongs to nobody offers every language."""
    return people.staff_token() is not None and not people.is_visitor()
