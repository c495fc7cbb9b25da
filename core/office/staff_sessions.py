"""
Signing in and out: a session is a row, so it can be ended at once.

Idle and absolute limits: OWASP ASVS 5.0, 7.3. Makes and changes no account
(`core.office.accounts` does), and knows neither cookies nor pages.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select, update

from core import access
from core.appointment import Actor, By
from core.office import outage
from core.office.ledger import note, reading, transaction
from core.office.own_rows import account_called, staff_member
from core.records import Jobcenter, Staff, StaffSession
from core.refused import Away, Reason, Refused

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
# A page asks again and again; the row need not be written each time.
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedIn:
    """A staff member behind a valid session."""

    actor: Actor
    name: str
    jobcenter_name: str
    jobcenter_phone: str


def sign_in(now: datetime, login: str, password: str) -> str:
    """Open a session; returns its token. Says nothing about whether the login exists."""
    with reading() as session:
        staff = account_called(session, login)
        if staff and staff.disabled_at:
            staff = None
    # Outside any transaction: a password check is slow on purpose, and writers take turns.
    matches = access.password_matches(staff.password_hash if staff else None, password)
    if not matches or staff is None or staff.id is None:
        raise Refused(Reason.WRONG_LOGIN)
    token = access.new_secret()
    with transaction() as session:
        _refuse_if_changed(session, staff)
        session.add(
            StaffSession(
                jobcenter_id=staff.jobcenter_id,
                staff_id=staff.id,
                token_hash=access.digest(token),
                created_at=now,
                seen_at=now,
            )
        )
        note(session, Actor(By.ADVISOR, staff.id, staff.jobcenter_id), now, "sign_in")
    return token


def signed_in(now: datetime, token: str, active: bool = True) -> SignedIn | None:
    """
    Who is behind a session token, or None when it is unknown, ended or too old.

    `active`: a person does something, or talks; a page that only asks again is not.
    """
    with reading() as session:
        found = session.exec(
            select(StaffSession, Staff, Jobcenter)
            .join(Staff, col(Staff.id) == StaffSession.staff_id)
            .join(Jobcenter, col(Jobcenter.id) == Staff.jobcenter_id)
            .where(
                StaffSession.token_hash == access.digest(token),
                col(StaffSession.ended_at).is_(None),
                col(StaffSession.seen_at) > now - IDLE,
                col(StaffSession.created_at) > now - LONGEST,
                col(Staff.disabled_at).is_(None),
            )
        ).one_or_none()
    if found is None:
        return None
    row, staff, jobcenter = found
    if active and now - row.seen_at > _SEEN_EVERY and not outage.lasts():
        # Somebody who cannot be noted just now is there all the same.
        with suppress(Away), transaction() as session:
            session.exec(
                update(StaffSession).where(col(StaffSession.id) == row.id).values(seen_at=now)
            )
    actor = Actor(By.ADVISOR, staff.id, staff.jobcenter_id)
    return SignedIn(actor, staff.name, jobcenter.name, jobcenter.phone)


def sign_out(actor: Actor, now: datetime, token: str) -> None:
    """End one of the own sessions for good."""
    with transaction() as session:
        staff = staff_member(session, actor)
        session.exec(
            update(StaffSession)
            .where(
                col(StaffSession.token_hash) == access.digest(token),
                col(StaffSession.staff_id) == staff.id,
                col(StaffSession.ended_at).is_(None),
            )
            .values(ended_at=now)
        )
        note(session, actor, now, "sign_out")


def end_sessions(session: Session, now: datetime, staff: Staff) -> None:
    """All of this account, at once; noted with the deed that does it."""
    session.exec(
        update(StaffSession)
        .where(col(StaffSession.staff_id) == staff.id, col(StaffSession.ended_at).is_(None))
        .values(ended_at=now)
    )


def _refuse_if_changed(session: Session, staff: Staff) -> None:
    """A password that was changed while the old one was being checked opens nothing."""
    now = session.get(Staff, staff.id, with_for_update=True)
    if now is None or now.disabled_at or now.password_hash != staff.password_hash:
        raise Refused(Reason.WRONG_LOGIN)
