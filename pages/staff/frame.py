"""The frame of every staff page: who is signed in, where one can go, or the way to sign in."""

from typing import Literal

import streamlit as st

from core.office import staff_sessions
from core.refused import Away
from pages.call import call
from pages.parts import deeds, page, people, show, updates
from pages.words.words import _

SIGN_OUT = "sign_out"
AGENDA, NEW, DESK = (f"staff/{name}.py" for name in ("agenda", "appointment", "desk"))
GOES_TO = "goes_to"  # the page that was pressed for, with its query


def staff_only(*appointments: int) -> staff_sessions.SignedIn:
    """
    The signed-in staff member; anybody else sees only the way to the sign-in.

    The page notices at once what happens to these appointments.
    """
    try:
        staff = people.staff()
    except Away:
        show.heading(_("Videokommunikation"))
        raise
    if staff is None:
        call.hang_up()
        show.heading(_("Nicht angemeldet"))
        show.text(_("Bitte melden Sie sich an, um weiterzuarbeiten."))
        show.link(_("Zur Anmeldung"), "anmelden")
        page.foot()
        page.help_along()
        st.stop()
    updates.follow_staff(staff, appointments)
    return staff


def top(staff: staff_sessions.SignedIn, title: str, about: str = "") -> None:
    """Heading, navigation and signing out; whose page it is and what it is about."""
    page.head(staff.jobcenter_name)
    with st.container(horizontal=True, vertical_alignment="center", key="top"):
        show.heading(title)
        way(_("Tagesplan"), AGENDA, key="to_agenda")
        way(_("Termin anlegen"), NEW, key="to_new")
        st.button(_("Abmelden"), key=SIGN_OUT, on_click=_sign_out)
    deeds.say(SIGN_OUT)
    with st.container(horizontal=True, vertical_alignment="bottom", key="whose"):
        show.text(f"{staff.name}, {staff.jobcenter_name}", "p", "quiet")
        if about:
            show.text(about, "p", "lead")


def _sign_out() -> None:
    token = people.staff_token() or ""
    deeds.attempt(SIGN_OUT, staff_sessions.sign_out, people.staff_actor, token)


def way(
    label: str,
    page: str,
    key: str,
    query: dict[str, str] | None = None,
    width: Literal["content", "stretch"] = "content",
) -> None:
    """
    A button that leads to another page of the staff's.

    Pressed while another page is on its way, the last press wins.
    """
    st.button(label, key=key, width=width, on_click=_choose, args=(page, query))
    if GOES_TO in st.session_state:
        page, query = st.session_state.pop(GOES_TO)
        st.switch_page(page, query_params=query)


def _choose(page: str, query: dict[str, str] | None) -> None:
    st.session_state[GOES_TO] = page, query
