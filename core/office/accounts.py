"""
Staff accounts: who makes, closes and changes them.

The operator at the server makes Jobcenter and accounts; an admin manages the accounts
of the own Jobcenter, and is a colleague like any other in everything else (ADR 13).
Signing in is in `core.office.staff_sessions`.
"""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from core import access
from core.appointment import OPERATOR, Actor, StaffRole
from core.office.ledger import checked, note, reading, transaction
from core.office.own_rows import account_called, staff_member
from core.office.staff_sessions import end_sessions
from core.records import Jobcenter, Staff
from core.refused import Reason, Refused
from core.text import login_name, person_name, phone_number


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
        end_sessions(session, now, row)
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
        end_sessions(session, now, row)
        note(session, actor, now, "set_password", row)


def id_of(actor: Actor, login: str) -> int:
    """Which account a login belongs to, for anyone who manages it."""
    with reading() as session:
        row = account_called(session, login)
        _refuse_unless_managing(session, actor, row.jobcenter_id if row else None)
        if row is None:
            raise Refused(Reason.NOT_FOUND)
        return _id(row)


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


def _id(row: Jobcenter | Staff) -> int:
    if row.id is None:
        raise ValueError("row has no id before it is flushed")
    return row.id
