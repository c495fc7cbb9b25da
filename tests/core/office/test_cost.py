"""
What time does and the Tagesplan cost: by an index, and no more statements than there is to do.

Plans of queries and numbers of statements, never times.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session, SQLModel, select

from core import clock
from core.appointment import CLOCK, Status
from core.engine import engine
from core.office import (
    advisor_view,
    chat,
    closing,
    forgetting,
    forgetting_appointments,
    hosting,
    overwriting,
    staff_sessions,
    timekeeping,
)
from core.records import Appointment
from tests.conftest import HOUR, NOW, PASSWORD

DAY = timedelta(days=1)
END = NOW + HOUR
Statements = list[tuple[str, object]]


@contextmanager
def counting() -> Iterator[Statements]:
    """Every statement that is sent to the database meanwhile."""
    sent: Statements = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        sent.append((statement, parameters))

    event.listen(engine(), "before_cursor_execute", note)
    yield sent
    event.remove(engine(), "before_cursor_execute", note)


def scans(sent: Statements) -> list[str]:
    """What reads a whole table, whichever index it reads it by."""
    found = []
    with engine().connect() as connection:
        for statement, given in sent:
            if statement.split()[0] in ("SELECT", "UPDATE", "DELETE"):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
                found += [row.detail for row in plan if row.detail.startswith("SCAN")]
    # A value, or what a subquery has found.
    return [line for line in found if line != "SCAN CONSTANT ROW"]


@pytest.fixture
def busy(house):
    """Of everything there is some."""
    for number in range(4):
        planned = house.plan()
        chat.write(house.talking(planned), NOW, planned.appointment_id, f"Hallo {number}")
        hosting.end(house.advisor, NOW, planned.appointment_id)
        house.plan()
    staff_sessions.sign_in(NOW, "anna", PASSWORD)
    return house


def a_day(moment):
    timekeeping.keep(CLOCK, moment)
    clock.count_from(None)
    closing.expire_due(CLOCK, moment)
    return forgetting.forget(CLOCK, moment)


@pytest.mark.parametrize("days", [0, 1, 2, 30, 31, 89, 90, 2000])
def test_what_time_does_reads_no_table_from_end_to_end(busy, days):
    with counting() as sent:
        a_day(END + days * DAY)
    assert scans(sent) == []


def test_the_tagesplan_reads_no_table_from_end_to_end(busy):
    with counting() as sent:
        assert len(advisor_view.agenda(busy.advisor, NOW.date())) == 8
    assert scans(sent) == []


def test_a_scan_would_be_noticed(busy):
    assert scans([("SELECT * FROM happening WHERE what = ?", ("plan",))]) == ["SCAN happening"]


def test_the_tagesplan_is_one_statement_however_long_the_day(house):
    numbers = []
    for more in (1, 4, 20):
        for _ in range(more):
            house.second_guest(house.plan())
        with counting() as sent:
            people = [
                len(meeting.guests) for meeting in advisor_view.agenda(house.advisor, NOW.date())
            ]
        assert set(people) == {2}
        numbers.append(len([text for text, _ in sent if "appointment" in text]))
    assert numbers == [1, 1, 1]


def test_a_round_with_nothing_to_do_costs_the_same_however_much_is_kept(busy):
    a_day(END)
    numbers = []
    for more in (1, 10, 30):
        for _ in range(more):
            planned = busy.plan()
            chat.write(busy.talking(planned), NOW, planned.appointment_id, "Hallo")
            hosting.end(busy.advisor, NOW, planned.appointment_id)
            staff_sessions.sign_out(busy.advisor, NOW, "no token")
        with counting() as sent:
            assert a_day(END) == forgetting.NOTHING
        numbers.append(len(sent))
    assert numbers == [numbers[0]] * 3


@pytest.mark.parametrize("days", [1, 30, 90])
def test_what_has_been_taken_is_not_looked_at_again(busy, days):
    a_day(END + days * DAY)
    with counting() as first:
        a_day(END + days * DAY)
    for _ in range(5):
        closing.cancel(busy.advisor, NOW, busy.plan().appointment_id)
    a_day(END + days * DAY)
    with counting() as again:
        a_day(END + days * DAY)
    assert len(first) == len(again)


def test_a_round_without_anything_to_forget_writes_no_file_anew(busy, monkeypatch):
    forgetting.forget(CLOCK, END)
    rewritten = []
    monkeypatch.setattr(overwriting, "overwrite_freed", lambda *_: rewritten.append(1))
    for _ in range(3):
        forgetting.forget(CLOCK, END)
    assert rewritten == []


def test_nothing_asks_sqlite_to_write_the_whole_file_anew(busy):
    with engine().connect() as connection:
        raw = connection.connection.driver_connection
        said: list[str] = []
        raw.set_trace_callback(said.append)
    event.listen(engine(), "connect", lambda raw, _: raw.set_trace_callback(said.append))
    engine().dispose()
    for days in (0, 1, 30, 90):
        forgetting.forget(CLOCK, END + days * DAY)
    assert (len(said) > 50, [text for text in said if "VACUUM" in text.upper()]) == (True, [])


def test_appointments_without_a_chat_hold_up_nobody_elses(house, monkeypatch):
    monkeypatch.setattr(forgetting_appointments, "AT_ONCE", 2)
    for _ in range(5):
        closing.cancel(house.advisor, NOW, house.plan().appointment_id)
    planned = house.plan()
    chat.write(house.talking(planned), NOW, planned.appointment_id, "Hallo")
    hosting.end(house.advisor, NOW, planned.appointment_id)
    assert forgetting_appointments.forget_chats(CLOCK, END + DAY) == 1
    with Session(engine()) as session:
        assert set(session.exec(select(Appointment.taken))) == {1}
    assert house.trail()[-1][0] == "forget_chat"
    assert [what for what, _, _ in house.trail()].count("forget_chat") == 1


def test_who_is_recorded_as_missed_after_the_names_went_is_not_looked_at_again(house):
    planned = house.plan()
    a_day(END + 31 * DAY)
    closing.record_missed(house.advisor, END + 31 * DAY, planned.appointment_id)
    assert house.status(planned)[0] is Status.MISSED
    assert a_day(END + 31 * DAY) == forgetting.NOTHING
    assert a_day(END + 90 * DAY).appointments == 1


def test_every_row_that_refers_to_another_is_found_by_an_index():
    """Or SQLite would read the whole table for each row that is deleted."""
    missing = []
    for table in SQLModel.metadata.sorted_tables:
        first = {next(iter(index.columns)).name for index in table.indexes}
        missing += [
            f"{table.name}.{column.name}"
            for column in table.columns
            if column.foreign_keys and column.name not in first
        ]
    assert missing == []
