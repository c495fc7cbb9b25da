"""Deeds are told about once they are done: here at once, elsewhere when somebody looks."""

import pytest
from sqlmodel import Session

from core import hub
from core.appointment import CLOCK
from core.engine import engine
from core.office import chat, closing, hosting, ledger, news, own_rows, staff_sessions
from core.refused import Refused
from tests.conftest import HOUR, NOW, PASSWORD


class Ear:
    topics: frozenset[str] | None = None

    def __init__(self):
        self.heard = []

    def told(self, topics):
        self.heard.append(set(topics))


@pytest.fixture
def ear(house):
    news._own.clear()  # another test's database counted them again
    ear = Ear()
    hub.HUB.listen(ear)
    return ear


def appointment(planned):
    return hub.appointment(planned.appointment_id)


def test_a_deed_concerns_its_appointment_and_whoever_did_it(house, ear):
    planned = house.plan()
    ear.heard.clear()
    house.waiting(planned)
    assert ear.heard == [{appointment(planned)}] * 2
    ear.heard.clear()
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    assert ear.heard == [{appointment(planned), hub.staff(house.advisor.id)}]


def test_a_message_concerns_the_chat_alone(house, ear):
    planned = house.plan()
    guest = house.talking(planned)
    ear.heard.clear()
    chat.write(guest, NOW, planned.appointment_id, "Guten Tag")
    chat.write(house.advisor, NOW, planned.appointment_id, "Guten Tag")
    assert ear.heard == [{hub.chat(planned.appointment_id)}] * 2


def test_what_the_clock_does_is_told_of(house, ear):
    planned = house.plan()
    ear.heard.clear()
    closing.expire_due(CLOCK, NOW + 5 * HOUR)
    assert ear.heard == [{appointment(planned)}]


def test_an_account_that_signs_out_or_is_closed_is_told_of(house, ear):
    token = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    ear.heard.clear()
    staff_sessions.sign_out(house.advisor, NOW, token)
    assert ear.heard == [{hub.staff(house.advisor.id)}]


def test_whoever_is_told_finds_it_in_the_database(house, ear):
    planned = house.plan()
    found = []
    ear.told = lambda _topics: found.append(house.status(planned)[0])
    closing.cancel(house.advisor, NOW, planned.appointment_id)
    assert [status.value for status in found] == ["cancelled"]


def test_what_is_refused_is_not_told_of(house, ear):
    planned = house.plan()
    ear.heard.clear()
    with pytest.raises(Refused):
        hosting.end(house.advisor, NOW, planned.appointment_id)
    assert ear.heard == []


def elsewhere(house, planned):
    """A deed of another process: it is in the trail, and nobody here was told."""
    with Session(engine()) as session:
        session.info[ledger.NOTED] = []
        row = own_rows.own_appointment(session, house.advisor, planned.appointment_id)
        ledger.note(session, house.advisor, NOW, "elsewhere", row)
        session.commit()


def test_what_another_process_has_done_is_found_once(house, ear):
    planned = house.plan()
    trail = news.Trail()
    elsewhere(house, planned)
    ear.heard.clear()
    trail.look()
    trail.look()
    assert ear.heard == [{appointment(planned), hub.staff(house.advisor.id)}]


def test_what_this_process_has_done_is_not_told_twice(house, ear):
    trail = news.Trail()
    planned = house.plan()
    ear.heard.clear()
    trail.look()
    assert ear.heard == []
    elsewhere(house, planned)
    trail.look()
    assert ear.heard == [{appointment(planned), hub.staff(house.advisor.id)}]
