"""The one small script that helps Streamlit's page along in the browser (browser.js)."""

from pathlib import Path

import streamlit as st

from pages.parts import live
from pages.parts.words import _

_mount = st.components.v2.component(
    "beratungsraum_browser",
    html="",
    js=Path(__file__).with_name("browser.js").read_text(encoding="utf-8"),
)


def help_along() -> None:
    """Name the page's language and controls."""
    with st.container(key="browser"):
        live.connect()
        _mount(
            key="help",
            data={
                "lang": "de",
                "words": {
                    "chat": _("Chat öffnen"),
                    "unread": _("neu"),
                    "hide": _("Chat schließen"),
                    "sidebar": _("Chat"),
                    "send": _("Nachricht senden"),
                    "skip": _("Zum Inhalt springen"),
                    "lost": _("Die Verbindung ist unterbrochen. Wir verbinden Sie neu …"),
                    "offline": _(
                        "Ihr Gerät hat gerade kein Internet. "
                        "Wir verbinden Sie wieder, sobald es geht."
                    ),
                    "fields": _fields(),
                },
            },
        )


def _fields() -> dict[str, str]:
    """Names of what stands in fields for a day or a time, by the English ones."""
    return {
        "day": _("Tag"),
        "month": _("Monat"),
        "year": _("Jahr"),
        "Choose date": _("Datum wählen"),
        "Previous month": _("Voriger Monat"),
        "Next month": _("Nächster Monat"),
        "Open": _("Auswahl öffnen"),
        "arrows": _("Mit den Pfeiltasten wählen, Eingabetaste übernimmt, Escape schließt."),
    }
