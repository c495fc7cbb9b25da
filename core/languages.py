"""
The languages people may read in: their names, their direction, who may choose which.

Knows no sentence: those are in `core.words` and `locales`. Codes are BCP 47; `de-simple` is German
in Einfache Sprache (`simple` is a registered variant).
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from babel import Locale

SOURCE = "de"

# Months as they are called where most of these readers come from; both write 1, 2, 3.
_LOCALES = {"en": "en_GB", "ar": "ar_SY"}


@dataclass(frozen=True)
class Language:
    """One of `LANGUAGES`; `name` as its readers write it."""

    code: str
    name: str

    @property
    def locale(self) -> Locale:
        """How Babel writes its days and times."""
        return _locale(self.code)

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        return _direction(self.code)

    def called(self, by: "Language") -> str:
        """As readers of another language call it."""
        return str(self.locale.get_language_name(str(by.locale)))


@cache  # asked ten times for each plain page, which strangers may ask for by the thousand
def _direction(code: str) -> Literal["ltr", "rtl"]:
    return "rtl" if _locale(code).text_direction == "rtl" else "ltr"


@cache
def _locale(code: str) -> Locale:
    return Locale.parse(_LOCALES.get(code, code.partition("-")[0]))


LANGUAGES = {
    code: Language(code, name)
    for code, name in {
        "de": "Deutsch",
        "de-simple": "Einfache Sprache",
        "en": "English",
        "uk": "Українська",
        "ru": "Русский",
        "ar": "العربية",
        "tr": "Türkçe",
        "fa": "فارسی",
        "pl": "Polski",
        "ro": "Română",
        # Prepared: whoever brings a catalogue may offer them.
        "ps": "پښتو",
        "ti": "ትግርኛ",
        "fr": "Français",
        "es": "Español",
        "sr": "Српски",
        "bg": "Български",
    }.items()
}
OFFERED = (SOURCE, "de-simple", "en", "uk", "ru", "ar", "tr", "fa", "pl", "ro")  # unless set
STAFF = (SOURCE, "en")
