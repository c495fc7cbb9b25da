"""Who else is in an appointment, as the stage names them. Knows no live room."""

from core.appointment import Actor, GuestRole
from core.office import seats
from core.refused import Refused
from pages.parts import call, words
from pages.parts.words import _


def others(actor: Actor, appointment_id: int) -> tuple[call.Other, ...]:
    """Nobody, when this person may no longer ask."""
    try:
        company = seats.company(actor, appointment_id)
    except Refused:
        return ()
    return tuple(
        call.Other(
            each.seat,
            each.name,
            words.role(each.role) if each.role else _("Jobcenter"),
            pinned=each.role == GuestRole.INTERPRETER,
        )
        for each in company
    )
