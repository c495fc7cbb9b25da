"""Schritt 1: Gerät prüfen, over the real line. CONSENTED -> WAITING."""

import contextlib
from datetime import datetime

import streamlit as st

from core import clock, words
from core.appointment import Actor, MediaDevice, waiting_room_opens
from core.media.rooms.line import Line
from core.office import outage, views, visiting
from core.refused import Away, Refused
from pages.call import call
from pages.parts import deeds, people, rooms, show, updates
from pages.visitor import steps
from pages.words.words import _, moment


def record(actor: Actor, now: datetime, device: MediaDevice, worked: bool) -> None:
    # Refused when the appointment has just closed; the router shows the next page.
    with contextlib.suppress(Refused):
        visiting.record_device(actor, now, device, worked)


def notice_what_arrives(visit: views.Visit) -> bool:
    """What the server receives is the result; nobody has to judge it. True if it is news."""
    line = rooms.line_of(visit.appointment_id, views.seat(visit.actor))
    if line is None:
        return False
    arrives = {MediaDevice.CAMERA: line.camera_on, MediaDevice.MICROPHONE: line.was_heard}
    news = [each for each in arrives if arrives[each] and visit.worked(each) is not True]
    if outage.lasts():
        return False  # it is about to be seen again
    with contextlib.suppress(Away):
        for device in news:
            record(visit.actor, clock.now(), device, True)
    return bool(news)


@st.fragment(run_every=updates.SLOWLY)
def results() -> None:
    updates.redraw("results")
    visit = steps.stay(steps.Step.DEVICES)
    call.stay()
    if notice_what_arrives(visit):
        visit = steps.stay(steps.Step.DEVICES)
    draw(visit, rooms.line_of(visit.appointment_id, views.seat(visit.actor)))
    go_on(visit)


def sentences(line: Line | None) -> dict[MediaDevice, tuple[str, str, str, str]]:
    """Of each device: its name, and what is said when it works, does not, is still open."""
    no_sound = _("Wir hören Ihr Mikrofon noch nicht.")
    if line is not None and line.microphone_on:
        no_sound = _("Bitte sagen Sie etwas.")
    untested = _("Noch nicht geprüft.")
    without = call.without_camera()
    no_picture = _("Sie nehmen ohne Kamera teil.") if without else _("Wir sehen noch kein Bild.")
    return {
        MediaDevice.CAMERA: (
            _("Kamera"),
            _("Die Kamera funktioniert."),
            _("Die Kamera funktioniert nicht. Es geht auch ohne: unten bei „Es klappt nicht?“."),
            no_picture if line or without else untested,
        ),
        MediaDevice.MICROPHONE: (
            _("Mikrofon"),
            _("Das Mikrofon funktioniert."),
            _("Das Mikrofon funktioniert nicht. Ist es an? Sonst rufen Sie uns bitte an."),
            no_sound if line else untested,
        ),
        MediaDevice.LOUDSPEAKER: (
            _("Lautsprecher"),
            _("Der Lautsprecher funktioniert."),
            _("Sie hören nichts. Stellen Sie den Ton lauter und versuchen Sie es noch einmal."),
            untested,
        ),
    }


def draw(visit: views.Visit, line: Line | None) -> None:
    for device, (name, good, bad, still) in sentences(line).items():
        worked = visit.worked(device)
        show.result(name, worked, {True: good, False: bad, None: still}[worked])
        if device is MediaDevice.LOUDSPEAKER:
            test_tone(visit)
        elif worked is None:
            trouble(device)
        deeds.say(_key(device))


def trouble(device: MediaDevice) -> None:
    st.button(
        _("Es klappt nicht"),
        key=_key(device),
        on_click=answer,
        args=(device, False),
    )


def answer(device: MediaDevice, worked: bool) -> None:
    """What the visitor says of a device."""
    deeds.attempt(_key(device), record, people.visiting_actor, device, worked)
    if not deeds.refused(_key(device)):
        st.session_state.pop("tone_played", None)


def _key(device: MediaDevice) -> str:
    return f"trouble_{device.value}"


def play_tone() -> None:
    visit = people.seated()
    line = visit and rooms.line_of(visit.appointment_id, views.seat(visit.actor))
    st.session_state["tone_played"] = line is not None
    if line:
        line.play_tone()


def test_tone(visit: views.Visit) -> None:
    line = rooms.line_of(visit.appointment_id, views.seat(visit.actor))
    st.button(_("Testton abspielen"), key="tone", on_click=play_tone)
    played = st.session_state.get("tone_played")
    if played is False and line is None:
        st.warning(_("Bitte schalten Sie zuerst oben Kamera und Mikrofon ein."))
    if not played:
        return
    show.text(_("Haben Sie den Ton gehört?"))
    with st.container(horizontal=True):
        heard = (MediaDevice.LOUDSPEAKER, True)
        not_heard = (MediaDevice.LOUDSPEAKER, False)
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
    deeds.button(
        _("Schritt 2: Beratungsraum betreten"),
        do=visiting.enter_waiting,
        who=people.visiting_actor,
        key="enter",
        kind="primary",
        width="content",
    )
    say_what_is_untested(visit)


def say_what_is_untested(visit: views.Visit) -> None:
    untested = [
        name
        for device, (name, *_rest) in sentences(None).items()
        if visit.worked(device) is None
        and not (device is MediaDevice.CAMERA and call.without_camera())
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
