"""
Browser tabs with a call, by the random id that their page was given.

The doors ask here, which know no script run of Streamlit's: an offer finds its call even while
the page's own WebSocket is still being built up anew. Kept as long as the call itself; knows
neither offers nor media.
"""

import secrets
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any, Protocol
from weakref import WeakValueDictionary

from pages.parts import credentials


class Refusal(Exception):
    """Why an offer gets no answer; `code` is for the browser's end (stage-line.js)."""

    code = "refused"
    status = 403


class NotAllowed(Refusal):
    code = "not_allowed"


class Malformed(Refusal):
    code, status = "malformed", 400


class Superseded(Refusal):
    """The same tab has made another offer meanwhile."""

    code, status = "superseded", 409


class Busy(Refusal):
    code, status = "busy", 503


class Tab(Protocol):
    """One browser tab's call."""

    tab: str
    holder: str  # the digest of the credential that its session was begun with

    @property
    def seat(self) -> str:
        """Whose it is."""

    def close(self) -> None:
        """Give up its line and its connections; may wait for them."""

    def stays(self) -> bool:
        """Whether this browser may still sit in the room; asks the office."""

    def answer(self, offer: str, screen: bool) -> str:
        """Our end's answer (SDP) to the browser's offer; a `Refusal` if there is none."""

    def reach(self, candidates: list[dict[str, Any]], screen: bool) -> None:
        """More addresses of the browser, of the offer before."""

    def take_little(self, little: bool) -> None:
        """Whether this browser wants small pictures of the others."""

    def tell_places(self) -> None:
        """Say whom the browser sees at which m-line, if that has changed."""


MOST = 6  # of one person; a session that was reloaded away lingers for a while
_tabs: WeakValueDictionary[str, Tab] = WeakValueDictionary()


def new_id() -> str:
    return secrets.token_urlsafe(16)


def enter(tab: Tab) -> None:
    """From now on `of` finds it. Of too many of one person, the oldest gives up its call."""
    same = [each for each in list(_tabs.values()) if each.seat == tab.seat]
    for oldest in same[: 1 - MOST]:
        _tabs.pop(oldest.tab, None)
        threading.Thread(target=oldest.close, name="too many tabs", daemon=True).start()
    _tabs[tab.tab] = tab


def of(name: str, cookies: Mapping[str, str]) -> Tab | None:
    """The tab of this id, if one of the credentials in these cookies began its session."""
    found = _tabs.get(name)
    return found if found is not None and found.holder in credentials.digests(cookies) else None


def tell_places() -> None:
    """In every tab; asked several times a second. What fails in one is raised after the last."""
    with ExitStack() as turns:
        for tab in list(_tabs.values()):
            turns.callback(tab.tell_places)
