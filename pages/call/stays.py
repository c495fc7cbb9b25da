"""
Whether a browser may still sit in a talk, asked when no page of it runs any more.

Keeps its credential, not who that was; knows no rule: `core.office.seats` has it.
"""

from collections.abc import Callable

from core import clock
from core.office import seats
from pages.parts import people


def guest_stays(appointment_id: int) -> Callable[[], bool]:
    """Asks whether the visitor's browser may still sit there, when no page runs any more."""
    held = people.link()
    if held is None:
        return lambda: False
    return lambda: seats.guest_stays(clock.now(), held.secret, held.device, appointment_id)


def staff_stays(appointment_id: int) -> Callable[[], bool]:
    """As `guest_stays`, of an advisor."""
    token = people.staff_token()
    if token is None:
        return lambda: False
    return lambda: seats.staff_stays(clock.now(), token, appointment_id)


def screen_stays(appointment_id: int) -> Callable[[], bool]:
    """Asks whether this advisor's browser may send a screen."""
    token = people.staff_token()
    if token is None:
        return lambda: False
    return lambda: seats.screen_stays(clock.now(), token, appointment_id)
