"""
The browser's end of a call on the page (pages/ui/call): where it is drawn, and its words.

Knows neither lines nor rooms: what it is to show comes in.
"""

from pages.call import lacking
from pages.ui.mount import component
from pages.words.words import _

_mount = component("stage", "call/stage.js", css="call/stage.css")


def start_label() -> str:
    return _("Kamera und Mikrofon einschalten")


def draw(shown: dict[str, object]) -> None:
    """At the same place in every step, or camera and microphone would be asked for again."""
    _mount(key="call", data=told(shown))


def told(shown: dict[str, object]) -> dict[str, object]:
    """What the script is told: what it is to show, and with what words."""
    return {**shown, "words": _words(), "lacking": lacking.sentences()}


def _words() -> dict[str, str]:
    return {
        "stage": _("Bild und Ton"),
        "start": start_label(),
        "echo": _("So sieht man Sie"),
        "unseen": _("Nicht zu sehen"),
        "unheard": _("Nicht zu hören"),
        "ownCameraOff": _("Ihre Kamera ist aus"),
        "ownUnseen": _("Man sieht Sie nicht"),
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
        "overlooked": _(
            "Ihr Browser fragt, ob er Kamera und Mikrofon benutzen darf. Am Computer steht die "
            "Frage oben, neben der Adresse, am Handy in der Mitte oder unten. Bitte wählen Sie "
            "„Zulassen“ oder „Erlauben“."
        ),
        "failed": _("Das hat nicht geklappt. Bitte laden Sie die Seite neu."),
        "understood": _("Verstanden"),
        "noCalls": _(
            "Dieser Browser kann keine Videogespräche, oder sie sind in ihm abgeschaltet, zum "
            "Beispiel im Blockierungsmodus eines iPhones. Bitte nehmen Sie einen anderen Browser "
            "oder ein anderes Gerät."
        ),
        "blocked": _("Ihr Browser hat den Ton angehalten."),
        "hear": _("Ton einschalten"),
    }
