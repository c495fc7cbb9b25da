"""
The link of somebody who is invited: a new one, where its mail goes, that it was sent.

Only the hash of a link's secret stays; once only with one secret, as in `core.office.planning`.
Sends nothing itself.
"""

from datetime import datetime

from core import access
from core.appointment import Actor, GuestEvent, GuestStatus
from core.office.guests import UNKNOWN, UNTESTED, refuse_if_closed
from core.office.ledger import note, reading, transaction
from core.office.moves import move_guest
from core.office.own_rows import own_guest


def new_link(actor: Actor, now: datetime, guest_id: int, secret: str | None = None) -> str:
    """
    Replace a guest's link; the old one opens nothing any more. Returns the new secret.

    The old link may have been in other hands, so consent, device test and
    identity are asked for again. Refused while they are in the room. Once only with one `secret`.
    """
    secret = secret or access.new_secret()
    with transaction() as session:
        guest, appointment = own_guest(session, actor, guest_id)
        if guest.secret_hash == access.digest(secret):
            return secret
        refuse_if_closed(session, appointment, now)
        # Once somebody has consented, it is what they chose, and they may have been somebody else.
        language = guest.language if guest.status == GuestStatus.INVITED else None
        move_guest(
            session,
            actor,
            now,
            guest,
            GuestEvent.INVITE_AGAIN,
            secret_hash=access.digest(secret),
            language=language,
            mail_sent_at=None,
            consented_at=None,
            consented_version=None,
            device_hash=None,
            own_device_hash=None,
            device_changed_at=None,
            doubted_at=None,
            **UNKNOWN,
            **UNTESTED,
        )
    return secret


def mail_sent(actor: Actor, now: datetime, guest_id: int) -> None:
    """Note that the invitation was handed to the mail server."""
    with transaction() as session:
        guest, _ = own_guest(session, actor, guest_id)
        guest.mail_sent_at = now
        note(session, actor, now, "mail_sent", guest)


def address_of(actor: Actor, guest_id: int) -> str:
    """The mail address an invitation goes to."""
    with reading() as session:
        guest, _ = own_guest(session, actor, guest_id)
        return guest.email
