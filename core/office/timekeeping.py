"""
From which moment on time is counted, for what time takes away and nobody can bring back.

The count is kept in one row: while the machine runs, each process goes on from it. After a
start of the machine nobody can tell how long it was off, and the count stands where it stood,
until two of three clocks agree (the machine's, the count, a colleague's browser) or the
operator says that the machine's is right: docs/decisions/0024. Knows no page.
"""

from datetime import datetime, timedelta

import structlog
from sqlmodel import Session, func, select

from core import clock
from core.appointment import CLOCK, OPERATOR, Actor
from core.office.ledger import reading, transaction
from core.office.own_rows import staff_member
from core.refused import Reason, Refused
from core.trail import Happening, Timekeeping

ROW = 1
A_MOMENT = timedelta(seconds=1)  # what a line takes: no reason to write
APART = timedelta(minutes=1)  # more is said in the log
log = structlog.get_logger()
_said = timedelta()  # how far apart, when it was last said


def keep(actor: Actor, wall: datetime) -> None:
    """Count on, and from now on in this process: once a minute, and before anything else."""
    if actor != CLOCK:
        raise Refused(Reason.NOT_ALLOWED)
    seconds = clock.running()
    with transaction() as session:
        row = _row(session, wall, seconds)
        moment = _counted(row, seconds)
        _write(row, moment, seconds)
    clock.count_from(moment, seconds)
    _say(wall - moment)


def agree(actor: Actor, wall: datetime, theirs: datetime) -> None:
    """A colleague's browser says what time it is: what two of three clocks say is the time."""
    with reading() as session:  # most of the time all three agree: writers wait for nobody
        staff_member(session, actor)
        row = session.get(Timekeeping, ROW)
        moment = _counted(row, clock.running()) if row else wall
    if abs(_middle(wall, moment, theirs) - moment) <= A_MOMENT:
        return
    seconds = clock.running()
    with transaction() as session:
        staff_member(session, actor)
        row = _row(session, wall, seconds)
        agreed = _middle(wall, _counted(row, seconds), theirs)
        _write(row, agreed, seconds)
    clock.count_from(agreed, seconds)
    _say(wall - agreed)


def confirm(actor: Actor, wall: datetime) -> timedelta:
    """The operator has looked: the machine's clock is right. Returns how far the count was off."""
    if actor != OPERATOR:
        raise Refused(Reason.NOT_ALLOWED)
    seconds = clock.running()
    with transaction() as session:
        row = _row(session, wall, seconds)
        off = wall - _counted(row, seconds)
        _write(row, wall, seconds)
    clock.count_from(wall, seconds)
    return off


def _row(session: Session, wall: datetime, seconds: float) -> Timekeeping:
    """Before anybody has counted, the newest deed says until when time had come."""
    row = session.get(Timekeeping, ROW, with_for_update=True)
    if row is None:
        number = select(func.max(Happening.id)).scalar_subquery()
        newest = session.exec(select(Happening.at).where(Happening.id == number)).one_or_none()
        row = Timekeeping(id=ROW, moment=newest or wall, boot=clock.boot(), seconds=seconds)
        session.add(row)
    return row


def _counted(row: Timekeeping, seconds: float) -> datetime:
    """As far as the counter can tell; it starts over with each start of the machine."""
    if row.boot != clock.boot():
        return row.moment
    return row.moment + timedelta(seconds=max(0.0, seconds - row.seconds))


def _write(row: Timekeeping, moment: datetime, seconds: float) -> None:
    row.moment, row.boot, row.seconds = moment, clock.boot(), seconds


def _middle(*three: datetime) -> datetime:
    return sorted(three)[1]


def _say(apart: timedelta) -> None:
    """Once, and again when it has changed."""
    global _said
    if abs(apart - _said) <= APART:
        return
    _said = apart if abs(apart) > APART else timedelta()
    if not _said:
        log.warning("the clock agrees with the time that was counted: forgetting goes on")
    else:
        log.error(
            "the clock has jumped, or the machine was off: what time takes away is kept. "
            "Is the clock right? Then: python -m core.manage clock-is-right",
            seconds=int(apart.total_seconds()),
        )
