"""What time takes away: what, when exactly, from whom not, and to the last byte."""

import os
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, select

from core.access import digest
from core.appointment import CLOCK, Actor, By, IdentityProof, Status
from core.engine import engine, migrate, open_engine
from core.office import (
    advisor_view,
    chat,
    closing,
    forgetting,
    forgetting_appointments,
    forgetting_by_age,
    guest_view,
    hosting,
    overwriting,
    periods,
    private,
    staff_sessions,
    visiting,
)
from core.office.forgetting import NOTHING
from core.office.kept import KEPT
from core.office.periods import Goes, Period
from core.pieces import pieces
from core.records import Appointment, Guest, Message, MessageReader, Staff, StaffSession
from core.refused import Reason
from core.settings import ROOT, settings
from core.trail import Happening
from core.words import translation
from tests.conftest import HOUR, MINUTE, NOW, PASSWORD
from tests.core.office.refusals import reason_of

DAY = timedelta(days=1)
END = NOW + HOUR  # of every appointment the house plans
DEEDS = [
    forgetting.forget,
    forgetting_appointments.forget_chats,
    forgetting_appointments.forget_names,
    forgetting_appointments.forget_appointments,
    forgetting_by_age.forget_who_did_it,
    forgetting_by_age.forget_happenings,
    forgetting_by_age.forget_sessions,
    forgetting_by_age.forget_accounts,
    forgetting_by_age.forget_mails,
]


def rows(table: type[SQLModel]) -> list[SQLModel]:
    with Session(engine()) as session:
        return list(session.exec(select(table)))


@pytest.fixture
def over(house):
    """An appointment that took place, with a chat, a checked identity and a device of its own."""
    planned = house.plan()
    guest = house.identified(planned)
    chat.write(guest, NOW, planned.appointment_id, "Hallo")
    house.set(
        Guest, planned.guest_id, device_hash=digest("device"), device_changed_at=NOW, doubted_at=NOW
    )
    hosting.end(house.advisor, NOW, planned.appointment_id)
    return planned


# The map


def test_every_column_of_every_table_is_in_the_map_exactly_once():
    stored = [(table.name, column.name) for table in tables() for column in table.columns]
    mapped = [(row.place, column) for row in KEPT for column in row.columns]
    assert sorted(mapped) == sorted(stored)


def tables():
    return SQLModel.metadata.sorted_tables


def test_what_has_no_columns_is_no_table():
    names = {table.name for table in tables()}
    assert [row.place for row in KEPT if (row.place in names) != bool(row.columns)] == []


def test_every_way_and_every_period_has_words():
    says = translation()
    assert len({periods.way(goes, says) for goes in Goes}) == 3
    assert len({periods.until(period, settings(), says) for period in Period}) == len(Period)


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (Period.CHAT, "1 Tag nach dem Ende des Termins"),
        (Period.NAMES, "30 Tage nach dem Ende des Termins"),
        (Period.REST, "90 Tage nach dem Ende des Termins"),
        (Period.TRAIL, "1095 Tage nach dem Ereignis"),
        (Period.SESSION, "7 Tage nach der Anmeldung"),
        (Period.ACCOUNT, "90 Tage nach dem Sperren des Kontos"),
    ],
)
def test_periods_are_said_as_they_are_set(period, words):
    assert periods.until(period, settings(), translation()) == words


def test_a_session_is_over_long_before_it_is_forgotten():
    assert timedelta(days=periods.SESSION_DAYS) > staff_sessions.LONGEST


# The deeds


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_only_the_clock_forgets(house, deed):
    guest = house.guest(house.plan())
    others = [house.advisor, guest, Actor(By.CLOCK, 1, None)]
    assert [reason_of(deed, actor, NOW) for actor in others] == [Reason.NOT_ALLOWED] * 3
    assert reason_of(deed, CLOCK, NOW) is None


def test_the_chat_goes_a_day_after_the_end(house, over):
    assert forgetting_appointments.forget_chats(CLOCK, END + DAY - MINUTE) == 0
    assert [row.text for row in rows(Message)] == ["Hallo"]
    assert forgetting_appointments.forget_chats(CLOCK, END + DAY) == 1
    assert rows(Message) == []
    assert house.trail(over.appointment_id)[-1] == ("forget_chat", "clock", None)
    assert forgetting_appointments.forget_chats(CLOCK, END + DAY) == 0


