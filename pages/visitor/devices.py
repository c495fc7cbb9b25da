"""Schritt 1: Gerät prüfen, over the real line. CONSENTED -> WAITING."""

import contextlib

import streamlit as st

from core import clock, words
from core.appointment import Refused, waiting_room_opens
from core.office import views, visiting
from core.office.visiting import Device
from pages.parts import call, people, show
from pages.parts.words import _, moment, why

TROUBLE = "trouble"


def record(visit: views.Visit, device: Device, worked: bool) -> None:
    # Refused when the appointment has just closed; the router shows the next page.
    with contextlib.suppress(Refused):
        visiting.record_device(visit.actor, clock.now(), device, worked)


def notice_what_arrives(visit: views.Visit) -> None:
    """What the server receives is the result; nobody has to judge it."""
    line = call.line_of(visit.appointment_id, views.seat(visit.actor))
    if line is None:
        return
    if line.camera_on and visit.camera_worked is not True:
        record(visit, Device.CAMERA, True)
    if line.heard and visit.microphone_worked is not True:
        record(visit, Device.MICROPHONE, True)


@st.fragment(run_every=1)
def results() -> None:
    visit = people.visit()
    if visit is None:
        return
    try:
        notice_what_arrives(visit)
        visit = people.visit() or visit
        draw(visit, call.line_of(visit.appointment_id, views.seat(visit.actor)) is not None)
    except Refused:
        return  # the appointment has just closed; the router shows the next page
    go_on(visit)


def draw(visit: views.Visit, connected: bool) -> None:
    untested = _("Noch nicht geprüft.")
    show.result(
        _("Kamera"),
        visit.camera_worked,
        {
            True: _("Die Kamera funktioniert."),
            False: _("Die Kamera funktioniert nicht."),
            None: _("Wir sehen noch kein Bild.") if connected else untested,
        }[visit.camera_worked],
    )
    trouble(visit, Device.CAMERA, visit.camera_worked)
    show.result(
        _("Mikrofon"),
        visit.microphone_worked,
        {
            True: _("Das Mikrofon funktioniert."),
            False: _("Das Mikrofon funktioniert nicht."),
            None: _("Bitte sagen Sie etwas.") if connected else untested,
        }[visit.microphone_worked],
    )
    trouble(visit, Device.MICROPHONE, visit.microphone_worked)
    show.result(
        _("Lautsprecher"),
        visit.loudspeaker_worked,
        {
            True: _("Der Lautsprecher funktioniert."),
            False: _("Der Lautsprecher funktioniert nicht."),
            None: untested,
        }[visit.loudspeaker_worked],
    )
    test_tone(visit)


def trouble(visit: views.Visit, device: Device, worked: bool | None) -> None:
    if worked is None:
        st.button(
            _("Es klappt nicht"),
            key=f"trouble_{device.value}",
            on_click=record,
            args=(visit, device, False),
        )


def test_tone(visit: views.Visit) -> None:
    line = call.line_of(visit.appointment_id, views.seat(visit.actor))
    if st.button(_("Testton abspielen"), key="tone"):
        if line is None:
            st.warning(_("Bitte schalten Sie zuerst oben Kamera und Mikrofon ein."))
            return
        line.play_tone()
        st.session_state["tone_played"] = True
    if not st.session_state.get("tone_played"):
        return
    show.text(_("Haben Sie den Ton gehört?"))
    heard, not_heard = st.columns(2)
    heard.button(_("Ja"), key="tone_heard", on_click=answer, args=(visit, True))
    not_heard.button(_("Nein"), key="tone_not_heard", on_click=answer, args=(visit, False))


def answer(visit: views.Visit, worked: bool) -> None:
    record(visit, Device.LOUDSPEAKER, worked)
    st.session_state.pop("tone_played", None)


def go_on(visit: views.Visit) -> None:
    untested = [
        name
        for name, worked in (
            (_("Kamera"), visit.camera_worked),
            (_("Mikrofon"), visit.microphone_worked),
            (_("Lautsprecher"), visit.loudspeaker_worked),
        )
        if worked is None
    ]
    early = visit.too_early(clock.now())
    if early:
        opens = waiting_room_opens(visit.starts_at)
        st.info(
            _("Ihr Termin ist am {day}. Der Warteraum öffnet um {time} Uhr.").format(
                day=moment(visit.starts_at), time=words.clock_time(opens)
            )
        )
    if st.button(_("Schritt 2: Beratungsraum betreten"), type="primary", key="enter"):
        try:
            visiting.enter_waiting(visit.actor, clock.now())
        except Refused as refused:
            st.error(why(refused))
        else:
            st.rerun()
    if untested and not early:
        show.text(
            _("Noch nicht geprüft: {names}. Sie können trotzdem weitergehen.").format(
                names=", ".join(untested)
            ),
            "p",
            "quiet",
        )


def help_for(visit: views.Visit) -> None:
    with st.expander(_("Es klappt nicht?")):
        show.text(
            _("Ihr Browser fragt, ob er Kamera und Mikrofon benutzen darf. Wählen Sie „Zulassen“.")
        )
        show.text(_("Schließen Sie andere Programme, die Ihre Kamera benutzen."))
        show.text(_("Öffnen Sie den Link in Chrome, Firefox, Edge oder Safari."))
        st.checkbox(_("Ohne Kamera teilnehmen, nur mit Ton"), key="without_camera")
        show.text(
            _("Oder rufen Sie uns an: {phone}. Sie haben dadurch keine Nachteile.").format(
                phone=visit.jobcenter_phone
            )
        )


here = people.visit()
if here is None:
    st.stop()
results()
help_for(here)
