"""
What every page has around it: its head with the languages, and what helps Streamlit's page along in
the browser (pages/ui/page.js, the live socket).
"""

import streamlit as st

from core.office import visiting
from pages.parts import away, deeds, language, people, show, updates
from pages.ui.mount import component
from pages.words.foot import links
from pages.words.words import _

HEAD = "head_bar"
_mount = component("page", "page.js")
_head = component("head", "head/head.js", css="head/head.css")


def head(jobcenter: str = "") -> None:
    """Whose page it is, what it is, and in which languages it can be read."""
    words = {"what": _("Videokommunikation"), "choose": _("Sprache")}
    data = {"jobcenter": jobcenter, "words": words, **language.list_data()}
    _head(key=HEAD, data=data, on_language_change=_choose)
    deeds.say(HEAD)


def foot(in_call: bool = False) -> None:
    """Below a call in a window of its own: a call would end with the page that is left."""
    hint = (
        _("Diese Seiten öffnen sich in einem neuen Fenster. Hier geht alles weiter.")
        if in_call
        else ""
    )
    show.foot(links(), hint)


def _choose() -> None:
    """Before anything is drawn, so that all of it is in the new language. Said often, done once."""
    if people.strange():
        return
    code = st.session_state[HEAD].language
    if code == language.reads() or code not in language.offered():
        return
    language.choose(code)
    if people.is_visitor():
        deeds.attempt(HEAD, visiting.choose_language, people.visiting_actor, code)


def help_along() -> None:
    """Name the page's language and controls."""
    with st.container(key="browser"):
        updates.connect()
        _mount(
            key="help",
            data={
                **language.page(),
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