def test_who_could_read_what_was_written_in_private_goes_with_it(house):
    planned = house.plan()
    guest = house.second_guest(planned)
    visiting.consent(guest, NOW, "1", "a browser")
    visiting.enter_waiting(guest, NOW)
    client, number = house.talking(planned), planned.appointment_id
    private.begin(client, NOW, number)
    chat.write(client, NOW, number, "unter uns")
    hosting.end(house.advisor, NOW, number)
    assert {row.device_hash for row in rows(MessageReader)} == {None, "a browser"}
    assert forgetting_appointments.forget_chats(CLOCK, END + DAY) == 1
    assert (rows(MessageReader), rows(Message)) == ([], [])


def test_names_addresses_links_and_devices_go_30_days_after_the_end(house, over):
    before = house.row(Guest, over.guest_id)
    assert forgetting_appointments.forget_names(CLOCK, END + 30 * DAY - MINUTE) == 0
    assert house.row(Guest, over.guest_id) == before
    assert forgetting_appointments.forget_names(CLOCK, END + 30 * DAY) == 1
    after = house.row(Guest, over.guest_id)
    assert (after.name, after.email) == ("", "")
    assert (after.device_hash, after.device_changed_at, after.doubted_at) == (None, None, None)
    assert (len(after.secret_hash), after.secret_hash == before.secret_hash) == (64, False)
    assert guest_view.visit(over.secret) is None
    assert (after.identity_how, after.consented_at) == (IdentityProof.KNOWN_PERSON, NOW)
    assert house.trail(over.appointment_id)[-1] == ("forget_names", "clock", None)
    assert forgetting_appointments.forget_names(CLOCK, END + 30 * DAY) == 0


def test_two_guests_of_one_appointment_get_different_unknown_links(house, over):
    second = house.second_guest(over)
    forgetting_appointments.forget_names(CLOCK, END + 30 * DAY)
    links = {house.row(Guest, number).secret_hash for number in (over.guest_id, second.id)}
    assert len(links) == 2


def test_staff_who_look_at_an_old_day_see_that_the_name_is_gone(house, over):
    forgetting_appointments.forget_names(CLOCK, END + 30 * DAY)
    [meeting] = advisor_view.agenda(house.advisor, NOW.date())
    assert [person.name for person in meeting.guests] == [""]


def test_after_90_days_nothing_joins_a_person_and_an_appointment(house, over):
    assert forgetting_appointments.forget_appointments(CLOCK, END + 90 * DAY - MINUTE) == 0
    assert forgetting_appointments.forget_appointments(CLOCK, END + 90 * DAY) == 1
    assert (rows(Appointment), rows(Guest), rows(Message)) == ([], [], [])
    trail = [row for row in rows(Happening) if row.at == NOW and row.what != "create_account"]
    assert {row.what for row in trail} >= {"plan", "invite", "open_room", "end"}
    joined = {(r.appointment_id, r.guest_id, r.staff_id, r.actor_id) for r in trail}
    assert joined == {(None, None, None, None)}
    assert forgetting_appointments.forget_appointments(CLOCK, END + 90 * DAY) == 0


def test_who_signed_in_is_forgotten_after_90_days(house):
    staff_sessions.sign_in(NOW, "anna", PASSWORD)
    forgetting_by_age.forget_who_did_it(CLOCK, NOW + 90 * DAY - MINUTE)
    assert house.trail()[-1] == ("sign_in", "advisor", house.advisor.id)
    assert forgetting_by_age.forget_who_did_it(CLOCK, NOW + 90 * DAY) >= 1
    assert house.trail()[-1] == ("sign_in", "advisor", None)
    assert forgetting_by_age.forget_who_did_it(CLOCK, NOW + 90 * DAY) == 0


def test_the_trail_of_an_appointment_far_ahead_knows_its_people_until_it_is_over(house):
    planned = house.plan(starts_at=NOW + 100 * DAY)
    forgetting.forget(CLOCK, NOW + 95 * DAY)
    assert house.trail(planned.appointment_id)[0] == ("plan", "advisor", house.advisor.id)


