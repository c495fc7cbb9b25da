"""
The router: what somebody sees follows from the status in the database.

The visitor's way is the table in `steps()`. All steps share one address, so a reload or
another device resumes at the right one and none can be reached by typing. The call is
drawn here, at one fixed place, so that its connection lives from the device test to
goodbye.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from core.office import views
from core.refused import Away
from pages.call import call
from pages.call.scene import Scene, Seat, others
from pages.parts import away, deeds, people, show, updates
from pages.parts.page import help_along
from pages.staff import invite
from pages.tabs import payers
from pages.visitor.steps import Show, Step, step_of
from pages.words.words import _

HERE = Path(__file__).parent


def steps() -> dict[Step, Show]:
    return {
        Step.START: Show(_("Startseite"), 0, False),
        Step.DEVICES: Show(
            _("Gerät prüfen"),
            1,
            True,
            _(
                "Schalten Sie Kamera und Mikrofon ein. Ihr Browser fragt um Erlaubnis: Wählen Sie "
                "„Zulassen“. Niemand außer Ihnen sieht oder hört Sie dabei."
            ),
            _("Hier sehen Sie gleich Ihr eigenes Bild."),
        ),
        Step.WAITING: Show(
            _("Warteraum"),
            2,
            True,
            _("Sie müssen nichts unternehmen. Das Gespräch beginnt von selbst."),
            _("Hier sehen Sie gleich Ihr eigenes Bild."),
        ),
        Step.ROOM: Show(
            _("Beratungsraum"), 3, True, alone=_("{name} ist gleich da. Bitte bleiben Sie hier.")
        ),
        Step.LEFT: Show(_("Beratungsraum verlassen"), 4, False),
        Step.OTHER_DEVICE: Show(_("Videokommunikation"), 4, False),
        Step.FAREWELL: Show(_("Videokommunikation"), 4, False),
    }


def draw_visit(visit: views.Visit | None, step: Step, page: st.Page) -> None:
    """The frame every step shares: progress, heading, notice, call, the step itself."""
    shown = steps()[step]
    with st.container(key="head"):
        if shown.number < 4:
            names = [each.title for each in steps().values() if each.number < 4]
            show.steps(names, shown.number)
        show.heading(shown.title)
        if shown.lead:
            show.text(shown.lead, "p", "lead")
    if visit is not None and shown.call:
        with st.container(key="picture"):
            call.draw(_seat(visit), _scene(visit, step, shown.alone))
    else:
        call.hang_up()
    with to_its_end():
        page.run()
        help_along()


def _scene(visit: views.Visit, step: Step, alone: str) -> Scene:
    return Scene(
        alone.format(name=visit.advisor_name),
        partial(others, visit.actor, visit.appointment_id),
        talking=step is Step.ROOM,
        autostart=step in (Step.WAITING, Step.ROOM),
        phone=visit.jobcenter_phone,
    )


def _seat(visit: views.Visit) -> Seat:
    number = visit.appointment_id
    return Seat(number, views.seat(visit.actor), people.guest_stays(number))


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


def draw_nothing() -> None:
    """Before this tab has ever known whose it is."""
    title = _("Videokommunikation")
    st.set_page_config(page_title=title, page_icon="💬")
    show.look()
    show.heading(title)
    away.instead()
    help_along()


def main() -> None:
    if "warm" in st.session_state:
        payers.charge(people.payer())
    if people.strange():
        draw_strange()
        return
    try:
        visit = people.visit()
    except Away:
        draw_nothing()
        return
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
        draw_visit(visit, step, page)
    else:
        if page.url_path != "beratung":
            call.hang_up()
        with to_its_end():
            page.run()


main()
