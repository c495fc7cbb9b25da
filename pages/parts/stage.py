"""
The browser's end of a call on the page (stage*.js): where it is drawn, and its words.

Knows neither lines nor rooms: what it is to show comes in.
"""

from pathlib import Path

import streamlit as st

from pages.parts.words import _

_PARTS = ("media", "offer", "line", "watch", "element", "view", "screen", "panel")


def _script() -> str:
    names = [*(f"stage-{part}.js" for part in _PARTS), "stage.js"]
    return "\n".join(_read(name) for name in names)


def _read(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


_mount = st.components.v2.component(
    "beratungsraum_stage",
    html="",
    css=_read("stage.css"),
    js=_script(),
    isolate_styles=False,  # it has the page's type and colours
)


def start_label() -> str:
    return _("Kamera und Mikrofon einschalten")


def draw(shown: dict[str, object]) -> None:
    """At the same place in every step, or camera and microphone would be asked for anew."""
    _mount(key="call", data={**shown, "words": _words(), "problems": _problems()})


def _words() -> dict[str, str]:
    return {
        "stage": _("Bild und Ton"),
        "start": start_label(),
        "echo": _("So sieht man Sie"),
        "cameraOff": _("Kamera aus"),
        "microphoneOff": _("Mikrofon aus"),
        "ownCameraOff": _("Ihre Kamera ist aus"),
        "microphoneTurnOff": _("Mikrofon ausschalten"),
        "microphoneOn": _("Mikrofon einschalten"),
        "cameraTurnOff": _("Kamera ausschalten"),
        "cameraOn": _("Kamera einschalten"),
        "nextCamera": _("Kamera wechseln"),
        "settings": _("Einstellungen"),
        "chooseCamera": _("Kamera wählen"),
        "chooseMicrophone": _("Mikrofon wählen"),
        "freeze": _("Bild anhalten"),
        "frozen": _("Angehaltenes Bild. Es wird nicht gespeichert."),
        "larger": _("Größer"),
        "smaller": _("Kleiner"),
        "goOn": _("Weiter mit dem Gespräch"),
        "screen": _("Bildschirm von {name}"),
        "zoom": _("Gezeigter Bildschirm: größer, kleiner, verschieben"),
        "left": _("Nach links"),
        "right": _("Nach rechts"),
        "up": _("Nach oben"),
        "down": _("Nach unten"),
        "little": _("Wenig Daten"),
        "littleMeans": _("Mit „Wenig Daten“ sind die Bilder kleiner. Der Ton bleibt gut."),
        "estimate": _("So wie jetzt: etwa {mb} MB in 30 Minuten."),
        **_interruptions(),
    }


def _interruptions() -> dict[str, str]:
    return {
        "connecting": _("Die Verbindung wird aufgebaut …"),
        "late": _(
            "Die Verbindung dauert länger als sonst. Das liegt nicht an Ihnen. "
            "Bitte warten Sie noch etwas."
        ),
        "lost": _("Verbindung unterbrochen, wir verbinden neu …"),
        "again": _("Neu verbinden"),
        "call": _("Oder rufen Sie uns an: {phone}"),
        "taken": _("Ein anderes Programm benutzt Kamera oder Mikrofon. Wir versuchen es weiter."),
        "noCamera": _("Wir haben keine Kamera gefunden. Man hört Sie, das reicht auch."),
        "noMicrophone": _("Wir haben kein Mikrofon gefunden. Man sieht Sie, hört Sie aber nicht."),
        "blocked": _("Ihr Browser hat den Ton angehalten."),
        "hear": _("Ton einschalten"),
    }


def _problems() -> dict[str, str]:
    """What to do, by the name of the error in the Media Capture specification."""
    missing = _(
        "Wir haben keine Kamera und kein Mikrofon gefunden. Ist alles angeschlossen? "
        "Sonst rufen Sie uns bitte an."
    )
    in_use = _(
        "Ein anderes Programm benutzt gerade Ihre Kamera oder Ihr Mikrofon. "
        "Bitte schließen Sie es und versuchen Sie es noch einmal."
    )
    return {
        "NotAllowedError": _(
            "Der Zugriff auf Kamera oder Mikrofon ist nicht erlaubt. Tippen Sie auf das kleine "
            "Zeichen neben der Adresse, erlauben Sie beides und laden Sie die Seite neu."
        ),
        "NotFoundError": missing,
        "OverconstrainedError": missing,
        "NotReadableError": in_use,
        "AbortError": in_use,
        "NoMediaDevices": _(
            "Dieser Browser kann keine Videogespräche. Bitte nehmen Sie einen anderen Browser."
        ),
        "Error": _("Das hat nicht geklappt. Bitte laden Sie die Seite neu."),
    }
