"""What staff read of a guest whose technique does not work."""

from core.appointment import Lack, MediaDevice
from core.office.advisor_view import Person
from pages.parts import rooms, show
from pages.words.words import _


def say(appointment_id: int, person: Person) -> None:
    """That something has failed in the device test, and what could not be used when last told."""
    if person.technique_failed:
        show.state(False, _("Beim Gerätetest hat etwas nicht funktioniert."))
    line = rooms.line_of(appointment_id, person.seat)
    arrives = {
        MediaDevice.CAMERA: bool(line and line.camera_on),
        MediaDevice.MICROPHONE: bool(line and line.microphone_on),
    }
    for device, lack in person.lacks:
        if not arrives[device]:
            show.text(_sentence(device, lack), "p", "quiet")


def _sentence(device: MediaDevice, lack: Lack) -> str:
    name = _("Kamera") if device is MediaDevice.CAMERA else _("Mikrofon")
    cause = {
        Lack.MISSING: _("nicht gefunden"),
        Lack.REFUSED: _("im Browser nicht erlaubt"),
        Lack.FORBIDDEN: _("am Gerät nicht erlaubt"),
        Lack.BUSY: _("von einem anderen Programm benutzt"),
        Lack.LOST: _("nicht mehr da"),
        Lack.MUTED: _("am Gerät angehalten"),
        Lack.UNABLE: _("in diesem Browser nicht möglich"),
        Lack.FAILED: _("geht gerade nicht"),
    }[lack]
    return _("{device}: {cause}").format(device=name, cause=cause)
