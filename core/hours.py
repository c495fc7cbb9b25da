"""From when to when a link, the Warteraum and a room are open. Knows no clock: `now` is given."""

from datetime import datetime, timedelta

from core.appointment import Status

LINK_OPENS_BEFORE = timedelta(minutes=30)
LINK_CLOSES_AFTER = timedelta(minutes=60)
# A room that nobody has closed: long enough after its end that nobody can be talking.
ROOM_CLOSES_AFTER = timedelta(hours=12)


def waiting_room_opens(starts_at: datetime) -> datetime:
    """From when on a guest may enter the Warteraum."""
    return starts_at - LINK_OPENS_BEFORE


def link_closes(ends_at: datetime) -> datetime:
    """From when on an unused link is closed."""
    return ends_at + LINK_CLOSES_AFTER


def room_closes(ends_at: datetime) -> datetime:
    """From when on nobody can be talking or waiting any more, whatever the rows say."""
    return ends_at + ROOM_CLOSES_AFTER


def closed(status: Status, somebody_waits: bool, ends_at: datetime, now: datetime) -> bool:
    """
    Nothing is to come any more, whether or not anybody has noted it yet.

    While somebody waits a link stays open, but not for longer than a forgotten room.
    """
    if status not in (Status.PLANNED, Status.OPEN) or now >= room_closes(ends_at):
        return True
    unused = status == Status.PLANNED and not somebody_waits
    return unused and now >= link_closes(ends_at)
