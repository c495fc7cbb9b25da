"""
The made-up day of the demo: its people, its appointments, their links.

Fills whatever database the settings name; starts nothing.
"""

import secrets
from datetime import datetime, time, timedelta

from core import delivery, invitations
from core.appointment import OPERATOR, Actor, By
from core.clock import berlin, from_berlin
from core.office import accounts, inviting, planning
from core.settings import settings

JOBCENTER = ("Jobcenter Musterstadt", "030 23125 000")
ADVISOR = ("Katrin Lehmann", "lehmann")
CLIENTS = {
    "visitor_url": ("Yusuf Demir", "yusuf.demir@example.org"),
    "visitor_url_later": ("Sabine Krüger", "sabine.krueger@example.org"),
    "visitor_url_tomorrow": ("Anna Kowalska", "anna.kowalska@example.org"),
}


def day_plan(moment: datetime) -> dict[str, tuple[datetime, datetime]]:
    """Begin and end of each appointment: one running, one later today, one tomorrow."""
    today, minute = berlin(moment).date(), moment.replace(second=0, microsecond=0)
    running = minute - timedelta(minutes=minute.minute % 5)
    in_two_hours = (minute + timedelta(hours=2)).replace(minute=30)
    later = min(in_two_hours, from_berlin(today, time(23, 59)))
    tomorrow = from_berlin(today + timedelta(days=1), time(10))
    return {
        "visitor_url": (running, running + timedelta(hours=1)),
        "visitor_url_later": (later, later + timedelta(minutes=30)),
        "visitor_url_tomorrow": (tomorrow, tomorrow + timedelta(minutes=30)),
    }


def seed(moment: datetime) -> dict[str, str]:
    """Fill an empty database; returns the links and the sign-in."""
    password = secrets.token_urlsafe(12)
    jobcenter = accounts.add_jobcenter(OPERATOR, moment, *JOBCENTER)
    advisor = accounts.add_staff(OPERATOR, moment, jobcenter, *ADVISOR, password)
    actor = Actor(By.ADVISOR, advisor, jobcenter)
    links = {key: _invite(actor, moment, key, *when) for key, when in day_plan(moment).items()}
    return links | {
        "base_url": settings().address,
        "staff_url": f"{settings().address}/anmelden",
        "staff_login": ADVISOR[1],
        "staff_password": password,
    }


def _invite(actor: Actor, moment: datetime, key: str, begin: datetime, end: datetime) -> str:
    """Plan one appointment and write its mail. The running one was planned when it began."""
    planned = planning.plan(actor, min(moment, begin), *CLIENTS[key], begin, end)
    link = invitations.link_to(settings(), planned.secret)
    invitation = invitations.Invitation(*CLIENTS[key], *JOBCENTER, begin, end, link)
    delivery.send(invitations.compose(invitation, settings(), moment), settings())
    inviting.mail_sent(actor, moment, planned.guest_id)
    return link
