"""The chat: in order, both ways, only while the room is open and only for who is in it."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from core.engine import engine
from core.office import chat, hosting, visiting
from core.office.chat import Entry
from core.office.planning import Planned
from core.records import Message
from core.refused import Reason
from tests.conftest import HOUR, NOW
from tests.core.office.refusals import reason_of


@pytest.fixture
def room(house):
    """An open room: its id, the guest inside and the advisor."""
    planned = house.plan()
    return planned.appointment_id, house.talking(planned), house.advisor


def test_both_sides_read_everything_in_the_order_it_was_written(room):
    number, guest, advisor = room
    for turn in range(6):
        # The later one has the earlier clock: the order is that of writing.
        at = NOW - timedelta(seconds=turn)
        chat.write(guest if turn % 2 else advisor, at, number, f"Satz {turn}")
    ours, theirs = chat.read(advisor, number), chat.read(guest, number)
    assert [line.text for line in ours] == [f"Satz {turn}" for turn in range(6)]
    assert [line.mine for line in ours] == [True, False] * 3
    assert [line.mine for line in theirs] == [False, True] * 3
    assert [line.author for line in theirs] == ["Anna Beraterin", "Karla Beispiel"] * 3
    seats = [line.seat for line in theirs]
    assert seats == [f"staff:{advisor.id}", f"guest:{guest.id}"] * 3
    assert theirs[0] == Entry(theirs[0].number, NOW, seats[0], "Anna Beraterin", False, "Satz 0")


def test_what_was_written_is_what_is_read(room):
    number, guest, advisor = room
    for actor in (guest, advisor):
        chat.write(actor, NOW, number, " Ja\u202e ")
    assert [(line.at, line.text) for line in chat.read(guest, number)] == [(NOW, "Ja")] * 2


def test_after_a_message_only_what_came_later_is_read(room):
    number, guest, advisor = room
    for turn in range(5):
        chat.write(guest, NOW, number, f"Satz {turn}")
    third = chat.read(advisor, number)[2].number
    assert [line.text for line in chat.read(advisor, number, after=third)] == ["Satz 3", "Satz 4"]
    assert [line.text for line in chat.read(guest, number, 1, third)] == ["Satz 4"]
    assert chat.read(advisor, number, after=third + 2) == []


def test_a_message_is_told_apart_by_kind_of_author_not_only_by_number(house, room):
    number, guest, _ = room
    chat.write(guest, NOW, number, "Hallo")
    assert guest.id == house.advisor.id  # both are row 1 of their table
    assert [line.mine for line in chat.read(house.advisor, number)] == [False]


def test_the_trail_knows_that_somebody_wrote_but_not_what(house, room):
    number, guest, _ = room
    chat.write(guest, NOW, number, "geheim")
    assert house.trail(number)[-1] == ("message", "guest", guest.id)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.MESSAGE_EMPTY),
        (" \n\t ", Reason.MESSAGE_EMPTY),
        ("\u200b\u202e\x00", Reason.MESSAGE_EMPTY),
        ("a" * 2000, None),
        (" " + "a" * 2000 + "\n", None),
        ("a" * 2001, Reason.MESSAGE_TOO_LONG),
        ("e\u0301" * 2000, None),
        ("😀" * 2000, None),
        ("\u200b" * 7999 + "a", None),
        ("\u200b" * 8000 + "a", Reason.MESSAGE_TOO_LONG),
    ],
)
def test_a_message_has_one_to_2000_characters(room, text, reason):
    number, guest, advisor = room
    assert reason_of(chat.write, guest, NOW, number, text) == reason
    assert len(chat.read(advisor, number)) == (0 if reason else 1)


def test_before_the_room_opens_nobody_writes_and_the_waiting_guest_does_not_read(house):
    planned = house.plan()
    guest = house.waiting(planned)
    number = planned.appointment_id
    assert reason_of(chat.write, house.advisor, NOW, number, "Hallo") == Reason.TOO_LATE
    assert reason_of(chat.write, guest, NOW, number, "Hallo") == Reason.NOT_FOUND
    assert reason_of(chat.read, guest, number) == Reason.NOT_FOUND
    assert chat.read(house.advisor, number) == []


def test_who_is_sent_back_neither_reads_nor_writes_until_they_are_in_again(house, room):
    number, guest, advisor = room
    chat.write(advisor, NOW, number, "Hallo")
    hosting.send_back(advisor, NOW, guest.id)
    assert reason_of(chat.read, guest, number) == Reason.NOT_FOUND
    assert reason_of(chat.write, guest, NOW, number, "Hallo") == Reason.NOT_FOUND
    hosting.admit(advisor, NOW, guest.id, None)
    assert [line.text for line in chat.read(guest, number)] == ["Hallo"]


def test_after_the_end_only_the_advisor_still_reads(house, room):
    number, guest, advisor = room
    chat.write(guest, NOW, number, "Danke")
    hosting.end(advisor, NOW, number)
    assert [line.text for line in chat.read(advisor, number)] == ["Danke"]
    assert reason_of(chat.write, advisor, NOW, number, "Tschüss") == Reason.TOO_LATE
    assert reason_of(chat.read, guest, number) == Reason.NOT_FOUND
    assert reason_of(chat.write, guest, NOW, number, "Tschüss") == Reason.NOT_FOUND


def test_an_interpreter_in_the_room_reads_and_writes_under_their_own_name(house, room):
    number, guest, advisor = room
    second = house.second_guest(Planned(number, guest.id, ""))
    visiting.consent(second, NOW, "1")
    visiting.enter_waiting(second, NOW)
    assert reason_of(chat.read, second, number) == Reason.NOT_FOUND
    hosting.admit(advisor, NOW, second.id, None)
    chat.write(second, NOW, number, "Guten Tag")
    assert [(line.author, line.mine) for line in chat.read(guest, number)] == [
        ("Ida Dolmetscherin", False)
    ]


def write_often(times, actor, at, number):
    """Write `times` messages; the reasons of those that were refused."""
    reasons = [reason_of(chat.write, actor, at, number, f"Satz {turn}") for turn in range(times)]
    return [reason for reason in reasons if reason]


def test_one_person_writes_ten_messages_in_ten_seconds_and_the_other_is_not_held_up(room):
    number, guest, advisor = room
    assert write_often(12, guest, NOW, number) == [Reason.TOO_FAST] * 2
    assert write_often(10, advisor, NOW, number) == []
    just_before = NOW + chat.AT_ONCE - timedelta(microseconds=1)
    assert write_often(1, guest, just_before, number) == [Reason.TOO_FAST]
    assert write_often(11, guest, NOW + chat.AT_ONCE, number) == [Reason.TOO_FAST]
    assert len(chat.read(guest, number)) == 30


def test_who_wrote_much_in_one_appointment_may_write_in_the_next(house, room):
    number, _, advisor = room
    other = house.plan()
    house.talking(other)
    assert write_often(11, advisor, NOW, number) == [Reason.TOO_FAST]
    assert write_often(10, advisor, NOW, other.appointment_id) == []


def test_an_appointment_has_at_most_a_thousand_messages(house, room):
    number, guest, advisor = room
    row = {"jobcenter_id": house.advisor.jobcenter_id, "appointment_id": number, "guest_id": 1}
    with Session(engine()) as session:
        session.add_all(Message(**row, at=NOW - HOUR, text="Hallo") for _ in range(999))
        session.commit()
    assert write_often(2, advisor, NOW, number) == [Reason.CHAT_FULL]
    assert write_often(1, guest, NOW, number) == [Reason.CHAT_FULL]
    assert len(chat.read(guest, number, newest=2000)) == chat.MOST_IN_ALL == 1000


def test_only_the_newest_hundred_are_read_oldest_of_them_first(room):
    number, guest, advisor = room
    for turn in range(102):
        chat.write(guest, NOW + turn * chat.AT_ONCE, number, f"Satz {turn}")
    assert [line.text for line in chat.read(advisor, number)] == [
        f"Satz {turn}" for turn in range(2, 102)
    ]
    assert chat.read(guest, number, 101)[0].text == "Satz 1"


def test_what_is_far_too_long_is_not_even_looked_at(room, monkeypatch):
    number, guest, _ = room
    monkeypatch.delattr(chat, "message_text")
    assert reason_of(chat.write, guest, NOW, number, " " * 8001) == Reason.MESSAGE_TOO_LONG


def test_no_message_has_more_than_8000_bytes(room):
    number, guest, _ = room
    chat.write(guest, NOW, number, "\U00020000" * 2000)
    [line] = chat.read(guest, number)
    assert len(line.text.encode()) == 8000


@pytest.mark.parametrize("text", ["", "a" * 2001])
def test_the_database_itself_refuses_a_message_of_no_or_too_great_length(house, room, text):
    number, guest, _ = room
    chat.write(guest, NOW, number, "Hallo")
    with pytest.raises(IntegrityError):
        house.set(Message, 1, text=text)
