"""What helps Streamlit's page along in the browser: pages/ui/page.js, and the live socket."""

import streamlit as st

from pages.parts import away, updates
from pages.ui.mount import component
from pages.words.words import _

_mount = component("page", "page.js")


def help_along() -> None:
    """Name the page's language and controls."""
    with st.container(key="browser"):
        updates.connect()
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
                    "copying": {
                        "Copy to clipboard": _("Link kopieren"),
                        "Copied": _("Kopiert"),
                    },
                    "leave": _("Möchten Sie das Gespräch wirklich verlassen?"),
                    "away": away.banner(),
                },
            },
        )
