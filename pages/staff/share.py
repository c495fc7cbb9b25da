"""
The advisor's own screen at the desk: its button, what it shows, and its words (ui/call/share.js).

The office decides whether the screen may be seen (core.office.screen); the browser only asks.
Knows no line: through which one it goes out comes in.
"""

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from core import clock
from core.office import screen
from core.refused import Refused, Undone
from pages.call import call
from pages.parts import known, people, rooms, updates
from pages.ui.mount import component
from pages.words.words import _, because

KEY = "share"
_ANSWER = "share_answer"
_mount = component("share", "call/share.js", css="call/share.css")


@st.fragment(run_every=updates.SLOWLY)
def draw(appointment_id: int) -> None:
    """In an open room: whether a screen is shown, and the button for it."""
    updates.redraw(KEY)
    staff, line = people.staff(active=False), call.line_data()
    if staff is None or line is None:
        return
    try:
        meeting = known.meeting(staff.actor, appointment_id)
    except Refused:
        return
    answered, refused = st.session_state.get(_ANSWER, (0, None))
    _mount(
        key=KEY,
        data={
            **line,
            "shown": meeting.screen_shown,
            "allowed": meeting.screen_allowed,
            "answered": answered,
            "refused": because(refused) if refused else "",
            "words": _words(),
            "problems": _problems(),
        },
        on_show_change=partial(_do, screen.show, "show", appointment_id),
        on_hide_change=partial(_do, screen.hide, "hide", appointment_id),
    )


def _do(deed: Callable[..., None], press: str, appointment_id: int) -> None:
    """
    What was pressed, before the page is drawn; the browser waits for the answer, and says it.
    """
    number = _number(press)
    if number is None:
        return
    try:
        actor = people.staff_actor()
        if actor is None:
            return
        deed(actor, clock.now(), appointment_id)
    except Undone as undone:
        st.session_state[_ANSWER] = (number, undone.reason)
    else:
        st.session_state[_ANSWER] = (number, None)
    rooms.recheck(appointment_id)


def _number(press: str) -> int | None:
    """Which press it was; whatever else a browser sends is none."""
    sent = st.session_state.get(KEY)
    number = sent.get(press) if isinstance(sent, Mapping) else None
    return number if type(number) is int and 0 < number < 1 << 53 else None


def _words() -> dict[str, str]:
    return {
        "show": _("Bildschirm zeigen"),
        "hide": _("Bildschirm nicht mehr zeigen"),
        "notYet": _("Das geht, sobald Sie von allen im Gespräch die Identität geprüft haben."),
        "unable": _("Das geht nur am Computer, nicht am Handy oder Tablet."),
        "choosing": _("Bitte wählen Sie aus, was alle im Gespräch sehen sollen."),
        "connecting": _("Ihr Bildschirm wird gleich gezeigt …"),
        "lost": _(
            "Die Verbindung ist unterbrochen, niemand sieht Ihren Bildschirm. Wir verbinden neu …"
        ),
        "over": _(
            "Ihr Bildschirm wird nicht mehr gezeigt: Es hat sich geändert, wer im Gespräch ist."
        ),
        "monitor": _("Alle sehen Ihren ganzen Bildschirm, auch Nachrichten und andere Fenster."),
        "window": _("Alle im Gespräch sehen dieses Fenster, sonst nichts."),
        "browser": _("Alle im Gespräch sehen diese Seite Ihres Browsers, sonst nichts."),
        "preview": _("Das sehen die anderen"),
    }


def _problems() -> dict[str, str]:
    """What to do when the browser does not give the screen, by system."""
    return {
        "nothingChosen": _("Sie haben nichts ausgewählt. Ihr Bildschirm wird nicht gezeigt."),
        "mac": _(
            "Ihr Mac erlaubt diesem Browser nicht, den Bildschirm zu zeigen. Öffnen Sie die "
            "Systemeinstellungen, dann „Datenschutz & Sicherheit“ und „Bildschirmaufnahme“. "
            "Schalten Sie Ihren Browser dort ein und starten Sie ihn neu."
        ),
        "windows": _(
            "Windows gibt dieses Fenster nicht her. Wählen Sie ein anderes Fenster oder den "
            "ganzen Bildschirm. Klappt das nicht, fragen Sie bitte Ihre IT."
        ),
        "linux": _(
            "Ihr System gibt den Bildschirm nicht her. Dafür braucht es die Freigabe "
            "„xdg-desktop-portal“. Bitte fragen Sie Ihre IT."
        ),
        "other": _("Das hat nicht geklappt. Bitte versuchen Sie es noch einmal."),
    }
