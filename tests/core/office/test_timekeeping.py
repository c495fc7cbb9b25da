"""A wrong clock takes nothing away: which one is believed, and how the right one is again."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, delete, select
from structlog.testing import capture_logs

from core import clock, forget, logs
from core.appointment import CLOCK, OPERATOR, Status
from core.engine import engine
from core.office import (
    accounts,
    chat,
    closing,
    forgetting,
    hosting,
    staff_sessions,
    timekeeping,
    visiting,
)
from core.office.forgetting import NOTHING
from core.records import Guest, Message
from core.refused import Reason
from core.trail import Timekeeping
from tests.conftest import HOUR, MINUTE, NOW, PASSWORD
from tests.core.office.hands import Hands, one_round
from tests.core.office.refusals import reason_of

DAY = timedelta(days=1)
END = NOW + HOUR
YEAR = 365 * DAY
FORWARD = [2 * HOUR, 13 * HOUR, 26 * HOUR, 35 * DAY, 120 * DAY, 10 * YEAR]


@pytest.fixture
def hands(house, monkeypatch):
    """The app runs, and its clock is right."""
    monkeypatch.setattr(timekeeping, "_said", timedelta())
    hands = Hands(monkeypatch, NOW)
    one_round()
    return hands


@pytest.fixture
def over(house, hands):
    """An appointment that has been talked in, and one that nobody came to."""
    talked = house.plan()
    chat.write(house.talking(talked), NOW, talked.appointment_id, "Hallo")
    hosting.end(house.advisor, NOW, talked.appointment_id)
    return talked, house.plan()


def left(house, over):
    talked, planned = over
    with Session(engine()) as session:
        said = session.exec(select(Message.text)).all()
    return house.row(Guest, talked.guest_id).name, said, house.status(planned)[0]


ALL = ("Karla Beispiel", ["Hallo"], Status.PLANNED)


# A clock that is ahead


@pytest.mark.parametrize("jump", FORWARD, ids=str)
@pytest.mark.parametrize("how", ["at once", "after a restart", "after the machine was off"])
def test_a_clock_that_is_ahead_takes_nothing(house, hands, over, jump, how):
    hands.set_by(jump)
    if how == "after a restart":
        hands.restart()
    elif how == "after the machine was off":
        hands.switch_off(timedelta())
    for _ in range(3):
        assert one_round() == NOTHING
        hands.pass_by(MINUTE)
    assert left(house, over) == ALL


@pytest.mark.parametrize("jump", FORWARD, ids=str)
def test_an_older_versions_database_counts_from_its_newest_deed(house, hands, over, jump):
    with Session(engine()) as session:
        session.exec(delete(Timekeeping))
        session.commit()
    hands.switch_off(timedelta())
    hands.set_by(jump)
    assert one_round() == NOTHING
    assert left(house, over) == ALL


@pytest.mark.parametrize("jump", FORWARD, ids=str)
def test_what_is_due_meanwhile_goes_when_its_true_time_has_come(house, hands, over, jump):
    hands.set_by(jump)
    one_round()
    hands.pass_by(25 * HOUR - MINUTE)
    assert one_round() == NOTHING
    hands.pass_by(MINUTE)
    assert one_round().chats == 1
    assert left(house, over) == ("Karla Beispiel", [], Status.EXPIRED)


@pytest.mark.parametrize("jump", [MINUTE, *FORWARD], ids=str)
def test_nobody_is_recorded_as_missed_by_a_clock_that_is_ahead(house, hands, over, jump):
    hands.pass_by(HOUR - MINUTE)
    hands.set_by(jump)
    one_round()
    record = (closing.record_missed, house.advisor)
    missed = over[1].appointment_id
    assert reason_of(*record, clock.now(), missed) == Reason.TOO_EARLY
    hands.pass_by(MINUTE)
    assert reason_of(*record, clock.now(), missed) is None


def test_what_sleeps_counts(house, hands, over):
    hands.pass_by(31 * DAY)
    hands.restart()
    done = one_round()
    assert (done.chats, done.names) == (1, 2)


@pytest.mark.parametrize("jump", FORWARD, ids=str)
def test_by_hand_nothing_is_forgotten_by_a_clock_that_is_ahead_either(
    house, hands, over, monkeypatch, capsys, jump
):
    monkeypatch.setattr("sys.argv", ["core.forget"])
    monkeypatch.setattr(logs, "configure", lambda: None)
    hands.restart()
    hands.set_by(jump)
    with capture_logs() as said:
        assert forget.main() == 0
    _which, *taken = capsys.readouterr().out.splitlines()
    assert {line.rpartition(": ")[2] for line in taken} == {"0"}
    assert [line["log_level"] for line in said] == ["error"]
    assert left(house, over) == ALL


# A clock that is behind


@pytest.mark.parametrize("jump", [MINUTE, *FORWARD], ids=str)
def test_a_clock_that_is_behind_takes_nothing_and_its_return_is_no_jump(house, hands, over, jump):
    hands.pass_by(25 * HOUR - 2 * MINUTE)
    hands.set_by(-jump)
    assert one_round() == NOTHING
    hands.pass_by(MINUTE)
    hands.set_right()
    assert one_round() == NOTHING
    assert left(house, over)[:2] == ALL[:2]
    hands.pass_by(MINUTE)
    assert one_round().chats == 1


@pytest.mark.parametrize("jump", FORWARD, ids=str)
def test_what_is_written_while_the_clock_is_behind_is_not_older_for_it(house, hands, jump):
    hands.set_by(-jump)
    one_round()
    accounts.disable(OPERATOR, clock.now(), house.colleague.id)
    staff_sessions.sign_in(clock.now(), "anna", PASSWORD)
    hands.set_right()
    assert one_round() == NOTHING
    hands.pass_by(7 * DAY)
    assert one_round().sessions == 1
    hands.pass_by(83 * DAY)
    assert one_round().accounts == 1


# Summer time


@pytest.mark.parametrize("month", [3, 10])
def test_summer_time_is_no_jump(house, hands, month):
    with capture_logs() as lines:
        hands.pass_by(datetime(2027, month, 1, tzinfo=NOW.tzinfo) - NOW)
        for _ in range(31 * 24):
            hands.pass_by(HOUR)
            timekeeping.keep(CLOCK, clock.wall())
            assert clock.sure() == hands.truth
    assert lines == []


# After the machine was off


@pytest.mark.parametrize("off", [5 * MINUTE, 8 * HOUR, 3 * DAY, 90 * DAY, 10 * YEAR], ids=str)
@pytest.mark.parametrize("who", ["operator", "colleague"])
def test_after_the_machine_was_off_a_person_says_that_the_clock_is_right(
    house, hands, over, off, who
):
    hands.switch_off(off)
    assert one_round() == NOTHING
    if who == "operator":
        assert timekeeping.confirm(OPERATOR, clock.wall()) == off
    else:
        timekeeping.agree(house.colleague, clock.wall(), hands.truth)
    gone = one_round().appointments
    assert clock.sure() == clock.now() == hands.truth
    hands.pass_by(100 * DAY)
    assert gone + one_round().appointments == 2
    assert staff_sessions.sign_in(clock.now(), "anna", PASSWORD) != ""


def test_a_command_of_the_operator_reaches_the_app_with_its_next_round(house, hands, over):
    hands.switch_off(40 * DAY)
    one_round()
    with Session(engine()) as session:  # what another process has written
        row = session.get_one(Timekeeping, timekeeping.ROW)
        row.moment, row.seconds = hands.truth, hands.seconds
        session.commit()
    hands.pass_by(MINUTE)
    assert one_round().names == 2


AWAY = [-10 * YEAR, -40 * DAY, -HOUR, HOUR, 40 * DAY, 10 * YEAR]


@pytest.mark.parametrize("away", AWAY, ids=str)
@pytest.mark.parametrize("which", ["machine", "count", "browser"])
def test_of_three_clocks_one_that_is_wrong_is_not_believed(house, hands, which, away):
    theirs = hands.truth
    if which == "machine":
        hands.set_by(away)
    elif which == "browser":
        theirs += away
    else:
        clock.count_from(None)
        timekeeping.confirm(OPERATOR, hands.truth + away)
    timekeeping.agree(house.advisor, clock.wall(), theirs)
    assert clock.counted() == hands.truth


def test_a_browser_of_a_guest_or_of_nobody_is_not_asked(house, hands):
    guest = house.guest(house.plan())
    hands.set_by(40 * DAY)
    for who in (guest, CLOCK, OPERATOR):
        reason = reason_of(timekeeping.agree, who, clock.wall(), clock.wall())
        assert reason == Reason.NOT_ALLOWED
    assert clock.counted() == NOW


# What people see goes on


@pytest.mark.parametrize("jump", [MINUTE, *FORWARD], ids=str)
def test_who_has_signed_in_stays_so_when_the_clock_is_set_back(house, hands, jump):
    token = staff_sessions.sign_in(clock.now(), "anna", PASSWORD)
    hands.set_by(-jump)
    assert clock.now() == hands.truth
    assert staff_sessions.signed_in(clock.now(), token) is not None
    hands.pass_by(31 * MINUTE)
    assert staff_sessions.signed_in(clock.now(), token) is None


def test_after_a_night_off_a_link_opens_before_anybody_of_the_office_has_come(house, hands):
    planned = house.plan(starts_at=NOW + DAY)
    hands.switch_off(DAY)
    timekeeping.keep(CLOCK, clock.wall())
    guest = house.guest(planned)
    visiting.consent(guest, clock.now(), "1")
    visiting.enter_waiting(guest, clock.now())


# It is said


def test_a_jump_is_said_once_and_so_is_its_end(house, hands):
    with capture_logs() as lines:
        hands.set_by(35 * DAY)
        for _ in range(5):
            hands.pass_by(MINUTE)
            one_round()
        hands.set_right()
        one_round()
        one_round()
    assert [(line["log_level"], line.get("seconds")) for line in lines] == [
        ("error", 35 * 24 * 3600),
        ("warning", None),
    ]
    assert lines[0]["event"].endswith("python -m core.manage clock-is-right")


@pytest.mark.parametrize("jump", [-MINUTE, -30 * timedelta(seconds=1), MINUTE], ids=str)
def test_what_a_time_server_puts_right_every_day_is_not_said(house, hands, jump):
    with capture_logs() as lines:
        hands.set_by(jump)
        one_round()
    assert lines == []


def test_before_anybody_has_counted_nothing_is_sure(house):
    assert (clock.sure(), clock.counted()) == (None, None)


def test_the_counter_of_this_machine_goes_on_and_its_boot_has_a_name():
    assert clock.running() <= clock.running()
    assert (len(clock.boot()) >= 32, clock.boot()) == (True, clock.boot())


def test_a_counter_that_went_back_counts_nothing(house, hands):
    """A snapshot of the machine has been put back, and the database is elsewhere."""
    hands.seconds -= 500
    timekeeping.keep(CLOCK, clock.wall())
    assert clock.counted() == NOW
    forgetting.forget(CLOCK, NOW)
