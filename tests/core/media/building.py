"""
Two live rooms with the real office behind them, and browsers that do what they like.

Each browser sends its number instead of pictures and sounds: what arrives tells from whom
it is. What may arrive is told by `Place.truth`, which reads the tables past everything of
ours and knows nothing of the rooms.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from core import access
from core.appointment import Actor, By, GuestRole, GuestStatus, IdentityProof, Status
from core.engine import engine
from core.media.rooms.line import Line
from core.media.rooms.live_rooms import Rooms
from core.media.rooms.room import Room
from core.office import seat_names, seats
from core.records import Appointment, Guest, StaffSession
from tests.conftest import HOUR, NOW, House
from tests.core.media.ends import End

TOKEN = "t" * 43
DEVICES = ("a" * 43, "c" * 43)  # that hold the seats in the beginning
SITTING = ("CONSENTED", "WAITING", "ADMITTED")
BROWSERS = 10
SHOWING = "showing"  # an appointment begins with a screen that everybody inside may see


@dataclass(frozen=True)
class Truth:
    """What the tables say of one appointment."""

    inside: frozenset[str]
    sitting: frozenset[str]
    links: dict[str, tuple[str, str | None]]  # of each guest's seat: hash of link, of device

    def stays(self, seat: str, secret: str, device: str) -> bool:
        """Whether a browser with these may sit in this seat."""
        if seat not in self.sitting or seat not in self.links:
            return seat in self.sitting
        link, holder = self.links[seat]
        return link == _digest(secret) and holder in (None, _digest(device))


@dataclass(eq=False)
class Browser:
    """One browser at one appointment; a line it has left goes on sending for ever."""

    number: int
    place: "Place"
    actor: Actor
    secret: str
    device: str
    screen: bool = False  # sends the advisor's screen, as far as it has the tables' leave
    line: Line | None = None
    lines: dict[Line, str] = field(default_factory=dict)  # each with the link it was made with
    ends: dict[Line, End] = field(default_factory=dict)

    @property
    def seat(self) -> str:
        return seat_names.screen_of(self.owner) if self.screen else self.owner

    @property
    def owner(self) -> str:
        """The person's seat."""
        return seat_names.seat(self.actor)

    @property
    def of_staff(self) -> bool:
        return self.screen or self is self.place.desk

    def draw(self) -> None:
        """What a page does in every run: see whether this browser may sit, and wire the call."""
        stays = self._question()
        if not stays():
            self.hang_up()
            return
        if self.line is None or self.line.closed:
            self.line = None
            if self.screen and self.seat not in self._inside():
                return
            screen_of = self.owner if self.screen else None
            self.line = self.place.room.new_line(self.seat, stays, screen_of)
            self.lines[self.line] = self.secret
            self.ends[self.line] = End(self.line, str(self.number))
        self.place.room.let_in(self._inside)

    def _inside(self) -> frozenset[str]:
        return seats.inside(self.place.number)

    def hang_up(self) -> None:
        if self.line is not None:
            self.line.close()
            self.line = None

    def send(self) -> None:
        for end in self.ends.values():
            end.show()
            end.speak()

    def arrives(self) -> Iterator[tuple[Line, int]]:
        """The number of each browser of which a packet came here, but one's own mirror."""
        for line, end in self.ends.items():
            for number in map(int, end.came_from()):
                if number != self.number:
                    yield line, number

    def _question(self):
        number, secret, device = self.place.number, self.secret, self.device
        if self.of_staff:
            return lambda: seats.staff_stays(NOW, TOKEN, number)
        return lambda: seats.guest_stays(NOW, secret, device, number)


