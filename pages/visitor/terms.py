"""The terms of use a visitor agrees to. A new text needs a new version."""

from core.office import periods
from core.settings import settings
from pages.parts import show
from pages.words.terms import voluntary
from pages.words.words import _, translate

VERSION = "2026-12"


def draw() -> None:
    """The terms in full, readable without leaving the page."""
    show.terms(_("Nutzungsbedingungen"), _parts())
    show.link(_("Was wir speichern und wie lange"), "datenschutz")


def _parts() -> list[tuple[str, str]]:
    return [
        (_("Freiwillig"), voluntary()),
        (
            _("Nichts wird aufgezeichnet"),
            _(
                "Das Gespräch wird nicht aufgezeichnet: kein Bild, kein Ton. Bitte zeichnen auch "
                "Sie nichts auf. Das ist ohne Zustimmung der anderen verboten."
            ),
        ),
        (
            _("Ihre Daten"),
            _(
                "Bild, Ton und Chat gehen verschlüsselt über die Server Ihres Jobcenters "
                "(Transportverschlüsselung) und an keine anderen Firmen. Gespeichert werden Ihr "
                "Name, Ihre E-Mail-Adresse, Ihre Sprache, die Zeit des Termins, das Ergebnis des "
                "Gerätetests, wann Sie zugestimmt, gewartet und gesprochen haben und wie Ihre "
                "Identität geprüft wurde. Gelöscht wird von selbst: der Chat {chat}, Name und "
                "E-Mail-Adresse {names}, alles Übrige über Sie {rest}."
            ).format(
                chat=periods.until(periods.Period.CHAT, settings(), translate()),
                names=periods.until(periods.Period.NAMES, settings(), translate()),
                rest=periods.until(periods.Period.REST, settings(), translate()),
            ),
        ),
        (
            _("Wer dabei ist"),
            _(
                "Zu Beginn wird Ihre Identität geprüft, ohne Kopie und ohne Foto. Bitte sagen Sie, "
                "wenn noch jemand bei Ihnen im Raum ist. Sie dürfen einen Beistand mitbringen."
            ),
        ),
        (
            _("Ihr Link"),
            _("Ihr Link ist nur für Sie und nur für diesen Termin. Geben Sie ihn nicht weiter."),
        ),
        (
            _("Ruhige Umgebung"),
            _(
                "Setzen Sie sich an einen ruhigen Ort, ohne Musik oder Fernseher, "
                "am besten vor einen neutralen Hintergrund."
            ),
        ),
    ]
