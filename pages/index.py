"""
The router: what somebody sees follows from the status in the database.

The visitor's way is the table in pages/visitor/steps.py. All steps share one address, so a
reload or another device resumes at the right one and none can be reached by typing. Their
common frame (pages/visitor/frame.py) is drawn before each step's own page.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from core.refused import Away
from pages.call import call
from pages.parts import away, deeds, language, people, show, updates
from pages.parts.page import foot, help_along
from pages.staff import invite
from pages.tabs import payers
from pages.visitor import frame
from pages.visitor.steps import step_of, steps
from pages.words.words import _

HERE = Path(__file__).parent


@contextmanager
def to_its_end() -> Iterator[None]:
    """
    The script goes on to its end, even if the page in here stops earlier.

    Otherwise Streamlit would keep the parts of the page before, and one of them that is asked
    for a moment too late would be drawn where it has no place any more: the browser's page
    turns white and stays so. What it cannot read just now, it says, and goes on by itself.
    """
    try:
        with suppress(StopException):
            yield
    except Away:
        away.instead()


def draw_strange() -> None:
    """A session's id alone shows nothing; whose session it is goes on undisturbed."""
    title = _("Sitzung ungültig")
    st.set_page_config(page_title=title, page_icon="💬")
    show.look()
    show.heading(title)
    show.text(_("Bitte öffnen Sie Ihren Link noch einmal."))
    foot()


def draw_nothing() -> None:
    """Before this tab has ever known whose it is."""
    title = _("Videokommunikation")
    st.set_page_config(page_title=title, page_icon="💬")
    show.look()
    show.heading(title)
    away.instead()
    foot()
    help_along()


def main() -> None:
    if "warm" in st.session_state:
        payers.charge(people.payer())
    language.speak_to_anybody()
    if people.strange():
        draw_strange()
        return
    try:
        visit = people.visit()
    except Away:
        draw_nothing()
        return
    language.begin(visit)
    if visit is not None:
        updates.follow_visit(visit)
    step = step_of(visit)
    termin = st.Page(
        HERE / "visitor" / f"{step.value}.py", title=steps()[step].title, url_path="termin"
    )
    pages = [
        st.Page(HERE / "home.py", title=_("Videokommunikation"), default=True),
        termin,
        st.Page(HERE / "staff" / "agenda.py", title=_("Tagesplan"), url_path="tagesplan"),
        st.Page(
            HERE / "staff" / "appointment.py", title=_("Termin anlegen"), url_path="termin-anlegen"
        ),
        st.Page(HERE / "staff" / "desk.py", title=_("Beratungsraum"), url_path="beratung"),
    ]
    page = st.navigation(pages, position="hidden")
    wide = page.url_path in ("tagesplan", "beratung")
    st.set_page_config(page_title=page.title, page_icon="💬", layout="wide" if wide else "centered")
    show.look()
    # In a session's very first run streamlit-webrtc sees another page than the one that is
    # drawn, and stops what is made in it a second later. So nothing is made in it.
    if "warm" not in st.session_state:
        st.session_state["warm"] = True
        st.rerun()
    if st.session_state.get("shown") != page.url_path:
        st.session_state["shown"] = page.url_path
        invite.leave()
        deeds.forget()
    if page.url_path == "termin":
        frame.draw(visit, step)
        with to_its_end():
            page.run()
            frame.foot(step)
            help_along()
    else:
        if page.url_path != "beratung":
            call.hang_up()
        with to_its_end():
            page.run()


main()
