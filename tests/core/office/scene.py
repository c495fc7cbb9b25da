"""
One appointment in each of nine states, and everybody who could ask for something of it.

The people are sorted by the columns of docs/rights.md. The other appointments go along,
so that anyone who may do a deed about their own could do it.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from core import access
from core.appointment import CLOCK, OPERATOR, Actor, By, GuestRole, IdentityProof, StaffRole
from core.engine import engine
from core.office import hosting, planning, private, screen, visiting
from core.office.planning import Planned
from core.records import Guest, Staff, StaffSession
from tests.conftest import HOUR, House

STATES = (
    "invited",
    "consented",
    "waiting",
    "late",
    "talking",
    "showing",
    "private",
    "left",
    "ended",
)
COMPANIONS = [role for role in GuestRole if role != GuestRole.CLIENT]
CLIENT = "Karla Beispiel"
TOKEN = "t" * 43
ABSENT = 999_999

People = dict[str, list[Actor]]
Tables = dict[str, list[dict[str, object]]]


@dataclass(frozen=True)
class Scene:
    """What is asked for, and by whom: the columns of the three tables."""

    appointment_id: int
    guest_id: int
    jobcenter_id: int | None
    staff_id: int  # somebody else's account of this Jobcenter
    disabled_id: int
    login: str
    advisor_id: int | None
    people: dict[str, People]  # by kind of actor, then by column

    def absent(self) -> "Scene":
        """The same people, asking for what there is not."""
        nothing = dict.fromkeys(
            ("appointment_id", "guest_id", "jobcenter_id", "staff_id", "disabled_id"), ABSENT
        )
        return replace(self, **nothing, login="nobody")


def build(house: House, state: str) -> Scene:
    """Bring everything into this state."""
    here, there = house.advisor.jobcenter_id, house.stranger.jobcenter_id
    lead, admin, elsewhere = (
        _account(house, "lead", here, StaffRole.LEAD),
        _account(house, "admin", here, StaffRole.ADMIN),
        _account(house, "remote", there, StaffRole.ADMIN),
    )
    target = _account(house, "dora", here)
    disabled, formerly = _account(house, "emil", here), _account(house, "former", here)
    for account in (disabled, formerly):
        house.set(Staff, account.id, disabled_at=house.now)
    _session_of(house)
    # Far away from the ids of staff, so that no forged guest is a true one by accident.
    first = _plan(house, house.stranger, "Rosa Anderswo")
    house.set(Guest, first.guest_id, id=1000)
    far = replace(first, guest_id=1000)
    other = _plan(house, house.advisor, "Otto Andermann")
    this = _plan(house, house.advisor, CLIENT)
    companions = [_companion(house, this, role) for role in COMPANIONS]
    client, another, remote = house.guest(this), house.guest(other), house.guest(far)
    for by, planned, guests in (
        (house.advisor, this, [client, *companions]),
        (house.advisor, other, [another]),
        (house.stranger, far, [remote]),
    ):
        _bring(house, by, planned.appointment_id, guests, state)
    return Scene(
        appointment_id=this.appointment_id,
        guest_id=this.guest_id,
        jobcenter_id=here,
        staff_id=target.id or 0,
        disabled_id=disabled.id or 0,
        login="dora",
        advisor_id=house.advisor.id,
        people={
            "staff": {
                "own advisor": [house.advisor],
                "colleague": [house.colleague],
                "lead": [lead],
                "admin": [admin],
                "elsewhere": [house.stranger],
                "admin elsewhere": [elsewhere],
                "unknown": [
                    formerly,
                    Actor(By.ADVISOR, None, here),
                    Actor(By.ADVISOR, ABSENT, here),
                    Actor(By.ADVISOR, ABSENT, None),
                    Actor(By.ADVISOR, client.id, here),
                    *(replace(house.advisor, jobcenter_id=place) for place in (there, None)),
                    replace(house.stranger, jobcenter_id=here),
                    replace(elsewhere, jobcenter_id=here),
                    replace(admin, jobcenter_id=there),
                ],
            },
            "guests": {
                "client": [client],
                "companion": companions,
                "another": [another],
                "elsewhere": [remote],
                "unknown": [
                    Actor(By.GUEST, None, None),
                    Actor(By.GUEST, None, here),
                    Actor(By.GUEST, ABSENT, here),
                    Actor(By.GUEST, house.advisor.id, here),
                    *(replace(client, jobcenter_id=place) for place in (there, None)),
                    replace(remote, jobcenter_id=here),
                ],
            },
            "machines": {
                "clock": [CLOCK],
                "operator": [OPERATOR],
                "forged": [
                    Actor(by, *ids)
                    for by in (By.CLOCK, By.OPERATOR)
                    for ids in ((1, None), (None, here), (house.advisor.id, here))
                ],
            },
        },
    )


def _account(
    house: House, login: str, jobcenter_id: int | None, role: StaffRole = StaffRole.ADVISOR
) -> Actor:
    with Session(engine()) as session:
        row = Staff(
            jobcenter_id=jobcenter_id, name=login, login=login, password_hash="!", role=role
        )
        session.add(row)
        session.commit()
        return Actor(By.ADVISOR, row.id, row.jobcenter_id)


def _session_of(house: House) -> None:
    with Session(engine()) as session:
        session.add(
            StaffSession(
                jobcenter_id=house.advisor.jobcenter_id,
                staff_id=house.advisor.id,
                token_hash=access.digest(TOKEN),
                created_at=house.now,
                seen_at=house.now,
            )
        )
        session.commit()


def _plan(house: House, by: Actor, name: str) -> Planned:
    begin = house.now
    return planning.plan(by, house.now, name, "someone@example.com", begin, begin + HOUR)


def _companion(house: House, planned: Planned, role: GuestRole) -> Actor:
    with Session(engine()) as session:
        row = Guest(
            jobcenter_id=house.advisor.jobcenter_id,
            appointment_id=planned.appointment_id,
            role=role,
            name="Ida Begleiterin",
            email="ida@example.com",
            secret_hash=access.digest(role.value),
        )
        session.add(row)
        session.commit()
        return Actor(By.GUEST, row.id, row.jobcenter_id)


def _bring(house: House, by: Actor, appointment_id: int, guests: list[Actor], state: str) -> None:
    if state == "late":
        hosting.open_room(by, house.now, appointment_id, {})
    if state != "invited":
        for guest in guests:
            visiting.consent(guest, house.now, "1", access.digest("this browser"))
    if state not in ("invited", "consented"):
        for guest in guests:
            visiting.enter_waiting(guest, house.now)
    if state in ("talking", "showing", "private", "left", "ended"):
        hosting.open_room(by, house.now, appointment_id, {})
    if state == "showing":
        for guest in guests:
            hosting.check_identity(by, house.now, guest.id or 0, IdentityProof.ID_SHOWN)
        screen.show(by, house.now, appointment_id)
    if state == "private":
        _private(by, house.now, appointment_id, guests)
    if state == "left":
        for guest in guests:
            visiting.leave(guest, house.now)
    if state == "ended":
        hosting.end(by, house.now, appointment_id)


def _private(by: Actor, now: datetime, appointment_id: int, guests: list[Actor]) -> None:
    """The advisor has knocked as well; where only one is inside, they just talk."""
    if len(guests) > 1:
        private.begin(by, now, appointment_id)
        private.knock(by, now - private.KNOCKING, appointment_id)


def about(tables: Tables, scene: Scene) -> list[tuple[str, dict[str, object]]]:
    """The rows that speak of the appointment, or of its advisor's account."""
    return [
        (name, row)
        for name, rows in tables.items()
        for row in rows
        if scene.appointment_id in (row.get("appointment_id"), name == "appointment" and row["id"])
        or scene.advisor_id in (row.get("staff_id"), name == "staff" and row["id"])
    ]
