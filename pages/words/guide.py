"""
The guide: the whole way step by step, and what to do when something does not work. Knows no page.

Buttons are named as they are called where they stand.
"""

from dataclasses import dataclass

from pages.words.words import _


@dataclass(frozen=True)
class Part:
    """A heading and the sentences below it."""

    title: str
    sentences: tuple[str, ...]


# Of half an hour with one other person: what pages/ui/call/quality.js sends at most, and with
# "Wenig Daten", there and back, with sound.
MEGABYTES, LITTLE_MEGABYTES = 550, 60


def needed() -> list[str]:
    """What somebody needs for a talk."""
    return [
        _(
            "Ein Handy, Tablet oder einen Computer mit Kamera, Mikrofon und Lautsprecher. "
            "Mit Kopfhörern hören Sie besser."
        ),
        _("Einen ruhigen Ort, am besten vor einer leeren Wand."),
        _(
            "Internet, am besten WLAN. Eine halbe Stunde braucht bis zu {most} MB, mit „Wenig "
            "Daten“ etwa {little} MB."
        ).format(most=MEGABYTES, little=LITTLE_MEGABYTES),
    ]


def way() -> list[Part]:
    """From the invitation to the end of the talk."""
    return [
        Part(
            _("Einladung"),
            (
                _("Vor dem Termin bekommen Sie eine E-Mail mit Ihrem persönlichen Link."),
                _(
                    "Öffnen Sie den Link etwa fünf Minuten vor dem Termin. Ihr Gerät können Sie "
                    "auch früher prüfen."
                ),
            ),
        ),
        Part(
            _("Startseite"),
            (
                _(
                    "Lesen Sie die Nutzungsbedingungen. Setzen Sie den Haken und drücken Sie "
                    "„{button}“."
                ).format(button=_("Weiter")),
            ),
        ),
        Part(
            _("Gerät prüfen"),
            (
                _(
                    "Drücken Sie „{button}“. Ihr Browser fragt um Erlaubnis: Wählen Sie "
                    "„Zulassen“ oder „Erlauben“."
                ).format(button=_("Kamera und Mikrofon einschalten")),
                _(
                    "Drücken Sie „{tone}“. Haben Sie den Ton gehört? Dann drücken Sie „{yes}“ und "
                    "danach „{button}“."
                ).format(
                    tone=_("Testton abspielen"),
                    yes=_("Ja"),
                    button=_("Schritt 2: Beratungsraum betreten"),
                ),
            ),
        ),
        Part(
            _("Warteraum"),
            (_("Sie müssen nichts unternehmen. Das Gespräch beginnt von selbst."),),
        ),
        Part(
            _("Beratungsraum"),
            (
                _(
                    "Zuerst prüft Ihr Jobcenter, wer Sie sind. Halten Sie Ihren Ausweis bereit. "
                    "Wenn Sie keinen haben, sagen Sie es. Es wird kein Bild gespeichert."
                ),
                _(
                    "Mit „{microphone}“ oder „{camera}“ sind Sie nicht mehr zu hören oder zu "
                    "sehen. Noch einmal drücken schaltet wieder ein."
                ).format(microphone=_("Mikrofon ausschalten"), camera=_("Kamera ausschalten")),
                _(
                    "Im Chat können Sie schreiben und Links öffnen. Ihr Jobcenter kann Ihnen "
                    "seinen Bildschirm zeigen."
                ),
            ),
        ),
        Part(
            _("Gespräch beenden"),
            (
                _(
                    "Drücken Sie „{button}“. Kamera und Mikrofon sind dann aus. Aus Versehen "
                    "gedrückt? Drücken Sie „{back}“."
                ).format(button=_("Gespräch beenden"), back=_("Zurück zum Gespräch")),
            ),
        ),
    ]


def troubles() -> list[Part]:
    """What happens most often, and what to do then."""
    settings = _("Einstellungen")
    return [
        Part(
            _("Sie haben keine E-Mail bekommen"),
            (_("Sehen Sie auch im Ordner „Spam“ nach. Sonst rufen Sie uns an."),),
        ),
        Part(
            _("Der Link öffnet sich nicht"),
            (_("Öffnen Sie den Link in Chrome, Firefox, Edge oder Safari."),),
        ),
        Part(
            _("Kamera oder Mikrofon ist nicht erlaubt"),
            (
                _(
                    "Haben Sie aus Versehen „Blockieren“ gewählt? Das macht nichts. Tippen Sie auf "
                    "das Zeichen neben der Adresse und erlauben Sie beides. Laden Sie die Seite "
                    "dann neu."
                ),
            ),
        ),
        Part(
            _("Man sieht Sie nicht"),
            (
                _("Schließen Sie andere Programme, die Ihre Kamera benutzen."),
                _("Es geht auch ohne Kamera, nur mit Ton."),
            ),
        ),
        Part(
            _("Man hört Sie nicht"),
            (
                _(
                    "Steht dort „{button}“? Dann drücken Sie das. Bei „{settings}“ können Sie ein "
                    "anderes Mikrofon wählen."
                ).format(button=_("Mikrofon einschalten"), settings=settings),
            ),
        ),
        Part(
            _("Sie hören nichts"),
            (_("Stellen Sie den Ton lauter. Sehen Sie nach, ob Kopfhörer angeschlossen sind."),),
        ),
        Part(
            _("Bild oder Ton stockt"),
            (
                _(
                    "Gehen Sie näher an Ihr WLAN. Oder wählen Sie bei „{settings}“ „{little}“."
                ).format(settings=settings, little=_("Wenig Daten")),
            ),
        ),
        Part(
            _("Die Verbindung bricht ab"),
            (
                _(
                    "Bleiben Sie auf der Seite: Wir verbinden Sie von selbst wieder. Sonst öffnen "
                    "Sie Ihren Link noch einmal."
                ),
            ),
        ),
    ]
