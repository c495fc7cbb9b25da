"""
What time takes away, round by round. What and how is in `core.office.kept`, how many days in
the settings.

Knows only the order: each deed of a round is in `core.office.forgetting_appointments` or in
`core.office.forgetting_by_age`.
"""

from dataclasses import dataclass
from datetime import datetime

from core.appointment import Actor
from core.office import forgetting_appointments, forgetting_by_age
from core.office.ledger import refuse_all_but_the_clock
from core.office.overwriting import overwrite
from core.pieces import pieces


@dataclass(frozen=True)
class Forgotten:
    """How much one round has taken away."""

    chats: int = 0
    names: int = 0
    appointments: int = 0
    trail: int = 0
    happenings: int = 0
    sessions: int = 0
    accounts: int = 0
    mails: int = 0


NOTHING = Forgotten()


def forget(actor: Actor, now: datetime) -> Forgotten:
    """One round; what does not fit into it is taken by the next."""
    refuse_all_but_the_clock(actor)
    done = Forgotten(
        chats=forgetting_appointments.forget_chats(actor, now),
        names=forgetting_appointments.forget_names(actor, now),
        appointments=forgetting_appointments.forget_appointments(actor, now),
        trail=forgetting_by_age.forget_who_did_it(actor, now),
        happenings=forgetting_by_age.forget_happenings(actor, now),
        sessions=forgetting_by_age.forget_sessions(actor, now),
        accounts=forgetting_by_age.forget_accounts(actor, now),
        mails=forgetting_by_age.forget_mails(actor, now),
    )
    pieces.cache_clear()  # it holds messages
    overwrite()
    return done
