"""
A database that is away: every deed and view says so, nothing is half done, nobody loses a seat,
and it is noticed by itself that it is back.
"""

import time
from itertools import chain

import pytest
from sqlmodel import Session, select
from structlog.testing import capture_logs

from core import access, hub
from core.appointment import CLOCK, OPERATOR, MediaDevice
from core.engine import engine
from core.media.rooms.live_rooms import ROOMS
from core.office import (
    accounts,
    advisor_view,
    chat,
    closing,
    guest_view,
    hosting,
    inviting,
    outage,
    planning,
    seats,
    staff_sessions,
    visiting,
)
from core.records import Message, Staff
from core.refused import Away, Reason, Undone
from tests import outages
from tests.conftest import HOUR, NOW, PASSWORD
from tests.core.office.calls import CALLS
from tests.core.office.refusals import reason_of
from tests.core.office.scene import build
from tests.outages import ANY_DISK, SMALL_DISK, small_disk

__all__ = ["small_disk"]
PHONE = "030 23125-001"
UNREADABLE = [outages.removed, outages.replaced]
named = {"ids": lambda each: getattr(each, "__name__", None)}


@pytest.fixture
def impatient(house):
    outages.impatient()


@pytest.fixture
def in_a_small_house(small_disk, house, impatient):
    return house


def writers(house):
    """Deeds that write in different tables, each as somebody may do it."""
    talk, waits, new = house.plan(), house.plan(), house.plan()
    guest, waiting, new_one = house.talking(talk), house.waiting(waits), house.guest(new)
    return {
        "write": lambda: chat.write(guest, NOW, talk.appointment_id, "Guten Tag"),
        "consent": lambda: visiting.consent(new_one, NOW, "1"),
        "device": lambda: visiting.record_device(waiting, NOW, MediaDevice.CAMERA, False),
        "open": lambda: hosting.open_room(house.advisor, NOW, waits.appointment_id, {}),
        "end": lambda: hosting.end(house.advisor, NOW, talk.appointment_id),
        "plan": lambda: planning.plan(house.advisor, NOW, "Neu", "n@example.com", NOW, NOW + HOUR),
        "link": lambda: inviting.new_link(house.advisor, NOW, new.guest_id),
        "sign in": lambda: staff_sessions.sign_in(NOW, "anna", PASSWORD),
        "jobcenter": lambda: accounts.add_jobcenter(OPERATOR, NOW, "Neu", PHONE),
    }


def all_are_away_and_then_done(house, how):
    deeds, before = writers(house), house.trail()
    with how(house.database):
        for name, deed in deeds.items():
            with pytest.raises(Away):
                deed()
            assert outage.lasts(), name
    assert house.trail() == before
    for deed in deeds.values():
        deed()
    assert len(house.trail()) > len(before) + len(deeds) - 1


@pytest.mark.parametrize("how", ANY_DISK, **named)
def test_what_cannot_be_kept_is_not_done_and_can_be_done_afterwards(house, impatient, how):
    all_are_away_and_then_done(house, how)


@pytest.mark.parametrize("how", SMALL_DISK, **named)
def test_the_same_on_a_full_disk_and_on_a_broken_one(in_a_small_house, how):
    all_are_away_and_then_done(in_a_small_house, how)


def test_a_lock_is_waited_for_and_then_it_is_away(house):
    planned = house.plan()
    guest = house.talking(planned)
    with outages.locked(house.database):
        began = time.monotonic()
        with pytest.raises(Away):
            chat.write(guest, NOW, planned.appointment_id, "Guten Tag")
        assert 4 < time.monotonic() - began < 9


@pytest.mark.parametrize("how", UNREADABLE, **named)
def test_whoever_asks_for_whatever_nobody_is_told_more_than_that(
    house, impatient, monkeypatch, how
):
    monkeypatch.setattr(access, "hash_password", lambda _: "!")  # slow on purpose elsewhere
    it = build(house, "talking")
    kinds = [actors for people in it.people.values() for actors in people.values()]
    # Who has no number is nobody.
    everybody = [each for each in chain(*kinds) if each.id or each in (CLOCK, OPERATOR)]
    with how(house.database):
        said = {deed: {outcome(CALLS[deed], actor, it) for actor in everybody} for deed in CALLS}
    # By its kind alone an actor may be refused without anybody being asked.
    others = {deed: reasons - {Reason.NOT_ALLOWED} for deed, reasons in said.items()}
    assert others.pop(FILES) == {None}
    assert {deed: each for deed, each in others.items() if each != {Reason.NOT_KEPT}} == {}


def outcome(call, actor, it):
    try:
        call(actor, it)
    except Undone as undone:
        return undone.reason
    return None


FILES = "forgetting_by_age.forget_mails"  # asks the outbox folder alone


@pytest.mark.parametrize("how", UNREADABLE, **named)
def test_an_outage_is_no_answer_to_who_may_sit_where(house, impatient, how):
    planned = house.plan()
    house.talking(planned)
    token = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    number = planned.appointment_id
    asked = [
        (seats.guest_stays, NOW, planned.secret, "device", number),
        (seats.staff_stays, NOW, token, number),
        (seats.screen_stays, NOW, token, number),
        (seats.inside, number),
        (guest_view.visit, planned.secret),
    ]
    with how(house.database):
        for view, *arguments in asked:
            with pytest.raises(Away):
                view(*arguments)


def test_a_room_stays_as_it_is_when_the_office_cannot_be_asked(house, impatient):
    planned = house.plan()
    house.talking(planned)
    room = ROOMS.room(planned.appointment_id)
    room.let_in(lambda: seats.inside(planned.appointment_id))
    before = room._inside
    with outages.removed(house.database), pytest.raises(Away):
        room.recheck()
    assert (room._inside, len(before)) == (before, 2)