class Place:
    """An appointment: its advisor, its client with two devices, an interpreter, a screen."""

    def __init__(self, house: House, rooms: Rooms, room: Room, first: int, begin: str) -> None:
        self.house = house
        self.secret = access.new_secret()  # the newest link of the client
        theirs = access.new_secret()
        self.number, people = _appointment(house, begin, [self.secret, theirs])
        self.client, self.interpreter = people
        self.room = rooms._rooms[self.number] = room
        browsers = [
            (house.advisor, "", ""),
            (self.client, self.secret, DEVICES[0]),
            (self.client, self.secret, "b" * 43),
            (self.interpreter, theirs, DEVICES[1]),
            (house.advisor, "", "", True),
        ]
        self.browsers = [Browser(first + n, self, *each) for n, each in enumerate(browsers)]

    @property
    def desk(self) -> Browser:
        return self.browsers[0]

    def seen(self) -> dict[int | None, datetime | None]:
        """The last changes of device, by an advisor who looks before letting anybody in."""
        people = (self.client.id, self.interpreter.id)
        return {each: self.house.row(Guest, each).device_changed_at for each in people}

    def truth(self) -> Truth:
        """Read again, from the file."""
        [(status, advisor, disabled, ended, screen, private)] = self._sql(
            "SELECT a.status, a.advisor_id, s.disabled_at, t.ended_at, a.screen_since,"
            " a.private_since"
            " FROM appointment a"
            " JOIN staff s ON s.id = a.advisor_id JOIN staff_session t ON t.token_hash = ?"
            " WHERE a.id = ?",
            _digest(TOKEN),
            self.number,
        )
        guests = self._sql(
            "SELECT id, status, secret_hash, device_hash, identity_at FROM guest"
            " WHERE appointment_id = ?",
            self.number,
        )
        desk = {f"staff:{advisor}"}
        shown = {f"screen:staff:{advisor}"} if screen else set()
        checked = [identity is not None for _, at, *_, identity in guests if at == "ADMITTED"]
        shown = shown if checked and all(checked) else set()
        inside = {f"guest:{guest}" for guest, at, *_ in guests if at == "ADMITTED"}
        inside |= set() if private else desk | shown
        sitting = {f"guest:{guest}" for guest, at, *_ in guests if at in SITTING}
        if disabled is None and ended is None:
            sitting |= desk | {f"screen:{seat}" for seat in desk}
        return Truth(
            frozenset(inside if status == "OPEN" else ()),
            frozenset(sitting if status in ("PLANNED", "OPEN") else ()),
            {f"guest:{guest}": (link, device) for guest, _, link, device, _ in guests},
        )

    def _sql(self, statement: str, *values: object) -> list[tuple]:
        database = sqlite3.connect(self.house.database, isolation_level=None, timeout=5)
        try:
            return database.execute(statement, values).fetchall()
        finally:
            database.close()


def _appointment(house: House, begin: str, secrets: list[str]) -> tuple[int, list[Actor]]:
    """A client and an interpreter, who are at this status; the first deeds would take long."""
    showing = begin == SHOWING
    begin = GuestStatus.ADMITTED if showing else begin
    with Session(engine(), expire_on_commit=False) as session:
        row = Appointment(
            jobcenter_id=house.advisor.jobcenter_id,
            advisor_id=house.advisor.id,
            starts_at=NOW,
            ends_at=NOW + HOUR,
            status=Status.OPEN if begin == GuestStatus.ADMITTED else Status.PLANNED,
            screen_since=NOW if showing else None,
        )
        session.add(row)
        session.flush()
        came = begin != GuestStatus.INVITED
        guests = [
            Guest(
                jobcenter_id=row.jobcenter_id,
                appointment_id=row.id,
                role=role,
                name="Karla Beispiel",
                email="karla@example.com",
                secret_hash=_digest(secret),
                device_hash=_digest(device) if came else None,
                consented_at=NOW if came else None,
                consented_version="1" if came else None,
                waiting_since=NOW if came else None,
                status=begin,
                identity_at=NOW if showing else None,
                identity_by=house.advisor.id if showing else None,
                identity_how=IdentityProof.ID_SHOWN if showing else None,
            )
            for role, secret, device in zip(
                (GuestRole.CLIENT, GuestRole.INTERPRETER), secrets, DEVICES, strict=True
            )
        ]
        session.add_all(guests)
        session.commit()
        return row.id, [Actor(By.GUEST, guest.id, guest.jobcenter_id) for guest in guests]


def sign_in(house: House) -> int:
    """A session of the advisor without the slow password. Returns its id."""
    with Session(engine()) as session:
        row = StaffSession(
            jobcenter_id=house.advisor.jobcenter_id,
            staff_id=house.advisor.id,
            token_hash=_digest(TOKEN),
            created_at=NOW,
            seen_at=NOW,
        )
        session.add(row)
        session.commit()
        return row.id


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
