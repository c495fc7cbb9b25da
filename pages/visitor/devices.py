"""Schritt 1: Gerät prüfen, over the real line. CONSENTED -> WAITING."""

import contextlib

import streamlit as st

from core import clock, words
from core.appointment import Actor, Device, waiting_room_opens
from core.office import views, visiting
from core.refused import Refused
from pages.parts import call, deeds, live, people, show, steps
from pages.parts.words import _, moment


def record(actor: Actor, device: Device, worked: bool) -> None:
    # Refused when the appointment has just closed; the router shows the next page.
    with contextlib.suppress(Refused):
        visiting.record_device(actor, clock.now(), device, worked)


def notice_what_arrives(visit: views.Visit) -> bool:
    """What the server receives is the result; nobody has to judge it. True if it is news."""
    line = call.line_of(visit.appointment_id, views.seat(visit.actor))
    if line is None:
        return False
    arrives = {Device.CAMERA: line.camera_on, Device.MICROPHONE: line.was_heard}
    news = [each for each in arrives if arrives[each] and visit.worked(each) is not True]
    for device in news:
        record(visit.actor, device, True)
    return bool(news)


@st.fragment(run_every=live.SLOWLY)
def results() -> None:
    live.redraw("results")
    visit = steps.stay(steps.Step.DEVICES)
    if notice_what_arrives(visit):
        visit = steps.stay(steps.Step.DEVICES)
    draw(visit, call.line_of(visit.appointment_id, views.seat(visit.actor)) is not None)
    go_on(visit)


def sentences(connected: bool) -> dict[Device, tuple[str, str, str, str]]:
    """Of each device: its name, and what is said when it works, does not, is still open."""
    untested = _("Noch nicht geprüft.")
    without = call.without_camera()
    no_picture = _("Sie nehmen ohne Kamera teil.") if without else _("Wir sehen noch kein Bild.")
    return {
        Device.CAMERA: (
            _("Kamera"),
            _("Die Kamera funktioniert."),
            _("Die Kamera funktioniert nicht. Es geht auch ohne: unten bei „Es klappt nicht?“."),
            no_picture if connected or without else untested,
        ),
        Device.MICROPHONE: (
            _("Mikrofon"),
            _("Das Mikrofon funktioniert."),
            _("Das Mikrofon funktioniert nicht. Ist es an? Sonst rufen Sie uns bitte an."),
            _("Bitte sagen Sie etwas.") if connected else untested,
        ),
        Device.LOUDSPEAKER: (
            _("Lautsprecher"),
            _("Der Lautsprecher funktioniert."),
            _("Sie hören nichts. Stellen Sie den Ton lauter und versuchen Sie es noch einmal."),
            untested,
        ),
    }


def draw(visit: views.Visit, connected: bool) -> None:
    for device, (name, good, bad, still) in sentences(connected).items():
        worked = visit.worked(device)
        show.result(name, worked, {True: good, False: bad, None: still}[worked])
        if device is Device.LOUDSPEAKER:
            test_tone(visit)
        elif worked is None:
            trouble(device)


def trouble(device: Device) -> None:
    st.button(
        _("Es klappt nicht"),
        key=f"trouble_{device.value}",
        on_click=answer,
        args=(device, False),
    )


def answer(device: Device, worked: bool) -> None:
    """What the visitor says of a device."""
    st.session_state.pop("tone_played", None)
    if actor := people.visiting_actor():
        record(actor, device, worked)


def play_tone() -> None:
    visit = people.seated()
    line = visit and call.line_of(visit.appointment_id, views.seat(visit.actor))
    st.session_state["tone_played"] = line is not None
    if line:
        line.play_tone()


def test_tone(visit: views.Visit) -> None:
    line = call.line_of(visit.appointment_id, views.seat(visit.actor))
    st.button(_("Testton abspielen"), key="tone", on_click=play_tone)
    played = st.session_state.get("tone_played")
    if played is False and line is None:
        st.warning(_("Bitte schalten Sie zuerst oben Kamera und Mikrofon ein."))
    if not played:
        return
    show.text(_("Haben Sie den Ton gehört?"))
    with st.container(horizontal=True):
        heard = (Device.LOUDSPEAKER, True)
        not_heard = (Device.LOUDSPEAKER, False)
        st.button(_("Ja"), key="tone_heard", on_click=answer, args=heard)
        st.button(_("Nein"), key="tone_not_heard", on_click=answer, args=not_heard)


def go_on(visit: views.Visit) -> None:
    if visit.too_early(clock.now()):
        opens = waiting_room_opens(visit.starts_at)
        st.info(
            _("Ihr Termin ist am {day}. Der Warteraum öffnet um {time} Uhr.").format(
                day=moment(visit.starts_at), time=words.clock_time(opens)
            )
        )
        show.text(
            _(
                "Sie sind fertig. Sie können das Fenster schließen. "
                "Öffnen Sie zum Termin denselben Link."
            )
        )
        return
    enter = _("Schritt 2: Beratungsraum betreten"), visiting.enter_waiting, people.visiting_actor
    deeds.button(*enter, key="enter", kind="primary", width="content")
    say_what_is_untested(visit)


def say_what_is_untested(visit: views.Visit) -> None:
    untested = [
        name
        for device, (name, *_rest) in sentences(True).items()
        if visit.worked(device) is None and not (device is Device.CAMERA and call.without_camera())
    ]
    if untested:
        sentence = _("Noch nicht geprüft: {names}. Sie können trotzdem weitergehen.")
        show.text(sentence.format(names=", ".join(untested)), "p", "quiet")


def help_for(visit: views.Visit) -> None:
    with st.expander(_("Es klappt nicht?")):
        show.text(
            _("Ihr Browser fragt, ob er Kamera und Mikrofon benutzen darf. Wählen Sie „Zulassen“.")
        )
        show.text(_("Schließen Sie andere Programme, die Ihre Kamera benutzen."))
        show.text(_("Öffnen Sie den Link in Chrome, Firefox, Edge oder Safari."))
        # Not put into session_state: Streamlit would draw it and then set it back to that, over
        # the tap of somebody who was faster.
        st.checkbox(
            _("Ohne Kamera teilnehmen, nur mit Ton"),
            value=call.without_camera(),
            key="without_camera",
            on_change=lambda: call.go_without_camera(st.session_state["without_camera"]),
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
