"""
Random histories with random jumps of the clock: nothing goes before its true time, and in the
end everything goes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, func, select

from core import access, clock, delivery, invitations
from core.appointment import OPERATOR, Status
from core.engine import engine
from core.languages import SOURCE
from core.office import accounts, chat, closing, hosting, staff_sessions, timekeeping
from core.office.forgetting import NOTHING
from core.records import Appointment, Guest, Message, Staff, StaffSession
from core.refused import Refused
from core.settings import settings as ours
from core.trail import Happening
from tests.conftest import HOUR, MINUTE, NOW, House, a_house
from tests.core.office.hands import Hands, one_round

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
TEN_YEARS = 3652 * DAY
_FOLDERS = count()

far = st.one_of(
    st.sampled_from([MINUTE, HOUR, 2 * HOUR, DAY, 8 * DAY, 35 * DAY, 120 * DAY, TEN_YEARS]),
    st.timedeltas(MINUTE, TEN_YEARS),
)
jump = st.one_of(far, far.map(lambda time: -time))
some_time = st.sampled_from([MINUTE, 50 * MINUTE, 5 * HOUR, DAY, 8 * DAY, 31 * DAY, 95 * DAY])


@dataclass
class World:
    """What people do in a house whose clock is not to be trusted, and when it truly was."""

    house: House
    hands: Hands
    talks: list[tuple[int, int, datetime]] = field(default_factory=list)
    planned: list[tuple[int, int, datetime]] = field(default_factory=list)
    sessions: list[tuple[int, datetime]] = field(default_factory=list)
    trail: list[tuple[int, datetime]] = field(default_factory=list)
    accounts: list[tuple[int, datetime]] = field(default_factory=list)
    mails: list[tuple[Path, datetime]] = field(default_factory=list)
    logins: count = field(default_factory=count)

    # Clocks

    def runs(self, time: timedelta) -> None:
        self.hands.pass_by(time)

    def sleeps(self, time: timedelta) -> None:
        self.hands.pass_by(time)

    def is_frozen(self, time: timedelta) -> None:
        self.hands.freeze(time)

    def is_off(self, time: timedelta) -> None:
        self.hands.switch_off(time)

    def restarts(self, _time: timedelta) -> None:
        self.hands.restart()

    def is_set(self, by: timedelta) -> None:
        self.hands.set_by(by)

    def is_set_right(self, _by: timedelta) -> None:
        self.hands.set_right()

    # People

    def a_browser_is_right(self, _time: timedelta) -> None:
        timekeeping.agree(self.house.advisor, clock.wall(), self.hands.truth)

    def a_browser_is_wrong(self, by: timedelta) -> None:
        """One clock at a time is wrong; more about it is in docs/decisions/0024."""
        if not self.hands.wrong_by:
            timekeeping.agree(self.house.advisor, clock.wall(), self.hands.truth + by)

    def the_operator_looks(self, _time: timedelta) -> None:
        if not self.hands.wrong_by:
            timekeeping.confirm(OPERATOR, clock.wall())

    def talk(self, _time: timedelta) -> None:
        now = clock.now()
        house = replace(self.house, now=now)
        planned = house.plan()
        chat.write(house.talking(planned), now, planned.appointment_id, "Hallo")
        hosting.end(house.advisor, now, planned.appointment_id)
        self.talks.append((planned.appointment_id, planned.guest_id, now + HOUR))

    def plan(self, time: timedelta) -> None:
        starts_at = clock.now() + min(time, 40 * DAY)
        planned = replace(self.house, now=clock.now()).plan(starts_at=starts_at)
        self.planned.append((planned.appointment_id, planned.guest_id, starts_at + HOUR))

    def leave_a_room_open(self, _time: timedelta) -> None:
        house = replace(self.house, now=clock.now())
        planned = house.plan()
        house.talking(planned)
        self.planned.append((planned.appointment_id, planned.guest_id, house.now + HOUR))

    def record_missed(self, _time: timedelta) -> None:
        for number, _guest, _end in self.planned:
            try:
                closing.record_missed(self.house.advisor, clock.now(), number)
            except Refused:
                continue

    def sign_in(self, _time: timedelta) -> None:
        if self.both_are_behind():
            return
        staff_sessions.sign_in(clock.now(), "anna", "whatever")
        with Session(engine()) as session:
            row = session.exec(select(func.max(StaffSession.id))).one()
            deed = session.exec(select(func.max(Happening.id))).one()
        self.sessions.append((row, self.hands.truth))
        self.trail.append((deed, self.hands.truth))

    def close_an_account(self, _time: timedelta) -> None:
        if self.both_are_behind():
            return
        with Session(engine()) as session:
            row = Staff(
                jobcenter_id=self.house.advisor.jobcenter_id,
                name="Eva",
                login=f"eva{next(self.logins)}",
                password_hash="",
            )
            session.add(row)
            session.commit()
            number = row.id
        accounts.disable(OPERATOR, clock.now(), number)
        self.accounts.append((number, self.hands.truth))

    def send_a_mail(self, _time: timedelta) -> None:
        if self.both_are_behind():
            return
        before = set(self.house.outbox.glob("*"))
        about = invitations.Invitation(
            **dict.fromkeys(invitations.Invitation.__dataclass_fields__, "x")
            | {"starts_at": NOW, "ends_at": NOW + HOUR, "email": "karla@example.com"}
            | {"language": SOURCE}
        )
        delivery.send(invitations.cancellation(about, ours(), clock.now()), ours())
        [mail] = set(self.house.outbox.glob("*")) - before
        self.mails.append((mail, self.hands.truth))

    def both_are_behind(self) -> bool:
        """
        The machine was off, and its clock has lost the time: anyone who signs in has a browser that
        knows it, and nothing that counts from its writing is written before.
        """
        return clock.now() < self.hands.truth - SECOND

    # What has gone

    def check(self) -> None:
        for number, guest, end in self.talks:
            with Session(engine()) as session:
                row, person = session.get(Appointment, number), session.get(Guest, guest)
                said = session.exec(
                    select(func.count()).where(col(Message.appointment_id) == number)
                ).one()
            self.not_before(end + DAY, said == 0)
            self.not_before(end + 30 * DAY, person is None or person.name == "")
            self.not_before(end + 90 * DAY, row is None)
        for number, _guest, end in self.planned:
            with Session(engine()) as session:
                row = session.get(Appointment, number)
            status = row.status if row else None
            self.not_before(end, status == Status.MISSED)
            self.not_before(end + HOUR, status == Status.EXPIRED)
            self.not_before(end + 12 * HOUR, status == Status.ENDED)
            self.not_before(end + 90 * DAY, row is None)
        with Session(engine()) as session:
            for number, at in self.sessions:
                self.not_before(at + 7 * DAY, session.get(StaffSession, number) is None)
            for number, at in self.accounts:
                self.not_before(at + 90 * DAY, session.get(Staff, number) is None)
            for number, at in self.trail:
                deed = session.get(Happening, number)
                self.not_before(at + 90 * DAY, deed is None or deed.actor_id is None)
                self.not_before(at + 1095 * DAY, deed is None)
        for mail, at in self.mails:
            self.not_before(at + 30 * DAY, not mail.exists())

    def not_before(self, due: datetime, gone: bool) -> None:
        assert not gone or self.hands.truth >= due - SECOND

    def everything_goes(self) -> None:
        """As soon as one person has a clock that is right, however long it takes."""
        self.hands.set_right()
        self.a_browser_is_right(MINUTE)
        self.runs(40 * TEN_YEARS)
        while one_round() != NOTHING:
            pass
        with Session(engine()) as session:
            rows = [session.exec(select(table.id)).all() for table in (Appointment, StaffSession)]
        assert (rows, [mail for mail, _ in self.mails if mail.exists()]) == ([[], []], [])


CLOCKS: list[Callable[[World, timedelta], None]] = [
    World.is_set,
    World.is_set_right,
    World.sleeps,
    World.is_frozen,
    World.is_off,
    World.restarts,
]
PEOPLE: list[Callable[[World, timedelta], None]] = [
    World.a_browser_is_right,
    World.a_browser_is_wrong,
    World.the_operator_looks,
    World.talk,
    World.plan,
    World.leave_a_room_open,
    World.record_missed,
    World.sign_in,
    World.close_an_account,
    World.send_a_mail,
]
FORWARD_ONLY = {World.sleeps, World.is_frozen, World.is_off, World.plan}
step = st.one_of(
    st.tuples(st.sampled_from(PEOPLE), jump),
    st.tuples(st.sampled_from(PEOPLE), jump),
    st.tuples(st.just(World.runs), some_time),
    st.tuples(st.sampled_from(CLOCKS), jump),
)
history = st.tuples(
    st.lists(step, min_size=1, max_size=8), jump, st.lists(step, min_size=1, max_size=8)
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(history)
def test_nothing_is_forgotten_expired_or_recorded_before_its_true_time(
    furnished, tmp_path_factory, history
):
    before, by, after = history
    folder = tmp_path_factory.mktemp(f"world{next(_FOLDERS)}")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(access, "password_matches", lambda *_: True)
        with a_house(furnished, folder, monkeypatch) as house:
            world = World(house, Hands(monkeypatch, NOW))
            one_round()
            for does, time in [*before, (World.is_set, by), *after]:
                does(world, abs(time) if does in FORWARD_ONLY else time)
                if clock.counted() is None:  # before anything else, in a process that begins
                    one_round()
                one_round()
                world.check()
            world.everything_goes()
