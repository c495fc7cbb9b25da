"""
The advisor's screen: shown to everybody inside, or not.

Off until the advisor shows it, and then only while the identity of everybody inside has been
checked, whatever their role: an interpreter's link can be forwarded as easily as a client's.
It ends when the advisor hides it, when somebody is let in whose identity has not been checked
(`hosting`), and with the talk (`ledger`). Knows no picture: live rooms ask `seats.inside`.
"""

from datetime import datetime

from core.appointment import Actor, Status
from core.office.guests import guests_of, may_see_screen
from core.office.ledger import note, transaction
from core.office.moves import end_screen
from core.office.own_rows import own_appointment
from core.refused import Reason, Refused


def show(actor: Actor, now: datetime, appointment_id: int) -> None:
    """From now on the advisor's screen may be seen; another one is noted as a new showing."""
    with transaction() as session:
        appointment = own_appointment(session, actor, appointment_id)
        if appointment.status != Status.OPEN or appointment.private_since is not None:
            raise Refused(Reason.CHANGED_MEANWHILE)
        if not may_see_screen(guests_of(session, appointment)):
            raise Refused(Reason.NOT_IDENTIFIED)
        appointment.screen_since = now
        note(session, actor, now, "screen_shown", appointment)


def hide(actor: Actor, now: datetime, appointment_id: int) -> None:
    """The screen is not shown any more."""
    with transaction() as session:
        appointment = own_appointment(session, actor, appointment_id)
        if appointment.screen_since is None:
            raise Refused(Reason.CHANGED_MEANWHILE)
        end_screen(session, actor, now, appointment)
