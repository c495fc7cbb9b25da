"""What arrives at the server from a person, and what they read of it."""

from enum import Enum

import streamlit as st

from pages.call import stage
from pages.parts import rooms, show
from pages.words.words import _


class Presence(Enum):
    """What arrives at the server from a person, seen from one of their tabs."""

    NOBODY = "nothing arrives"
    ELSEWHERE = "another tab or device speaks for this person"
    WITHOUT_CAMERA = "sound only"
    WITHOUT_MICROPHONE = "picture only"
    WATCHING = "neither, but the browser is there"
    HERE = "picture and sound"


def of(appointment_id: int, seat: str) -> Presence:
    """Whether this tab speaks for its person."""
    speaking = rooms.line_of(appointment_id, seat)
    if speaking is None:
        return Presence.NOBODY
    kept = st.session_state.get("stage")
    if kept is None or kept.line is not speaking:
        return Presence.ELSEWHERE
    return {
        (True, True): Presence.HERE,
        (False, True): Presence.WITHOUT_CAMERA,
        (True, False): Presence.WITHOUT_MICROPHONE,
        (False, False): Presence.WATCHING,
    }[speaking.camera_on, speaking.microphone_on]


def say(presence: Presence) -> None:
    """What is missing on this person's own side, and what to do."""
    kept = st.session_state.get("stage")
    if presence is Presence.NOBODY and kept is not None and kept.line.began is not None:
        sentence = _(
            "Bild und Ton sind unterbrochen. Wir verbinden Sie neu. Das liegt nicht an Ihnen."
        )
        show.state(None, sentence)
    elif presence is Presence.NOBODY:
        # While the browser is connecting by itself, there is no such button.
        sentence = _(
            "Wir sehen und hören Sie noch nicht. Steht oben „{start}“? Dann tippen Sie darauf."
        )
        show.state(False, sentence.format(start=stage.start_label()))
    elif presence is Presence.ELSEWHERE:
        show.state(False, in_another_window())
    elif presence is not Presence.HERE:
        sentences = {
            Presence.WITHOUT_CAMERA: _("Sie nehmen ohne Kamera teil."),
            Presence.WITHOUT_MICROPHONE: _("Man sieht Sie, hört Sie aber nicht."),
            Presence.WATCHING: _("Man sieht und hört Sie nicht. Sie können zusehen und zuhören."),
        }
        show.state(None, sentences[presence])


def in_another_window() -> str:
    return _("Bild und Ton sind in einem anderen Fenster. Bitte gehen Sie dorthin.")
