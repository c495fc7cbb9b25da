"""Short ways to bring an appointment into a state, and to read what the database has of it."""

import sqlite3
from datetime import timedelta

from sqlmodel import Session

from core import access, clock
from core.appointment import Actor, By, GuestRole, GuestStatus
from core.engine import engine
from core.office import closing, hosting, visiting
from core.records import Appointment, Guest
from tests.browser.server import Invited, Served

VERSION = "2026-11"


def guest_of(served: Served, invited: Invited) -> Actor:
    return Actor(By.GUEST, invited.guest_id, served.advisor.jobcenter_id)


def consented(served: Served, invited: Invited) -> Actor:
    """The guest, before the device test."""
    guest = guest_of(served, invited)
    visiting.consent(guest, clock.now(), VERSION)
    return guest


def waiting(served: Served, invited: Invited) -> Actor:
    """The guest, in the Warteraum."""
    guest = consented(served, invited)
    visiting.enter_waiting(guest, clock.now())
    return guest


def talking(served: Served, invited: Invited) -> Actor:
    """The guest, in the open room."""
    guest = waiting(served, invited)
    hosting.open_room(served.advisor, clock.now(), invited.appointment_id, {})
    return guest


def ended(served: Served) -> Invited:
    invited = served.plan()
    talking(served, invited)
    hosting.end(served.advisor, clock.now(), invited.appointment_id)
    return invited


def cancelled(served: Served) -> Invited:
    invited = served.plan()
    closing.cancel(served.advisor, clock.now(), invited.appointment_id)
    return invited


def expired(served: Served) -> Invited:
    """Over for two hours; nobody came."""
    return served.plan(begins_in=-timedelta(hours=3))


def missed(served: Served) -> Invited:
    invited = expired(served)
    closing.record_missed(served.advisor, clock.now(), invited.appointment_id)
    return invited


def appointment(invited: Invited) -> Appointment:
    with Session(engine()) as session:
        return session.get_one(Appointment, invited.appointment_id)


def guest(invited: Invited) -> Guest:
    with Session(engine()) as session:
        return session.get_one(Guest, invited.guest_id)


def status(invited: Invited) -> GuestStatus:
    return guest(invited).status


def dump(served: Served) -> list[str]:
    """Every row of every table, as SQL."""
    database = sqlite3.connect(served.folder / "office.sqlite")
    try:
        return list(database.iterdump())
    finally:
        database.close()


def joined_by(served: Served, invited: Invited, name: str, role: GuestRole) -> Invited:
    """One more guest of the same appointment; no page invites one yet."""
    secret = access.new_secret()
    with Session(engine()) as session:
        row = Guest(
            jobcenter_id=served.advisor.jobcenter_id or 0,
            appointment_id=invited.appointment_id,
            role=role,
            name=name,
            email="mit@example.org",
            secret_hash=access.digest(secret),
        )
        session.add(row)
        session.commit()
        link = f"{served.base_url}/termin/{secret}"
        return Invited(invited.appointment_id, row.id or 0, link)