@pytest.mark.parametrize("status", [Status.PLANNED, Status.OPEN])
def test_nothing_is_taken_from_an_appointment_that_is_not_over(house, over, status):
    house.set(Appointment, over.appointment_id, status=status)
    done = forgetting.forget(CLOCK, END + 365 * DAY)
    assert (done.chats, done.names, done.appointments) == (0, 0, 0)
    assert [row.text for row in rows(Message)] == ["Hallo"]
    assert house.row(Guest, over.guest_id).name == "Karla Beispiel"


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.PLANNED, Status.OPEN}))
def test_everything_is_taken_however_it_ended(house, over, status):
    house.set(Appointment, over.appointment_id, status=status)
    assert forgetting.forget(CLOCK, END + 365 * DAY).appointments == 1


def test_a_room_nobody_closed_is_closed_by_time_and_then_forgotten(house):
    planned = house.plan()
    chat.write(house.talking(planned), NOW, planned.appointment_id, "Hallo")
    late = END + 90 * DAY
    assert forgetting_appointments.forget_appointments(CLOCK, late) == 0
    closing.expire_due(CLOCK, late)
    assert forgetting_appointments.forget_appointments(CLOCK, late) == 1


def test_who_is_not_due_keeps_everything(house, over):
    other = house.plan(starts_at=END + MINUTE)
    closing.cancel(house.advisor, NOW, other.appointment_id)
    forgetting.forget(CLOCK, END + 90 * DAY)
    assert house.row(Guest, other.guest_id).name == ""  # 30 days were over, 90 not yet
    assert [row.id for row in rows(Appointment)] == [other.appointment_id]


def test_sign_ins_are_forgotten_a_week_later(house):
    staff_sessions.sign_in(NOW, "anna", PASSWORD)
    week = NOW + 7 * DAY
    assert forgetting_by_age.forget_sessions(CLOCK, week - MINUTE) == 0
    assert forgetting_by_age.forget_sessions(CLOCK, week) == 1
    assert rows(StaffSession) == []


def test_a_disabled_account_goes_when_nothing_speaks_of_it_any_more(house, over):
    house.set(Staff, house.advisor.id, disabled_at=NOW)
    house.set(Staff, house.colleague.id, disabled_at=NOW)
    assert forgetting_by_age.forget_accounts(CLOCK, NOW + 90 * DAY - MINUTE) == 0
    assert forgetting_by_age.forget_accounts(CLOCK, NOW + 90 * DAY) == 1  # the colleague
    forgetting.forget(CLOCK, END + 90 * DAY)
    assert [row.id for row in rows(Staff)] == [house.stranger.id]


def test_an_account_that_works_is_kept_for_good(house):
    assert forgetting_by_age.forget_accounts(CLOCK, NOW + 3650 * DAY) == 0


def test_mails_in_the_outbox_go_30_days_after_they_were_written(house):
    house.outbox.mkdir()
    for name, age in (("old.eml", 30), ("young.eml", 29), ("old.txt", 30)):
        (house.outbox / name).touch()
        os.utime(house.outbox / name, ((NOW - age * DAY).timestamp(),) * 2)
    assert forgetting_by_age.forget_mails(CLOCK, NOW) == 1
    assert sorted(file.name for file in house.outbox.iterdir()) == ["old.txt", "young.eml"]


def test_without_an_outbox_there_is_nothing_to_forget(house):
    assert forgetting_by_age.forget_mails(CLOCK, NOW) == 0


def test_the_settings_say_when(house, over, monkeypatch):
    for name, days in (("CHAT", 2), ("NAMES", 3), ("REST", 4)):
        monkeypatch.setenv(f"BERATUNGSRAUM_{name}_DAYS", str(days))
    settings.cache_clear()
    done = [forgetting.forget(CLOCK, END + days * DAY) for days in (1, 2, 3, 4)]
    assert [(d.chats, d.names, d.appointments) for d in done] == [
        (0, 0, 0),
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]


def test_a_round_takes_only_so_many_and_the_next_one_the_rest(house, monkeypatch):
    monkeypatch.setattr(forgetting_appointments, "AT_ONCE", 2)
    for _ in range(3):
        closing.cancel(house.advisor, NOW, house.plan().appointment_id)
    late = END + 90 * DAY
    done = [forgetting_appointments.forget_appointments(CLOCK, late) for _ in range(3)]
    assert done == [2, 1, 0]


