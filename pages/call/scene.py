"""
What the call shows: where somebody sits, who else is in the appointment, and in which words.

Knows no live room and no connection.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.appointment import Actor, GuestRole
from core.office import seats
from core.refused import Refused
from core.words import translation
from pages.words.words import role


@dataclass(frozen=True)
class Seat:
    """Where this browser sits."""

    appointment_id: int
    name: str
    stays: Callable[[], bool]  # whether this browser may sit here; asks the office
    screen: "Seat | None" = None  # that of this person's own screen, if they may have one


@dataclass(frozen=True)
class Other:
    """Somebody else, as this browser may know them."""

    seat: str
    name: str
    role: str = ""
    pinned: bool = False  # never left out, such as an interpreter


@dataclass(frozen=True)
class Others:
    """How many others are invited, and whom of them this browser may know now."""

    invited: int = 0
    known: tuple[Other, ...] = ()


@dataclass(frozen=True)
class Scene:
    """What this step of the way shows on the stage."""

    alone: str  # a calm sentence before anybody is to be seen
    others: Callable[[], Others] = Others  # asks the office
    talking: bool = False  # the others, not one's own picture coming back
    autostart: bool = False
    phone: str = ""
    may_freeze: bool = False  # halt a picture, to read a paper


def others(actor: Actor, appointment_id: int, language: str) -> Others:
    """
    As the stage names them, in the language of who looks at it: asked beside their script runs,
    too. Nobody, when this person may no longer ask.
    """
    _ = translation(language)
    try:
        company = seats.company(actor, appointment_id)
    except Refused:
        return Others()
    known = tuple(
        Other(
            each.seat,
            each.name,
            role(each.role, _) if each.role else _("Jobcenter"),
            pinned=each.role == GuestRole.INTERPRETER,
        )
        for each in company.known
    )
    return Others(company.invited, known)
