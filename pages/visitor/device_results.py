"""
What is known of each device: what arrives, what the visitor says of it, the test tone.

Knows three devices, and not what comes after them.
"""

import contextlib
from datetime import datetime

import streamlit as st

from core import clock
from core.appointment import Actor, MediaDevice
from core.media.rooms import tone
from core.media.rooms.line import Line
from core.office import guest_view, outage, seat_names, visiting
from core.refused import Away, Refused
from pages.call import call
from pages.parts import deeds, people, rooms, show
from pages.words.words import _


def record(actor: Actor, now: datetime, device: MediaDevice, worked: bool) -> None:
    # Refused when the appointment has just closed; the router shows the next page.
    with contextlib.suppress(Refused):
        visiting.record_device(actor, now, device, worked)


def notice_what_arrives(visit: guest_view.Visit) -> bool:
    """What the server receives is the result; nobody has to judge it. True if it is news."""
    line = rooms.line_of(visit.appointment_id, seat_names.seat(visit.actor))
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
            _(
                "Die Kamera funktioniert nicht. Es geht auch ohne: unten bei "
                "„Hilfe bei Kamera und Mikrofon“."
            ),
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


def draw(visit: guest_view.Visit, line: Line | None) -> None:
    for device, (name, good, bad, still) in sentences(line).items():
        worked = visit.worked(device)
        show.result(name, worked, {True: good, False: bad, None: still}[worked])
        if device is MediaDevice.LOUDSPEAKER:
            test_tone(visit)
        elif worked is None:
            trouble(device)
        deeds.say(_key(device))


def trouble(device: MediaDevice) -> None:
    camera = device is MediaDevice.CAMERA
    st.button(
        _("Kamera klappt nicht?") if camera else _("Mikrofon klappt nicht?"),
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
    line = visit and rooms.line_of(visit.appointment_id, seat_names.seat(visit.actor))
    st.session_state["tone_played"] = line is not None
    if line:
        tone.play(line)


def test_tone(visit: guest_view.Visit) -> None:
    line = rooms.line_of(visit.appointment_id, seat_names.seat(visit.actor))
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
