"""
Sentences for people: gettext by the person's language, German as the source.

The catalogues are locales/<language>.po, read as they are. Knows no page. Never installs a
translation globally: script threads of different people run side by side.
"""

import gettext
from datetime import date, datetime
from functools import cache
from io import BytesIO

from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from core.clock import berlin
from core.languages import LANGUAGES, SOURCE
from core.refused import Reason
from core.settings import ROOT

FOLDER = ROOT / "locales"


class Translation:
    """The sentences of one language; a sentence that its catalogue lacks stays German."""

    def __init__(self, catalogue: gettext.NullTranslations) -> None:
        self._catalogue = catalogue

    def __call__(self, sentence: str) -> str:
        return self._catalogue.gettext(sentence)

    def plural(self, one: str, many: str, number: int) -> str:
        """By the rules of the language, of which some have six forms."""
        return self._catalogue.ngettext(one, many, number)


@cache
def translation(language: str = SOURCE) -> Translation:
    """German itself comes back unchanged."""
    if language == SOURCE:
        return Translation(gettext.NullTranslations())
    with (FOLDER / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, LANGUAGES[language].locale)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translation(gettext.GNUTranslations(compiled))


def reason(why: Reason, _: Translation) -> str:
    """One kind sentence for a refused deed."""
    return {
        Reason.NOT_FOUND: _("Das gibt es nicht oder nicht mehr."),
        Reason.NOT_ALLOWED: _("Das ist hier nicht möglich."),
        Reason.CHANGED_MEANWHILE: _(
            "Das ist inzwischen schon geschehen. Die Seite zeigt jetzt den neuen Stand."
        ),
        Reason.TOO_EARLY: _("Dafür ist es noch zu früh."),
        Reason.TOO_LATE: _("Dieser Termin ist schon vorbei."),
        Reason.SOMEBODY_WAITS: _(
            "Zu diesem Termin war jemand da. Er kann nicht als versäumt gelten."
        ),
        Reason.TECHNIQUE_FAILED: _(
            "Bei diesem Termin hat die Technik nicht funktioniert. Er kann nicht als versäumt gelten."
        ),
        Reason.NOT_CONSENTED: _("Bitte stimmen Sie zuerst den Nutzungsbedingungen zu."),
        Reason.NO_PROOF: _("Bitte wählen Sie zuerst, wie Sie die Identität geprüft haben."),
        Reason.NOT_IDENTIFIED: _(
            "Sie können den Bildschirm zeigen, sobald jemand im Gespräch ist und Sie von allen dort die Identität geprüft haben."
        ),
        Reason.IN_THE_PAST: _(
            "Dieser Zeitpunkt liegt in der Vergangenheit. Bitte wählen Sie einen späteren."
        ),
        Reason.END_BEFORE_START: _("Das Ende muss nach dem Beginn liegen."),
        Reason.BAD_DAY: _(
            "Diesen Tag können wir nicht lesen, oder es gibt ihn nicht. Bitte schreiben Sie ihn zum Beispiel so: 7.12.2026"
        ),
        Reason.BAD_TIME: _(
            "Diese Uhrzeit können wir nicht lesen, oder es gibt sie nicht. Bitte schreiben Sie sie zum Beispiel so: 9:30"
        ),
        Reason.NO_SUCH_TIME: _(
            "Diese Uhrzeit gibt es an diesem Tag nicht: Die Uhr wird vorgestellt. Bitte wählen Sie eine andere."
        ),
        Reason.AMBIGUOUS_TIME: _(
            "Diese Uhrzeit gibt es an diesem Tag zweimal: Die Uhr wird zurückgestellt. Bitte wählen Sie eine andere."
        ),
        Reason.BAD_NAME: _(
            "Bitte geben Sie einen Namen ein, mit Buchstaben und höchstens 100 Zeichen."
        ),
        Reason.BAD_PHONE: _(
            "Bitte geben Sie genau eine Telefonnummer ein, mit Vorwahl und ohne Wörter, zum Beispiel 030 23125-000."
        ),
        Reason.BAD_LOGIN: _("Bitte geben Sie einen Anmeldenamen ein, mit höchstens 100 Zeichen."),
        Reason.BAD_MAIL: _(
            "Diese E-Mail-Adresse stimmt nicht. Bitte prüfen Sie, ob etwas fehlt oder zu viel ist."
        ),
        Reason.SEVERAL_MAILS: _(
            "Das sind mehrere E-Mail-Adressen. Bitte geben Sie genau eine ein."
        ),
        Reason.SPACE_IN_MAIL: _(
            "In dieser E-Mail-Adresse ist ein Leerzeichen oder ein Wort zu viel. Bitte geben Sie nur die Adresse ein."
        ),
        Reason.LETTER_IN_MAIL: _(
            "Vor dem @ steht ein Zeichen, das in E-Mail-Adressen nicht vorkommt, zum Beispiel ein Umlaut. Bitte prüfen Sie die Adresse."
        ),
        Reason.MESSAGE_EMPTY: _("Bitte schreiben Sie zuerst eine Nachricht."),
        Reason.MESSAGE_TOO_LONG: _(
            "Die Nachricht ist zu lang. Höchstens 2000 Zeichen sind möglich."
        ),
        Reason.ONLY_ONE_INSIDE: _("Dafür müssen mindestens zwei eingeladene Personen da sein."),
        Reason.PRIVATE: _(
            "Die anderen sprechen gerade ohne Sie. Bitte kommen Sie zuerst zurück ins Gespräch."
        ),
        Reason.STILL_TALKING: _(
            "Bitte geben Sie den anderen noch etwas Zeit. Eine halbe Minute genügt."
        ),
        Reason.TOO_FAST: _(
            "Das war sehr viel auf einmal. Bitte warten Sie ein paar Sekunden und machen Sie dann weiter."
        ),
        Reason.CHAT_FULL: _(
            "In diesen Chat passen keine weiteren Nachrichten. Bitte sprechen Sie miteinander."
        ),
        Reason.TOO_MANY_CHANGES: _("Ihr Platz wurde zu oft gewechselt. Bitte rufen Sie uns an."),
        Reason.WRONG_LOGIN: _("Anmeldename oder Passwort stimmen nicht."),
        Reason.BAD_PASSWORD: _("Das Passwort muss 12 bis 200 Zeichen haben."),
        Reason.EASY_PASSWORD: _(
            "Dieses Passwort ist zu leicht zu erraten. Bitte wählen Sie ein anderes, zum Beispiel mehrere Wörter."
        ),
        Reason.BAD_CHARACTERS: _(
            "Darin sind Zeichen, die wir nicht speichern können. Bitte schreiben Sie es anders."
        ),
        Reason.NOT_KEPT: _(
            "Das konnten wir gerade nicht speichern. Bitte versuchen Sie es gleich noch einmal."
        ),
    }[why]


def day(moment: datetime, language: str = SOURCE) -> str:
    """For example "Montag, 23. November 2026", in Berlin."""
    return date_in_words(berlin(moment).date(), language)


def date_in_words(of: date, language: str = SOURCE) -> str:
    """The same of a day in the calendar."""
    locale = LANGUAGES[language].locale
    return format_date(of, locale=locale, format="full")


def clock_time(moment: datetime, language: str = SOURCE) -> str:
    """For example "09:30", in Berlin; with 24 hours in every language, as clocks here go."""
    return format_time(berlin(moment), "HH:mm", locale=LANGUAGES[language].locale)
