"""
The number for somebody whose link says nothing: whom to phone when no page can help.

Knows no appointment and nobody who asks.
"""

from contextlib import suppress

from sqlmodel import select

from core.office.ledger import reading
from core.records import Jobcenter
from core.refused import Away
from core.settings import settings

_PHONES: list[str] = []  # of the Jobcenter, up to two, when they were asked for last


def help_phone(ask: bool = True) -> str:
    """
    A number for somebody whose link says nothing: the one Jobcenter's or the installation's.

    During an outage, and for who does not `ask`, as it was known last.
    """
    if ask:
        with suppress(Away), reading() as session:
            _PHONES[:] = session.exec(select(Jobcenter.phone).limit(2)).all()
    return settings().help_phone or (_PHONES[0] if len(_PHONES) == 1 else "")
