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
_TESTED = (MediaDevice.CAMERA, MediaDevice.MICROPHONE, MediaDevice.LOUDSPEAKER)
_OPENED = "opened_device"  # by the visitor
# Devices of which something arrives, and the visitor says no: believed in this tab, until they test
# it again or reload.
_CONTRADICTED = "contradicted"


def forget_what_is_open() -> None:
    """Nothing is tested any more, and nothing is asked."""
    device_check.forget_voice()
    for each in (_OPENED, "tone_played"):
        st.session_state.pop(each, None)


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
    arrives += [MediaDevice.MICROPHONE] if line.microphone_on and line.was_heard else []
    news = [each for each in arrives if _is_news(visit, each)]
    if outage.lasts():
        return False  # it is about to be seen again
    with contextlib.suppress(Away):
        for device in news:
            record(visit.actor, clock.now(), device, True)
    return bool(news)


def _is_news(visit: guest_view.Visit, device: MediaDevice) -> bool:
    if visit.worked(device):
        return visit.lack(device) is not None  # which is over
    return visit.worked(device) is None or device not in _contradicted()


def untested(visit: guest_view.Visit) -> list[MediaDevice]:
    """What could still be tested, by somebody who takes part with it."""
    return [each for each in _wanted() if visit.worked(each) is None]


def failed(visit: guest_view.Visit) -> list[MediaDevice]:
    return [each for each in (*_wanted(), MediaDevice.CONNECTION) if visit.worked(each) is False]


def _wanted() -> list[MediaDevice]:
    """With what this visitor takes part."""
    without = {
        MediaDevice.CAMERA: call.without(call.CAMERA),
        MediaDevice.LOUDSPEAKER: call.without(call.SOUND),
    }
    return [each for each in _TESTED if not without.get(each)]


def draw(visit: guest_view.Visit, line: Line | None) -> None:
    opened, wanted, bad = _opened(visit), _wanted(), failed(visit)
    for device, said in results(line).items():
        worked = visit.worked(device)
        with st.container(key=f"device_{device.value}", gap="small"):
            show.result(name(device), worked, said.of(worked))
            if device is not MediaDevice.LOUDSPEAKER:
                device_check.draw(visit, device, device is opened)
            if device is opened:
                _test(visit, line, device)
            elif device in wanted or device is MediaDevice.LOUDSPEAKER:
                key = f"open_{device.value}"
                st.button(again_label(device, worked), key=key, on_click=_open, args=(device,))
            deeds.say(_key(device))
            if device in bad:
                show.call_us(_("Oder rufen Sie uns an: {phone}"), visit.jobcenter_phone)


def _opened(visit: guest_view.Visit) -> MediaDevice | None:
    chosen: MediaDevice | None = st.session_state.get(_OPENED)
    if chosen in _wanted():
        return chosen
    if device_check.takes_voice():
        return MediaDevice.MICROPHONE  # which has been heard by now
    return next(iter(untested(visit)), None)


def _open(device: MediaDevice) -> None:
    _close()
    st.session_state[_OPENED] = device
    st.session_state[_CONTRADICTED] = [each for each in _contradicted() if each is not device]
    if device is MediaDevice.LOUDSPEAKER:
        call.go_without(call.SOUND, False)


def _close() -> None:
    deeds.forget()
    forget_what_is_open()


def _contradicted() -> list[MediaDevice]:
    found: list[MediaDevice] = st.session_state.get(_CONTRADICTED, [])
    return found


def _test(visit: guest_view.Visit, line: Line | None, device: MediaDevice) -> None:
    if device is MediaDevice.LOUDSPEAKER:
        test_tone(line)
    elif device is MediaDevice.MICROPHONE and device_check.voice_was_played():
        # Whether it is the microphone can be told only where the loudspeaker is known to work.
        silent = device if visit.worked(MediaDevice.LOUDSPEAKER) else MediaDevice.LOUDSPEAKER
        _ask(_("Haben Sie sich selbst gehört?"), device, silent)
    elif device is MediaDevice.CAMERA and visit.worked(device) and line and line.camera_on:
        _ask(_("Sehen Sie sich oben im Bild?"), device, device)
    else:
        said = (device, False, bool(visit.worked(device)))
        st.button(trouble_label(device), key=_key(device), on_click=answer, args=said)


def _ask(question: str, device: MediaDevice, otherwise: MediaDevice) -> None:
    """`otherwise`: what does not work if the answer is no."""
    show.question(question)
    with st.container(horizontal=True):
        yes, no = (device, True, True), (otherwise, False, True)
        st.button(_("Ja"), key=f"yes_{device.value}", on_click=answer, args=yes)
        st.button(_("Nein"), key=f"no_{device.value}", on_click=answer, args=no)


def answer(device: MediaDevice, worked: bool, arrives: bool) -> None:
    """What the visitor says of a device, though something of it `arrives`."""
    deeds.attempt(_key(device), visiting.record_device, people.visiting_actor, device, worked)
    if deeds.refused(_key(device)):
        return
    _close()
    if arrives and not worked:
        st.session_state[_CONTRADICTED] = [*_contradicted(), device]


def _key(device: MediaDevice) -> str:
    return f"trouble_{device.value}"


def play_tone() -> None:
    visit = people.seated()
    line = visit and rooms.line_of(visit.appointment_id, seat_names.seat(visit.actor))
    st.session_state["tone_played"] = line is not None
    if line:
        tone.play(line)


def test_tone(line: Line | None) -> None:
    st.button(_("Testton abspielen"), key="tone", on_click=play_tone)
    played = st.session_state.get("tone_played")
    if played is False and line is None:
        st.warning(_("Bitte schalten Sie zuerst oben Kamera und Mikrofon ein."))
    if played:
        _ask(_("Haben Sie den Ton gehört?"), MediaDevice.LOUDSPEAKER, MediaDevice.LOUDSPEAKER)
        st.button(_("Ich brauche keinen Ton"), key="no_sound", on_click=_needs_no_sound)


def _needs_no_sound() -> None:
    _close()
    call.go_without(call.SOUND, True)
