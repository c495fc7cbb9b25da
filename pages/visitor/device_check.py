"""
What the browser itself sees of camera, microphone and line while they are tested (pages/ui/check):
hints beside a result, one's own voice, and why something cannot be used.

What it tells is a browser's word, and taken as such: one of the words known, or nothing.
"""

import contextlib
from collections.abc import Mapping
from functools import partial

import streamlit as st

from core import clock
from core.appointment import Actor, Lack, MediaDevice
from core.office import guest_view, outage, seat_names, visiting
from core.refused import Undone
from pages.call import presence
from pages.parts import people
from pages.ui.mount import component
from pages.words.words import _

NO_LINE = "failed"  # what the browser calls a line that does not come about
# How far somebody is who listens to themself.
BEGUN, PLAYED, NOT_PLAYED = "begun", "played", "failed"
_VOICE = "own_voice"
_mount = component("check", "check/check.js", css="check/check.css")


def draw(visit: guest_view.Visit, device: MediaDevice, opened: bool) -> None:
    """Below the result of one device; `opened`: while it is the one that is tested."""
    _mount(
        key=_key(device),
        data={
            "part": device.value,
            "open": opened,
            "known": _known(visit, device),
            "words": _words(device),
        },
        on_lacks_change=partial(_told, device),
        on_voice_change=_voice,
    )


def takes_voice() -> bool:
    """Whether this person listens to themself, and has not said yet what they heard."""
    return bool(st.session_state.get(_VOICE))


def voice_was_played() -> bool:
    return bool(st.session_state.get(_VOICE) == PLAYED)


def forget_voice() -> None:
    st.session_state.pop(_VOICE, None)


def _key(device: MediaDevice) -> str:
    return f"check_{device.value}"


def _known(visit: guest_view.Visit, device: MediaDevice) -> str:
    """What the browser need not tell any more."""
    if device is MediaDevice.CONNECTION:
        return NO_LINE if visit.worked(device) is False else ""
    return visit.lack(device) or ""


def _told(device: MediaDevice) -> None:
    if outage.lasts():
        return  # it is told again
    # Refused when the appointment has just closed.
    with contextlib.suppress(Undone, ValueError):
        said, actor = _sent(device, "lacks"), _speaking()
        if not isinstance(said, str) or actor is None:
            return
        if device is not MediaDevice.CONNECTION:
            visiting.note_lack(actor, clock.now(), device, Lack(said) if said else None)
        elif said == NO_LINE:
            visiting.record_device(actor, clock.now(), device, worked=False)


def _speaking() -> Actor | None:
    """The guest, if no other tab of theirs is the one that is seen and heard."""
    visit = people.seated()
    if visit is None:
        return None
    here = presence.of(visit.appointment_id, seat_names.seat(visit.actor))
    return None if here is presence.Presence.ELSEWHERE else people.visiting_actor()


def _voice() -> None:
    said = _sent(MediaDevice.MICROPHONE, "voice")
    if said in (BEGUN, PLAYED, NOT_PLAYED):
        st.session_state[_VOICE] = said
    else:
        forget_voice()


def _sent(device: MediaDevice, name: str) -> object:
    sent = st.session_state.get(_key(device))
    return sent.get(name) if isinstance(sent, Mapping) else None


def _words(device: MediaDevice) -> dict[str, str]:
    if device is MediaDevice.CAMERA:
        return {
            "dark": _(
                "Ihr Bild ist sehr dunkel. Machen Sie Licht an, "
                "oder setzen Sie sich mit dem Gesicht zum Fenster."
            ),
            "empty": _("Auf Ihrem Bild ist nichts zu erkennen. Ist die Kamera abgedeckt?"),
        }
    if device is MediaDevice.CONNECTION:
        return {
            "weak": _(
                "Ihre Verbindung ist schwach. Gehen Sie näher an den WLAN-Router. "
                "Oder wählen Sie oben bei „Einstellungen“: „Wenig Daten“."
            )
        }
    return {
        "loudness": _("So laut sind Sie"),
        "quiet": _("Ihr Ton ist leise. Sprechen Sie lauter, oder gehen Sie näher heran."),
        "noisy": _("Bei Ihnen ist es laut. Suchen Sie einen ruhigeren Platz, wenn das geht."),
        "listen": _("Eigene Stimme anhören"),
        "speak": _("Bitte sprechen Sie jetzt ein paar Worte."),
        "hear": _("Jetzt hören Sie sich selbst."),
        "stays": _("Nur Ihr Gerät nimmt das auf. Danach ist es gelöscht."),
        "failed": _("Das hat nicht geklappt. Bitte versuchen Sie es noch einmal."),
    }