def test_a_signed_in_advisor_who_cannot_be_noted_is_there_all_the_same(house, impatient):
    token = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    with outages.locked(house.database):
        found = staff_sessions.signed_in(NOW + HOUR / 4, token)
    assert found is not None
    assert found.name == "Anna Beraterin"


class Listener:
    def __init__(self, *topics):
        self.topics, self.heard = frozenset(topics), []

    def told(self, topics):
        self.heard.append((topics, outage.lasts()))


@pytest.mark.parametrize("how", ANY_DISK, **named)
def test_everybody_is_told_once_that_it_is_away_and_once_that_it_is_back(house, impatient, how):
    listener = Listener("appointment:17")
    hub.HUB.listen(listener)
    with how(house.database), capture_logs() as logs:
        for _ in range(3):
            assert reason_of_away(house) is Reason.NOT_KEPT
            outage.look()
    assert listener.heard == [({hub.OUTAGE}, True)]
    with capture_logs() as more:
        outage.look()
        outage.look()
    assert listener.heard == [({hub.OUTAGE}, True), ({hub.OUTAGE}, False)]
    assert [entry["event"] for entry in [*logs, *more]] == ["database away", "database back"]
    assert set(logs[0]) == {"event", "kind", "log_level"}
    assert logs[0]["kind"].startswith("SQLITE_")


def test_a_full_disk_is_not_back_while_only_a_little_fits(in_a_small_house):
    house = in_a_small_house
    with outages.full(house.database):
        assert reason_of_away(house) is Reason.NOT_KEPT
        house.database.with_suffix(".filler").write_bytes(
            b"x" * (house.database.with_suffix(".filler").stat().st_size - outage.LEAST_FREE // 2)
        )
        outage.look()
        assert outage.lasts()
    outage.look()
    assert not outage.lasts()


def reason_of_away(house):
    try:
        planning.plan(house.advisor, NOW, "Neu", "n@example.com", NOW, NOW + HOUR)
    except Away as away:
        return away.reason
    return None


def test_what_was_written_into_a_file_that_was_put_back_is_there(house, impatient):
    """An old connection would write into the file that has gone."""
    planned = house.plan()
    guest = house.talking(planned)
    engine().dispose()
    copy = house.database.with_suffix(".copy")
    copy.write_bytes(house.database.read_bytes())
    guest_view.visit(planned.secret)
    copy.replace(house.database)
    chat.write(guest, NOW, planned.appointment_id, "Guten Tag")
    engine().dispose()
    with Session(engine()) as session:
        assert list(session.exec(select(Message.text))) == ["Guten Tag"]


STRANGE = {
    "NUL": "anna\0",
    "half a character": "anna\udc80",
    "half of a pair": "\ud83d",
    "too long": "a" * 10_000,
    "nothing but NUL": "\0",
    "bytes that are no text": "\udcff\udcfe",
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_no_text_of_a_form_or_a_command_line_is_more_than_refused(house, text):
    planned = house.plan()
    guest = house.talking(planned)
    number = planned.appointment_id
    known = accounts.id_of(OPERATOR, "anna")
    before = house.trail()
    tried = {
        "sign in": (staff_sessions.sign_in, NOW, text, PASSWORD),
        "password": (staff_sessions.sign_in, NOW, "anna", text),
        "login": (accounts.id_of, OPERATOR, text),
        "jobcenter": (accounts.add_jobcenter, OPERATOR, NOW, text, PHONE),
        "phone": (accounts.add_jobcenter, OPERATOR, NOW, "Neu", text),
        "staff": (accounts.add_staff, OPERATOR, NOW, 1, text, "neu", PASSWORD),
        "staff's login": (accounts.add_staff, OPERATOR, NOW, 1, "Neu", text, PASSWORD),
        "name": (planning.plan, house.advisor, NOW, text, "n@example.com", NOW, NOW + HOUR),
        "mail": (planning.plan, house.advisor, NOW, "Neu", text, NOW, NOW + HOUR),
        "message": (chat.write, guest, NOW, number, text),
    }
    done = {name for name, (deed, *given) in tried.items() if reason_of(deed, *given) is None}
    # What is left when characters that nobody sees are taken out may be a name or a message.
    assert done <= ({"message", "jobcenter", "staff", "name"} if "anna" in text else set())
    assert (len(house.trail()) > len(before)) == bool(done)
    assert not outage.lasts()
    assert known == house.advisor.id


def test_a_password_that_nobody_could_type_again_is_refused(house):
    why = reason_of(accounts.set_password, OPERATOR, NOW, house.advisor.id, f"{PASSWORD} \udc80")
    assert why is Reason.BAD_CHARACTERS
    with Session(engine()) as session:
        kept = session.get_one(Staff, house.advisor.id).password_hash
    assert access.password_matches(kept, PASSWORD)


@pytest.mark.parametrize("number", [1 << 63, -(1 << 63) - 1, 1 << 200])
def test_a_number_that_no_database_holds_is_refused(house, number):
    asked = [
        (advisor_view.meeting, house.advisor, number),
        (chat.read, house.advisor, number),
        (hosting.end, house.advisor, NOW, number),
        (hosting.send_back, house.advisor, NOW, number),
        (inviting.new_link, house.advisor, NOW, number),
    ]
    assert {reason_of(deed, *given) for deed, *given in asked} == {Reason.BAD_CHARACTERS}
    assert closing.expire_due(CLOCK, NOW) == 0
