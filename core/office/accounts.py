"""
Staff accounts and their sessions. A session is a row: it can be ended at once.

The operator at the server makes Jobcenter and accounts; an admin manages the accounts
of the own Jobcenter, and is a colleague like any other in everything else (ADR 13).
Idle and absolute limits: OWASP ASVS 5.0, 7.3.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select, update

from core import access
from core.appointment import OPERATOR, Actor, By, StaffRole
from core.office import outage
from core.office.ledger import checked, note, reading, staff_member, transaction
from core.records import Jobcenter, Staff, StaffSession
from core.refused import Away, Reason, Refused
from core.text import login_name, person_name, phone_number

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


def add_jobcenter(actor: Actor, now: datetime, name: str, phone: str) -> int:
    """A new Jobcenter in this installation. Returns its id."""
    if actor != OPERATOR:
        raise Refused(Reason.NOT_ALLOWED)
    with transaction() as session:
        row = Jobcenter(
            name=checked(person_name, name, Reason.BAD_NAME),
            phone=checked(phone_number, phone, Reason.BAD_PHONE),
        )
        session.add(row)
        session.flush()
        note(session, replace(actor, jobcenter_id=row.id), now, "add_jobcenter")
        return _id(row)


def add_staff(
    actor: Actor,
    now: datetime,
    jobcenter_id: int,
    name: str,
    login: str,
    password: str,
    role: StaffRole = StaffRole.ADVISOR,
) -> int:
    """A new account. Returns its id."""
    password_hash = _hash(password, login)
    with transaction() as session:
        place = session.get(Jobcenter, jobcenter_id)
        _refuse_unless_managing(session, actor, jobcenter_id)
        if place is None:
            raise Refused(Reason.NOT_FOUND)
        row = Staff(
            jobcenter_id=jobcenter_id,
            name=checked(person_name, name, Reason.BAD_NAME),
            login=checked(login_name, login, Reason.BAD_LOGIN),
            password_hash=password_hash,
            role=role,
        )
        session.add(row)
        session.flush()
        note(session, actor, now, "add_staff", row)
        return _id(row)


def disable(actor: Actor, now: datetime, staff_id: int) -> None:
    """Close an account: anyone who works with it is out at once."""
    with transaction() as session:
        row = _managed(session, actor, staff_id)
        if row.disabled_at is not None:
            raise Refused(Reason.CHANGED_MEANWHILE)
        row.disabled_at = now
        _end_sessions(session, now, row)
        note(session, actor, now, "disable", row)


def enable(actor: Actor, now: datetime, staff_id: int) -> None:
    """Let a disabled account sign in again."""
    with transaction() as session:
        row = _managed(session, actor, staff_id)
        if row.disabled_at is None:
            raise Refused(Reason.CHANGED_MEANWHILE)
        row.disabled_at = None
        note(session, actor, now, "enable", row)


def set_password(actor: Actor, now: datetime, staff_id: int, password: str) -> None:
    """A new password; anyone who is signed in with the old one is out at once."""
    with reading() as session:
        login = _managed(session, actor, staff_id).login
    # Outside any transaction that writes: a hash is slow on purpose, and writers take turns.
    password_hash = _hash(password, login)
    with transaction() as session:
        row = _managed(session, actor, staff_id)
        row.password_hash = password_hash
        _end_sessions(session, now, row)
        note(session, actor, now, "set_password", row)


def id_of(actor: Actor, login: str) -> int:
    """Which account a login belongs to, for anyone who manages it."""
    with reading() as session:
        row = _called(session, login)
        _refuse_unless_managing(session, actor, row.jobcenter_id if row else None)
        if row is None:
            raise Refused(Reason.NOT_FOUND)
        return _id(row)


def sign_in(now: datetime, login: str, password: str) -> str:
    """Open a session; returns its token. Says nothing about whether the login exists."""
    with reading() as session:
        staff = _called(session, login)
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


def _managed(session: Session, actor: Actor, staff_id: int) -> Staff:
    """An account for anyone who manages it; any other looks like an absent one."""
    row = session.get(Staff, staff_id, with_for_update=bool(session.info))
    _refuse_unless_managing(session, actor, row.jobcenter_id if row else None)
    if row is None:
        raise Refused(Reason.NOT_FOUND)
    return row


def _refuse_unless_managing(session: Session, actor: Actor, jobcenter_id: int | None) -> None:
    if actor == OPERATOR:
        return
    staff = staff_member(session, actor)
    if staff.role != StaffRole.ADMIN:  # by the row as it is now, whatever the actor was once
        raise Refused(Reason.NOT_ALLOWED)
    if staff.jobcenter_id != jobcenter_id:
        raise Refused(Reason.NOT_FOUND)


def _end_sessions(session: Session, now: datetime, staff: Staff) -> None:
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


def _hash(password: str, login: str) -> str:
    length = len(access.password_form(password))
    if not access.MIN_PASSWORD <= length <= access.MAX_PASSWORD:
        raise Refused(Reason.BAD_PASSWORD)
    if access.easy_to_guess(password, login):
        raise Refused(Reason.EASY_PASSWORD)
    try:
        return access.hash_password(password)
    except UnicodeEncodeError:  # half a character: bytes that are no text, from a terminal
        raise Refused(Reason.BAD_CHARACTERS) from None


def _called(session: Session, login: str) -> Staff | None:
    """The account of this login, in whichever form it was written."""
    forms = access.login_forms(login)
    rows = session.exec(select(Staff).where(col(Staff.login).in_(forms))).all()
    return min(rows, key=lambda row: forms.index(row.login), default=None)


def _id(row: Jobcenter | Staff) -> int:
    if row.id is None:
        raise ValueError("row has no id before it is flushed")
    return row.id
