"""
What is known of each device, one of which is tested at a time: what arrives, what the visitor says
of it, the test tone.

Knows what is tested, and not what comes after it.
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
from pages.visitor import device_check
from pages.visitor.device_words import again_label, name, results, trouble_label
from pages.words.words import _

# In the order in which they are tested; the line shows by itself whether it stands.
TESTED = (MediaDevice.CAMERA, MediaDevice.MICROPHONE, MediaDevice.LOUDSPEAKER)
_OPENED = "opened_device"  # by the visitor
_CONTRADICTED = "contradicted"  # devices of which something arrives, and the visitor says no


def record(actor: Actor, now: datetime, device: MediaDevice, worked: bool) -> None:
    # Refused when the appointment has just closed; the router shows the next page.
    with contextlib.suppress(Refused):
        visiting.record_device(actor, now, device, worked)


def notice_what_arrives(visit: guest_view.Visit) -> bool:
    """What the server receives is the result; nobody has to judge it. True if it is news."""
    line = rooms.line_of(visit.appointment_id, seat_names.seat(visit.actor))
    if line is None:
        return False
    arrives = [MediaDevice.CONNECTION]
    arrives += [MediaDevice.CAMERA] if line.camera_on else []
    arrives += [MediaDevice.MICROPHONE] if line.was_heard else []
    news = [
        each
        for each in arrives
        if visit.worked(each) is not True and each not in st.session_state.get(_CONTRADICTED, [])
    ]
    if outage.lasts():
        return False  # it is about to be seen again
    with contextlib.suppress(Away):
        for device in news:
            record(visit.actor, clock.now(), device, True)
    return bool(news)


def untested(visit: guest_view.Visit) -> list[MediaDevice]:
    """What could still be tested, by somebody who takes part with it."""
    return [
        device
        for device in TESTED
        if visit.worked(device) is None
        and not (device is MediaDevice.CAMERA and call.without_camera())
    ]


def draw(visit: guest_view.Visit, line: Line | None) -> None:
    opened = _opened(visit)
    for device, said in results(line).items():
        worked = visit.worked(device)
        with st.container(key=f"device_{device.value}", gap="small"):
            show.result(name(device), worked, said.of(worked))
            if device is not MediaDevice.LOUDSPEAKER:
                device_check.draw(visit, device, device is opened)
            if device is opened:
                _test(visit, device, worked)
            elif device in TESTED:
                key = f"open_{device.value}"
                st.button(again_label(device, worked), key=key, on_click=_open, args=(device,))
            deeds.say(_key(device))


def _opened(visit: guest_view.Visit) -> MediaDevice | None:
    chosen: MediaDevice | None = st.session_state.get(_OPENED)
    return chosen or next(iter(untested(visit)), None)


def _open(device: MediaDevice) -> None:
    _close()
    st.session_state[_OPENED] = device
    still = [each for each in st.session_state.get(_CONTRADICTED, []) if each is not device]
    st.session_state[_CONTRADICTED] = still


def _close() -> None:
    deeds.forget()
    device_check.forget_voice()
    for each in (_OPENED, "tone_played"):
        st.session_state.pop(each, None)


def _test(visit: guest_view.Visit, device: MediaDevice, worked: bool | None) -> None:
    if device is MediaDevice.LOUDSPEAKER:
        test_tone(visit, worked)
    elif device is MediaDevice.MICROPHONE and device_check.voice_was_played():
        _ask(_("Haben Sie sich selbst gehört?"), device, worked)
    elif device is MediaDevice.CAMERA and worked:
        _ask(_("Sehen Sie sich oben im Bild?"), device, worked)
    elif not worked:
        st.button(
            trouble_label(device), key=_key(device), on_click=answer, args=(device, False, worked)
        )


def _ask(question: str, device: MediaDevice, worked: bool | None) -> None:
    show.question(question)
    with st.container(horizontal=True):
        yes, no = (device, True, worked), (device, False, worked)
        st.button(_("Ja"), key=f"yes_{device.value}", on_click=answer, args=yes)
        st.button(_("Nein"), key=f"no_{device.value}", on_click=answer, args=no)


def answer(device: MediaDevice, worked: bool, before: bool | None) -> None:
    """What the visitor says of a device, whatever was known of it `before`."""
    deeds.attempt(_key(device), record, people.visiting_actor, device, worked)
    if deeds.refused(_key(device)):
        return
    _close()
    if before and not worked:
        st.session_state[_CONTRADICTED] = [*st.session_state.get(_CONTRADICTED, []), device]


def _key(device: MediaDevice) -> str:
    return f"trouble_{device.value}"


def play_tone() -> None:
    visit = people.seated()
    line = visit and rooms.line_of(visit.appointment_id, seat_names.seat(visit.actor))
    st.session_state["tone_played"] = line is not None
    if line:
        tone.play(line)


def test_tone(visit: guest_view.Visit, worked: bool | None) -> None:
    line = rooms.line_of(visit.appointment_id, seat_names.seat(visit.actor))
    st.button(_("Testton abspielen"), key="tone", on_click=play_tone)
    played = st.session_state.get("tone_played")
    if played is False and line is None:
        st.warning(_("Bitte schalten Sie zuerst oben Kamera und Mikrofon ein."))
    if played:
        _ask(_("Haben Sie den Ton gehört?"), MediaDevice.LOUDSPEAKER, worked)
