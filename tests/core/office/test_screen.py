"""When the advisor's screen may be seen: by people whose identity is checked, and no longer."""

import pytest

from core.appointment import IdentityProof
from core.office import (
    advisor_view,
    hosting,
    other_device,
    screen,
    seat_names,
    seats,
    staff_sessions,
    visiting,
)
from core.records import Appointment, Guest
from core.refused import Reason
from tests.conftest import MINUTE, NOW, PASSWORD
from tests.core.office.refusals import reason_of


def seen(house, planned) -> bool:
    """Whether live rooms are told to pass it on."""
    seat = seat_names.screen_of(seat_names.seat(house.advisor))
    return seat in seats.inside(planned.appointment_id)


def shows(house, planned, now=NOW) -> Reason | None:
    return reason_of(screen.show, house.advisor, now, planned.appointment_id)


def check(house, guest) -> None:
    hosting.check_identity(house.advisor, NOW, guest.id, IdentityProof.ID_SHOWN)


def come(guest) -> None:
    visiting.consent(guest, NOW, "1")
    visiting.enter_waiting(guest, NOW)


@pytest.fixture
def planned(house):
    return house.plan()


@pytest.fixture
def shown(house, planned):
    """A talk with a checked client, who sees the advisor's screen."""
    house.identified(planned)
    assert (shows(house, planned), seen(house, planned)) == (None, True)
    return planned


def test_a_screen_is_off_until_the_advisor_shows_it(house, planned):
    guest = house.identified(planned)
    assert not seen(house, planned)
    assert shows(house, planned, NOW + MINUTE) is None
    row = house.row(Appointment, planned.appointment_id)
    assert (row.screen_since, house.trail()[-1][0]) == (NOW + MINUTE, "screen_shown")
    screens = [seat_names.screen_of(seat_names.seat(house.advisor))]
    people = [seat_names.seat(house.advisor), seat_names.seat(guest)]
    assert seats.inside(planned.appointment_id) == frozenset([*people, *screens])


def test_no_screen_before_the_room_is_open_and_the_identity_checked(house, planned):
    guest = house.waiting(planned)
    assert shows(house, planned) == Reason.CHANGED_MEANWHILE
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    assert shows(house, planned) == Reason.NOT_IDENTIFIED
    check(house, guest)
    assert shows(house, planned) is None


def test_no_screen_to_an_empty_room(house, planned):
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    assert shows(house, planned) == Reason.NOT_IDENTIFIED


@pytest.mark.parametrize("checked", ["client", "companion"])
def test_everybody_inside_has_to_be_checked_whatever_their_role(house, planned, checked):
    companion = house.second_guest(planned)
    come(companion)
    client = house.talking(planned)
    check(house, client if checked == "client" else companion)
    assert shows(house, planned) == Reason.NOT_IDENTIFIED
    check(house, companion if checked == "client" else client)
    assert shows(house, planned) is None


def test_who_is_not_inside_need_not_be_checked(house, planned):
    house.second_guest(planned)
    house.identified(planned)
    assert shows(house, planned) is None


def test_it_is_over_when_the_advisor_hides_it_and_can_be_shown_again(house, shown):
    screen.hide(house.advisor, NOW, shown.appointment_id)
    assert (seen(house, shown), house.trail()[-1][0]) == (False, "screen_hidden")
    again = reason_of(screen.hide, house.advisor, NOW, shown.appointment_id)
    assert (again, shows(house, shown)) == (Reason.CHANGED_MEANWHILE, None)


def test_it_is_over_when_somebody_is_let_in_who_is_not_checked(house, shown):
    late = house.second_guest(shown)
    come(late)
    assert seen(house, shown)
    hosting.admit(house.advisor, NOW, late.id, None)
    assert not seen(house, shown)
    check(house, late)
    assert not seen(house, shown)  # the advisor decides again
    assert shows(house, shown) is None
    assert seen(house, shown)


def test_who_was_checked_and_comes_back_sees_it_again(house, shown):
    hosting.send_back(house.advisor, NOW, shown.guest_id)
    assert not seen(house, shown)  # nobody is there
    hosting.admit(house.advisor, NOW, shown.guest_id, None)
    assert seen(house, shown)


def test_who_comes_back_on_another_device_ends_it(house, shown):
    other_device.take_over(house.guest(shown), NOW, "another")
    assert not seen(house, shown)
    hosting.admit(house.advisor, NOW, shown.guest_id, NOW)
    assert not seen(house, shown)
    assert house.row(Appointment, shown.appointment_id).screen_since is None


def test_who_leaves_sees_it_no_more_nor_when_they_come_back(house, shown):
    guest = house.guest(shown)
    visiting.leave(guest, NOW)
    assert not seen(house, shown)
    visiting.come_back(guest, NOW)
    hosting.admit(house.advisor, NOW, guest.id, None)
    assert not seen(house, shown)
    assert house.row(Appointment, shown.appointment_id).screen_since is None


def test_it_ends_with_the_talk(house, shown):
    hosting.end(house.advisor, NOW, shown.appointment_id)
    assert not seen(house, shown)
    assert house.row(Appointment, shown.appointment_id).screen_since is None
    assert shows(house, shown) == Reason.CHANGED_MEANWHILE


def test_rooms_are_told_nothing_of_it_while_somebody_inside_is_not_checked(house, shown):
    nobody = {"identity_at": None, "identity_by": None, "identity_how": None}
    house.set(Guest, shown.guest_id, **nobody)  # no deed leads here
    assert not seen(house, shown)


def test_a_browser_may_send_it_as_long_as_it_is_shown_and_the_session_lives(house, shown):
    anna, bodo = (staff_sessions.sign_in(NOW, login, PASSWORD) for login in ("anna", "bodo"))

    def stay() -> list[bool]:
        tokens = (anna, bodo, "nobody's")
        return [seats.screen_stays(NOW, token, shown.appointment_id) for token in tokens]

    assert stay() == [True, False, False]
    screen.hide(house.advisor, NOW, shown.appointment_id)
    assert stay() == [False, False, False]
    assert shows(house, shown) is None
    staff_sessions.sign_out(house.advisor, NOW, anna)
    assert stay() == [False, False, False]


def test_the_desk_says_whether_it_is_shown_and_whether_it_may_be(house, planned):
    def said():
        meeting = advisor_view.meeting(house.advisor, planned.appointment_id)
        return meeting.screen_shown, meeting.screen_allowed

    house.talking(planned)
    assert said() == (False, False)
    check(house, house.guest(planned))
    assert said() == (False, True)
    screen.show(house.advisor, NOW, planned.appointment_id)
    assert said() == (True, True)
    hosting.end(house.advisor, NOW, planned.appointment_id)
    assert said() == (False, False)
