"""Schritt 1: Gerät prüfen, over the real line. CONSENTED -> WAITING."""

import streamlit as st

from core import clock
from core.hours import waiting_room_opens
from core.office import guest_view, seat_names, visiting
from pages.call import call
from pages.parts import deeds, people, rooms, show, updates
from pages.visitor import device_results, device_words, steps
from pages.words.words import _, clock_time, moment


@st.fragment(run_every=updates.SLOWLY)
def results() -> None:
    updates.redraw("results")
    visit = steps.stay(steps.Step.DEVICES)
    call.stay()
    if device_results.notice_what_arrives(visit):
        visit = steps.stay(steps.Step.DEVICES)
    device_results.draw(visit, rooms.line_of(visit.appointment_id, seat_names.seat(visit.actor)))
    go_on(visit)


def go_on(visit: guest_view.Visit) -> None:
    untested, failed = device_results.untested(visit), device_results.failed(visit)
    if visit.too_early(clock.now()):
        _come_back(visit, bool(untested or failed))
        return
    with st.container(key="onward"):
        if untested:
            sentence = _("Noch nicht geprüft: {names}. Sie können trotzdem weitergehen.")
            show.text(sentence.format(names=device_words.names(untested)), "p", "quiet")
        elif failed:
            sentence = _("Das klappt noch nicht: {names}. Sie können trotzdem weitergehen.")
            show.text(sentence.format(names=device_words.names(failed)), "p", "quiet")
        deeds.button(
            _("Schritt 2: Beratungsraum betreten"),
            do=visiting.enter_waiting,
            who=people.visiting_actor,
            key="enter",
            kind="primary",
            width="content",
        )


def _come_back(visit: guest_view.Visit, unfinished: bool) -> None:
    """Before the Warteraum opens."""
    opens = waiting_room_opens(visit.starts_at)
    st.info(
        _("Ihr Termin ist am {day}. Der Warteraum öffnet um {time} Uhr.").format(
            day=moment(visit.starts_at), time=clock_time(opens)
        )
    )
    if unfinished:
        show.text(_("Bitte prüfen Sie jetzt Ihr Gerät. Öffnen Sie zum Termin denselben Link."))
    else:
        show.text(
            _(
                "Sie sind fertig. Sie können das Fenster schließen. "
                "Öffnen Sie zum Termin denselben Link."
            )
        )


def help_for(visit: guest_view.Visit) -> None:
    with st.expander(_("Hilfe bei Kamera und Mikrofon")):
        show.text(
            _(
                "Ihr Browser fragt, ob er Kamera und Mikrofon benutzen darf. Wählen Sie „Zulassen“ "
                "oder „Erlauben“."
            )
        )
        show.text(_("Schließen Sie andere Programme, die Ihre Kamera benutzen."))
        show.text(_("Öffnen Sie den Link in Chrome, Firefox, Edge oder Safari."))
        # Not put into session_state: Streamlit would draw it and then set it back to that, over
        # the tap of somebody who was faster.
        st.checkbox(
            _("Ohne Kamera teilnehmen, nur mit Ton"),
            value=call.without(call.CAMERA),
            key="without_camera",
            on_change=lambda: call.go_without(call.CAMERA, st.session_state["without_camera"]),
        )
        show.call_us(
            _("Oder rufen Sie uns an: {phone}. Sie haben dadurch keine Nachteile."),
            visit.jobcenter_phone,
        )


here = people.visit()
if here is None:
    st.stop()
results()
help_for(here)
