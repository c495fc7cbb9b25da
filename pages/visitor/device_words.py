"""What is said of each device in the test: its name, its result, and the words of its buttons."""

from dataclasses import dataclass

from core.appointment import MediaDevice
from core.media.rooms.line import Line
from pages.call import call
from pages.words.words import _


@dataclass(frozen=True)
class Said:
    """Of one device: what is said when it works, does not, is still open."""

    good: str
    bad: str
    still: str

    def of(self, worked: bool | None) -> str:
        return {True: self.good, False: self.bad, None: self.still}[worked]


def name(device: MediaDevice) -> str:
    return {
        MediaDevice.CAMERA: _("Kamera"),
        MediaDevice.MICROPHONE: _("Mikrofon"),
        MediaDevice.LOUDSPEAKER: _("Lautsprecher"),
        MediaDevice.CONNECTION: _("Verbindung"),
    }[device]


def names(devices: list[MediaDevice]) -> str:
    return ", ".join(name(each) for each in devices)


def results(line: Line | None) -> dict[MediaDevice, Said]:
    """In the order in which they are shown; `line` is this person's own, if it stands."""
    untested = _("Noch nicht geprüft.")
    return {
        MediaDevice.CAMERA: Said(
            _("Die Kamera funktioniert."),
            _(
                "Die Kamera funktioniert nicht. Es geht auch ohne: unten bei "
                "„Hilfe bei Kamera und Mikrofon“."
            ),
            _no_picture(line) or untested,
        ),
        MediaDevice.MICROPHONE: Said(
            _("Das Mikrofon funktioniert."),
            _("Das Mikrofon funktioniert nicht. Ist es an? Sonst rufen Sie uns bitte an."),
            _no_sound(line) or untested,
        ),
        MediaDevice.LOUDSPEAKER: Said(
            _("Der Lautsprecher funktioniert."),
            _("Sie hören nichts. Stellen Sie den Ton lauter und versuchen Sie es noch einmal."),
            _("Sie nehmen ohne Ton teil. Im Gespräch können Sie schreiben.")
            if call.without(call.SOUND)
            else untested,
        ),
        MediaDevice.CONNECTION: Said(
            _("Die Verbindung hat geklappt."),
            _("Die Verbindung klappt nicht. Das liegt nicht an Ihnen. Bitte rufen Sie uns an."),
            untested,
        ),
    }


def _no_picture(line: Line | None) -> str:
    if call.without(call.CAMERA):
        return _("Sie nehmen ohne Kamera teil.")
    return _("Es kommt noch kein Bild an.") if line else ""


def _no_sound(line: Line | None) -> str:
    if line is None:
        return ""
    return _("Bitte sagen Sie etwas.") if line.microphone_on else _("Es kommt noch kein Ton an.")


def again_label(device: MediaDevice, worked: bool | None) -> str:
    """To test it, or to test it once more."""
    first, more = {
        MediaDevice.CAMERA: (_("Kamera prüfen"), _("Kamera noch einmal prüfen")),
        MediaDevice.MICROPHONE: (_("Mikrofon prüfen"), _("Mikrofon noch einmal prüfen")),
        MediaDevice.LOUDSPEAKER: (_("Lautsprecher prüfen"), _("Lautsprecher noch einmal prüfen")),
    }[device]
    return first if worked is None else more


def trouble_label(device: MediaDevice) -> str:
    camera = device is MediaDevice.CAMERA
    return _("Kamera klappt nicht?") if camera else _("Mikrofon klappt nicht?")
