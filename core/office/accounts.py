"""
Staff accounts and their sessions. A session is a row: it can be ended at once.

Idle and absolute limits: OWASP ASVS 5.0, 7.3.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select, update

from core import access
from core.appointment import Actor, By
from core.office.ledger import note, reading, transaction
from core.records import Jobcenter, Staff, StaffSession
from core.refused import Reason, Refused
from core.text import BadText, person_name

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
# A page asks every second; the row need not be written each time.
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedIn:
    """A staff member behind a valid session."""

    actor: Actor
    name: str
    jobcenter_name: str


def add_jobcenter(name: str, phone: str) -> int:
    """A new Jobcenter in this installation. Returns its id."""
    with transaction() as session:
        row = Jobcenter(name=name, phone=phone)
        session.add(row)
        session.flush()
        if row.id is None:
            raise ValueError("no id")
        return row.id


def add_staff(jobcenter_id: int, name: str, login: str, password: str) -> int:
    """A new advisor account. Returns its id."""
    if not access.MIN_PASSWORD <= len(password) <= access.MAX_PASSWORD:
        raise Refused(Reason.BAD_PASSWORD)
    try:
        cleaned = person_name(name)
    except BadText:
        raise Refused(Reason.BAD_NAME) from None
    password_hash = access.hash_password(password)
    with transaction() as session:
        row = Staff(
            jobcenter_id=jobcenter_id,
            name=cleaned,
            login=login.strip().lower(),
            password_hash=password_hash,
        )
        session.add(row)
        session.flush()
        if row.id is None:
            raise ValueError("no id")
        return row.id


def sign_in(now: datetime, login: str, password: str) -> str:
    """Open a session; returns its token. Says nothing about whether the login exists."""
    with reading() as session:
        staff = session.exec(
            select(Staff).where(
                Staff.login == login.strip().lower(), col(Staff.disabled_at).is_(None)
            )
        ).one_or_none()
    # Outside any transaction: a password check is slow on purpose, and writers take turns.
    matches = access.password_matches(staff.password_hash if staff else None, password)
    if not matches or staff is None or staff.id is None:
        raise Refused(Reason.WRONG_LOGIN)
    token = access.new_secret()
    with transaction() as session:
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
    if active and now - row.seen_at > _SEEN_EVERY:
        with transaction() as session:
            session.exec(
                update(StaffSession).where(col(StaffSession.id) == row.id).values(seen_at=now)
            )
    return SignedIn(Actor(By.ADVISOR, staff.id, staff.jobcenter_id), staff.name, jobcenter.name)


def sign_out(actor: Actor, now: datetime, token: str) -> None:
    """End a session for good."""
    with transaction() as session:
        session.exec(
            update(StaffSession)
            .where(
                col(StaffSession.token_hash) == access.digest(token),
                col(StaffSession.staff_id) == actor.id,
                col(StaffSession.ended_at).is_(None),
            )
            .values(ended_at=now)
        )
        note(session, actor, now, "sign_out")