# To the last byte


def in_files(database: Path, words: list[str]) -> list[str]:
    """Which of the words any file of the database still has, anywhere in it."""
    raw = b"".join(file.read_bytes() for file in database.parent.glob(f"{database.name}*"))
    return [word for word in words if word.encode() in raw]


def test_no_byte_of_it_is_left_in_any_file_of_the_database(house):
    """Many rows, so that SQLite moves some between pages: it leaves copies when it does."""
    words = []
    for number in range(60):
        planned = house.plan()
        guest = house.talking(planned)
        text = f"Wort{number:03}" * (1 + number * 7 % 200)
        chat.write(guest, NOW + number * MINUTE, planned.appointment_id, text)
        house.set(Guest, planned.guest_id, name=f"Name{number:03} {'y' * (number % 60)}")
        hosting.end(house.advisor, NOW, planned.appointment_id)
        words += [f"Wort{number:03}", f"Name{number:03}", digest(planned.secret)]
    assert in_files(house.database, words) == words
    with sqlite3.connect(house.database) as reader:  # another connection keeps the log alive
        reader.execute("SELECT count(*) FROM guest").fetchall()
        forgetting.forget(CLOCK, END + 30 * DAY)
    reader.close()
    assert in_files(house.database, [*words, "karla@example.com"]) == []


def test_the_first_round_overwrites_what_an_earlier_process_left(house, monkeypatch):
    overwritten = []
    monkeypatch.setattr(overwriting, "overwrite_freed", lambda *what: overwritten.append(what))
    everything = sorted({row.place for row in KEPT if row.columns} - {"jobcenter", "timekeeping"})
    monkeypatch.setattr(overwriting, "_unclean", set(everything))
    assert [forgetting.forget(CLOCK, NOW) for _ in range(2)] == [NOTHING, NOTHING]
    assert overwritten == [(engine(), everything)]


