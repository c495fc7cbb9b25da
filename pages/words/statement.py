"""
What the statement on accessibility says: what is not met, and why; what nobody has looked at.

The law: § 12b BGG, § 7 BITV 2.0, the model of decision (EU) 2018/1523. Each test step, and how it
was looked at, stands in docs/barrierefreiheit.md. Knows no page.
"""

from datetime import date

from core.languages import LANGUAGES, SOURCE, Language
from core.settings import settings
from pages.words.words import _

ASSESSED = date(2026, 12, 1)  # when docs/barrierefreiheit.md was gone through last
# Read by somebody who reads it every day; the others are a machine's (locales/README.md).
REVIEWED = {SOURCE}

# Of public bodies of the Federation (§ 16 BGG); those of a Land or a municipality have another.
FEDERAL_ARBITRATION = (
    "Schlichtungsstelle nach dem Behindertengleichstellungsgesetz, Mauerstraße 53, 10117 Berlin, "
    "info@schlichtungsstelle-bgg.de, https://www.schlichtungsstelle-bgg.de"
)


def not_met() -> list[str]:
    """What is missing, each with its reason."""
    unchanged = _("Grund: Wir haben es noch nicht geändert.")
    found = {
        _("Filme in Deutscher Gebärdensprache und Texte in Leichter Sprache fehlen."): _(
            "Grund: Es gibt sie noch nicht. Menschen, die sie brauchen, müssen sie erst prüfen."
        ),
        _("Wer im Gespräch gebärdet, wird nicht hervorgehoben. Wer spricht, schon."): _(
            "Grund: Es fehlt ein Knopf, mit dem man das zeigt."
        ),
        _("Die Telefonnummer für Hilfe steht nicht auf jeder Seite, und nicht immer oben."): (
            unchanged
        ),
        _(
            "Für Mitarbeitende: Im Formular für neue Termine hat ein Knopf einen englischen "
            "Namen: „Open“."
        ): _("Grund: Er kommt mit einer fremden Software, die wir benutzen."),
    }
    if not settings().accessibility_mail:
        found[_("Eine Barriere können Sie nur am Telefon melden.")] = _(
            "Grund: Hier ist noch keine E-Mail-Adresse eingetragen."
        )
    return [f"{missing} {reason}" for missing, reason in found.items()]


def unreviewed() -> list[Language]:
    """What clients may read in, and nobody who reads it every day has looked through."""
    return [LANGUAGES[code] for code in settings().languages if code not in REVIEWED]


def not_tested() -> list[str]:
    """What nobody has looked at yet; it may be met, or not."""
    return [
        _("Vorlesen mit einem Screenreader und andere Hilfsmittel"),
        _("alle Sprachen außer Deutsch, mit Prüfprogrammen"),
        _("Text auf 200 Prozent und Seiten auf 400 Prozent vergrößert"),
        _("eigene Abstände zwischen Zeilen, Wörtern und Buchstaben"),
        _("ob überall genug Zeit ist"),
        _("ob sich Bewegtes anhalten und Ton abschalten lässt"),
        _("die Seiten für Mitarbeitende, nur mit der Tastatur"),
        _("wie gut Ton und Bild für Gebärden und für das Lesen von den Lippen sind"),
        _("ob geschriebener Text im Gespräch immer schnell genug ankommt"),
    ]
