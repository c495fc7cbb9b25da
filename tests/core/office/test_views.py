"""What pages are shown: plain values, each person only their own."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from core import access
from core.appointment import GuestRole, GuestStatus, IdentityProof, Lack, MediaDevice, Status
from core.clock import BERLIN
from core.engine import engine
from core.office import (
    advisor_view,
    guest_view,
    helpline,
    hosting,
    inviting,
    seat_names,
    seats,
    visiting,
)
from core.records import Appointment
from core.settings import settings
from tests.conftest import HOUR, MINUTE, NOW
from tests.hostile import HOSTILE


def test_a_link_shows_one_visit_with_everything_its_pages_need(house):
    planned = house.plan()
    guest = house.guest(planned)
    visiting.consent(guest, NOW, "1")
    visiting.record_device(guest, NOW, MediaDevice.CAMERA, True)
    visiting.record_device(guest, NOW, MediaDevice.MICROPHONE, False)
    visiting.note_lack(guest, NOW, MediaDevice.MICROPHONE, Lack.BUSY)
    assert guest_view.visit(planned.secret) == guest_view.Visit(
        actor=guest,
        appointment_id=planned.appointment_id,
        name="Karla Beispiel",
        role=GuestRole.CLIENT,
        language=None,
        status=GuestStatus.CONSENTED,
        starts_at=NOW,
        ends_at=NOW + HOUR,
        appointment_status=Status.PLANNED,
        advisor_name="Anna Beraterin",
        advisor_seat=seat_names.seat(house.advisor),
        jobcenter_name="Jobcenter Musterstadt",
        jobcenter_phone="030 23125-001",
        devices=(
            (MediaDevice.CAMERA, True),
            (MediaDevice.MICROPHONE, False),
            (MediaDevice.LOUDSPEAKER, None),
            (MediaDevice.CONNECTION, None),
        ),
        lacks=((MediaDevice.MICROPHONE, Lack.BUSY),),
        somebody_waits=False,
        here=True,
        own=False,
        private=False,
        knocked=False,
    )


def test_no_hostile_text_is_a_link(house):
    house.plan()
    assert [text for text in HOSTILE if guest_view.visit(text) is not None] == []


def test_many_links_are_looked_up_in_one_query_whether_there_is_anything_behind_them(house):
    planned = [house.plan(), house.plan()]
    people = {house.guest(each) for each in planned}
    secrets = [*(access.new_secret() for _ in range(6)), *(each.secret for each in planned)]
    asked = []
    event.listen(engine(), "before_cursor_execute", lambda *how: asked.append(how[2]))
    found = guest_view.visits(dict.fromkeys(secrets, ""))
    queries = [each for each in asked if each.startswith("SELECT")]
    assert (len(queries), len(found), {visit.actor for visit in found}) == (1, 2, people)
    assert guest_view.visits({}) == []


def test_time_closes_a_link_an_hour_after_the_end_unless_somebody_waits_or_talks(house):
    planned = house.plan()
    closes = NOW + 2 * HOUR

    def shown():
        visit = guest_view.visit(planned.secret)
        return visit.expired(closes - MINUTE), visit.expired(closes)

    assert shown() == (False, True)
    house.waiting(planned)
    assert shown() == (False, False)
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    assert shown() == (False, False)
    house.set(Appointment, planned.appointment_id, status=Status.EXPIRED)
    assert shown() == (True, True)


def test_the_page_says_too_early_until_half_an_hour_before(house):
    visit = guest_view.visit(house.plan(starts_at=NOW + HOUR).secret)
    opens = NOW + 30 * MINUTE
    assert [visit.too_early(opens - MINUTE), visit.too_early(opens)] == [True, False]


def test_the_desk_shows_who_waits_since_when_and_what_is_known_of_them(house):
    planned = house.plan()
    house.identified(planned)
    inviting.mail_sent(house.advisor, NOW, planned.guest_id)
    hosting.send_back(house.advisor, NOW + MINUTE, planned.guest_id)
    assert advisor_view.meeting(house.advisor, planned.appointment_id) == advisor_view.Meeting(
        planned.appointment_id,
        NOW,
        NOW + HOUR,
        Status.OPEN,
        (
            advisor_view.Person(
                planned.guest_id,
                "Karla Beispiel",
                GuestRole.CLIENT,
                None,
                GuestStatus.WAITING,
                NOW + MINUTE,
                technique_failed=False,
                lacks=(),
                identity_how=IdentityProof.KNOWN_PERSON,
                device_changed_at=None,
                mailed=True,
                doubted_at=None,
            ),
        ),
        screen_shown=False,
        screen_allowed=False,
        private_since=None,
        knocked_at=None,
    )


def test_the_agenda_is_one_day_in_berlin_in_order_and_only_ones_own(house):
    evening = datetime(2026, 12, 1, 22, 59, tzinfo=UTC)  # 23:59 in Berlin
    starts = [evening + MINUTE, evening, evening - 5 * HOUR, evening - 24 * HOUR]
    midnight, late, early, day_before = (house.plan(starts_at=at) for at in starts)
    house.plan(by=house.colleague, starts_at=evening)
    house.plan(by=house.stranger, starts_at=evening)

    def numbers(day: int) -> list[int]:
        return [meeting.id for meeting in advisor_view.agenda(house.advisor, date(2026, 12, day))]

    assert numbers(1) == [early.appointment_id, late.appointment_id]
    assert numbers(2) == [midnight.appointment_id]
    assert advisor_view.agenda(house.advisor, date(2026, 11, 30))[0].id == day_before.appointment_id


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25), (date(2027, 6, 1), 24)]
)
def test_the_agenda_of_the_night_the_clock_changes_has_every_hour_once(house, day, hours):
    first = datetime.combine(day, datetime.min.time(), tzinfo=BERLIN).astimezone(UTC)
    for hour in range(-1, hours + 1):
        house.plan(starts_at=first + timedelta(hours=hour))
    starts = [meeting.starts_at for meeting in advisor_view.agenda(house.advisor, day)]
    assert starts == [first + timedelta(hours=hour) for hour in range(hours)]


def test_only_admitted_people_and_the_advisor_of_an_open_room_may_hear_each_other(house):
    planned = house.plan()
    house.second_guest(planned)
    guest = house.waiting(planned)
    number = planned.appointment_id
    assert seats.inside(number) == frozenset()
    hosting.open_room(house.advisor, NOW, number, {})
    inside = frozenset({f"staff:{house.advisor.id}", f"guest:{guest.id}"})
    assert seats.inside(number) == inside
    assert frozenset({seat_names.seat(house.advisor), seat_names.seat(guest)}) == inside
    hosting.send_back(house.advisor, NOW, planned.guest_id)
    assert seats.inside(number) == frozenset({seat_names.seat(house.advisor)})
    hosting.end(house.advisor, NOW, number)
    assert seats.inside(number) == frozenset()


def test_an_unknown_link_shows_the_number_of_the_installation_or_of_the_only_jobcenter(
    house, monkeypatch
):
    assert helpline.help_phone() == ""  # two Jobcenters: neither is the right one
    monkeypatch.setenv("BERATUNGSRAUM_HELP_PHONE", "0800 4555500")
    settings.cache_clear()
    assert helpline.help_phone() == "0800 4555500"


def test_looking_changes_nothing(house):
    planned = house.plan()
    house.talking(planned)
    trail, status = house.trail(), house.status(planned)
    guest_view.visit(planned.secret)
    advisor_view.meeting(house.advisor, planned.appointment_id)
    advisor_view.agenda(house.advisor, NOW.date())
    seats.inside(planned.appointment_id)
    assert (house.trail(), house.status(planned)) == (trail, status)