def test_a_new_process_takes_no_table_for_clean():
    asks = "from core.office import overwriting; print(sorted(overwriting._unclean))"
    done = subprocess.run([sys.executable, "-c", asks], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == str(
        ["appointment", "guest", "happening", "message", "message_reader", "staff", "staff_session"]
    )


@pytest.mark.parametrize(
    ("days", "tables"),
    [
        (0, []),
        (1, ["message", "message_reader"]),
        (30, ["guest"]),
        (90, ["appointment", "guest", "happening"]),
    ],
)
def test_only_what_was_taken_from_is_laid_anew(house, over, monkeypatch, days, tables):
    for before in [each for each in (1, 30) if each < days]:
        forgetting.forget(CLOCK, END + before * DAY)
    overwritten = []
    monkeypatch.setattr(overwriting, "_unclean", set())
    monkeypatch.setattr(overwriting, "overwrite_freed", lambda *what: overwritten.append(what))
    forgetting.forget(CLOCK, END + days * DAY)
    assert [where for _, where in overwritten] == ([tables] if tables else [])


def test_what_stays_is_the_same_after_it_was_laid_anew(house, over):
    other = house.plan()
    second = house.second_guest(other)
    visiting.consent(second, NOW, "1", "a browser")
    visiting.enter_waiting(second, NOW)
    client = house.talking(other)
    private.begin(client, NOW, other.appointment_id)
    chat.write(client, NOW, other.appointment_id, "unter uns")
    before = {table.name: rows_of(table) for table in tables()}
    overwriting.overwrite_freed(engine(), [name for name in before if name != "happening"])
    assert {table.name: rows_of(table) for table in tables()} == before
    assert [len(before[name]) for name in ("message", "message_reader", "guest")] == [2, 2, 3]
    with pytest.raises(IntegrityError):  # foreign keys are asked again
        house.set(Guest, other.guest_id, appointment_id=999)


def rows_of(table):
    with engine().connect() as connection:
        return connection.execute(table.select()).all()


def test_the_trail_has_an_end_of_its_own(house, over, monkeypatch):
    monkeypatch.setenv("BERATUNGSRAUM_TRAIL_DAYS", "100")
    settings.cache_clear()
    forgetting.forget(CLOCK, END + 90 * DAY)
    kept_until_then = len(house.trail())
    assert forgetting_by_age.forget_happenings(CLOCK, NOW + 100 * DAY - MINUTE) == 0
    assert len(house.trail()) == kept_until_then
    assert forgetting_by_age.forget_happenings(CLOCK, NOW + 100 * DAY) == kept_until_then - 2
    # What the clock did later.
    assert [what for what, _, _ in house.trail()] == ["forget_chat", "forget_names"]


def test_the_trail_ends_after_three_years_unless_it_is_set(house, over):
    forgetting.forget(CLOCK, END + 90 * DAY)
    assert forgetting_by_age.forget_happenings(CLOCK, NOW + 1094 * DAY) == 0
    assert forgetting_by_age.forget_happenings(CLOCK, NOW + 1095 * DAY) > 0


def test_of_the_trail_the_newest_row_stays_for_whoever_looks_for_newer_ones(house):
    staff_sessions.sign_in(NOW, "anna", PASSWORD)
    assert forgetting_by_age.forget_happenings(CLOCK, NOW + 9999 * DAY) == 0
    staff_sessions.sign_in(NOW, "bodo", PASSWORD)
    assert forgetting_by_age.forget_happenings(CLOCK, NOW + 9999 * DAY) == 1


def test_the_trail_of_an_appointment_stays_as_long_as_it(house):
    planned = house.plan(starts_at=NOW + 4000 * DAY)
    forgetting.forget(CLOCK, NOW + 3000 * DAY)
    assert len(house.trail(planned.appointment_id)) == 2


def test_what_could_not_be_overwritten_is_tried_again(house, over, monkeypatch):
    real = overwriting.overwrite_freed

    def busy(*_):
        raise TimeoutError

    monkeypatch.setattr(overwriting, "overwrite_freed", busy)
    with pytest.raises(TimeoutError):
        forgetting.forget(CLOCK, END + 30 * DAY)
    monkeypatch.setattr(overwriting, "overwrite_freed", real)
    assert forgetting.forget(CLOCK, END + 30 * DAY) == NOTHING
    assert in_files(house.database, ["Karla Beispiel"]) == []


def test_somebody_who_reads_for_long_is_noticed(house, over):
    planned = house.plan()
    with sqlite3.connect(house.database, isolation_level=None) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM guest").fetchall()
        house.set(Guest, planned.guest_id, name="Anders")
        engine().dispose()
        event.listen(engine(), "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=50"))
        with pytest.raises(TimeoutError):
            overwriting.overwrite_freed(engine(), ["guest"])
    reader.close()


def test_no_message_stays_in_the_memory_of_the_pages(house, over):
    pieces("Hallo")
    forgetting.forget(CLOCK, END + DAY)
    assert pieces.cache_info().currsize == 0


# By hand


def test_it_can_be_done_by_hand_and_says_how_much_but_not_whose(tmp_path):
    environment = {
        **os.environ,
        "BERATUNGSRAUM_DATABASE_URL": f"sqlite:///{tmp_path / 'office.sqlite'}",
        "BERATUNGSRAUM_OUTBOX": str(tmp_path / "outbox"),
    }
    (tmp_path / "outbox").mkdir()
    mail = tmp_path / "outbox" / "karla.eml"
    mail.touch()
    os.utime(mail, (0, 0))
    made = open_engine(environment["BERATUNGSRAUM_DATABASE_URL"])
    migrate(made)
    made.dispose()
    command = [sys.executable, "-m", "core.forget"]
    done = [
        subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        for _ in range(2)
    ]
    nothing = ["chats: 0", "names: 0", "appointments: 0", "trail: 0"]
    nothing += ["happenings: 0", "sessions: 0", "accounts: 0"]
    which = f"Database: SQLite file {tmp_path / 'office.sqlite'}"
    assert [each.stdout.splitlines() for each in done] == [
        [which, *nothing, "mails: 1"],
        [which, *nothing, "mails: 0"],
    ]
    assert [(each.returncode, each.stderr) for each in done] == [(0, ""), (0, "")]
    assert not mail.exists()
