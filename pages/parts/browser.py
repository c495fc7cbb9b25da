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


def help_along(start_label: str = "", autostart: bool = False) -> None:
    """Name the page's language and controls; press `start_label` in the call if `autostart`."""
    with st.container(key="browser"):
        live.connect()
        _mount(
            key="help",
            data={
                "lang": "de",
                "autostart": autostart,
                "words": {
                    "start": start_label,
                    "chat": _("Chat öffnen"),
                    "unread": _("neu"),
                    "hide": _("Chat schließen"),
                    "sidebar": _("Chat"),
                    "send": _("Nachricht senden"),
                    "call": _("Bild und Ton"),
                    "lost": _("Die Verbindung ist unterbrochen. Wir verbinden Sie neu …"),
                    "problems": _problems(),
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


def _problems() -> dict[str, str]:
    """What to do, by a part of the English message it replaces."""
    return {
        "NotAllowedError": _(
            "Der Zugriff auf Kamera oder Mikrofon ist nicht erlaubt. Tippen Sie neben der Adresse "
            "auf das Schloss, erlauben Sie beides und laden Sie die Seite neu."
        ),
        "NotFoundError": _(
            "Wir haben keine Kamera oder kein Mikrofon gefunden. Unter „Es klappt nicht?“ können "
            "Sie wählen, nur mit Ton teilzunehmen."
        ),
        "NotReadableError": _(
            "Ein anderes Programm benutzt gerade Ihre Kamera oder Ihr Mikrofon. "
            "Bitte schließen Sie es und versuchen Sie es noch einmal."
        ),
        "taking longer": _(
            "Die Verbindung dauert länger als sonst. Das liegt nicht an Ihnen. "
            "Bitte warten Sie noch etwas."
        ),
        "Error": _("Das hat nicht geklappt. Bitte laden Sie die Seite neu."),
    }
