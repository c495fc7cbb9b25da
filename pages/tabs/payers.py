"""
Who pays for a page that is drawn from beginning to end: the seat whose socket has asked for it.

Charged when it is drawn, whatever the browser has asked for: a part of a page may turn out to need
all of it. The gate enters a seat and writes its mark into the handshake that Streamlit keeps;
nobody outside can. Knows no price and no page.
"""

import secrets
from typing import Protocol
from weakref import WeakValueDictionary

HEADER = "x-beratungsraum-payer"


class Payer(Protocol):
    def pay(self) -> None:
        """For one more whole page. Called from any thread; neither waits nor fails."""


_payers: WeakValueDictionary[str, Payer] = WeakValueDictionary()


def enter(payer: Payer) -> str:
    """Its mark, for as long as it lives."""
    mark = secrets.token_urlsafe(16)
    _payers[mark] = payer
    return mark


def charge(mark: str | None) -> None:
    """Nobody, when the browser has gone meanwhile."""
    payer = _payers.get(mark or "")
    if payer is not None:
        payer.pay()
