"""One device holds a guest's seat: who takes it over, what that undoes, and who may stay."""

from datetime import timedelta

import pytest

from core import access
from core.appointment import GuestStatus, IdentityProof, MediaDevice, Status
from core.office import (
    advisor_view,
    guest_view,
    hosting,
    inviting,
    other_device,
    seat_names,
    seats,
    staff_sessions,
    visiting,
)
from core.records import Appointment, Guest, Staff, StaffSession
from core.refused import Reason
from tests.conftest import HOUR, MINUTE, NOW, PASSWORD
from tests.core.office.refusals import reason_of

SECOND = timedelta(seconds=1)
PHONE, LAPTOP = "p" * 43, "l" * 43


@pytest.fixture
def planned(house):
    return house.plan()


@pytest.fixture
def guest(house, planned):
    """The guest, who has consented on the phone."""
    guest = house.guest(planned)
    visiting.consent(guest, NOW, "1", access.digest(PHONE))
    return guest


def here(planned):
    return [guest_view.visit(planned.secret, device).here for device in (PHONE, LAPTOP, "")]


def test_anybody_with_the_link_is_here_until_somebody_consents(house):
    assert here(house.plan()) == [True, True, True]


def test_the_first_device_that_consents_holds_the_seat(planned, guest):
    assert here(planned) == [True, False, False]


def test_who_takes_over_holds_the_seat_and_the_other_one_does_not(house, planned, guest):
    other_device.take_over(guest, NOW + MINUTE, access.digest(LAPTOP))
    assert here(planned) == [False, True, False]
    assert house.row(Guest, guest.id).device_changed_at == NOW + MINUTE
    assert house.trail()[-1] == ("take_over", "guest", guest.id)
    other_device.take_over(guest, NOW + 2 * MINUTE, access.digest(PHONE))
    assert here(planned) == [True, False, False]


def test_who_was_in_the_room_waits_again_and_is_checked_again(house, planned, guest):
    visiting.enter_waiting(guest, NOW)
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    hosting.check_identity(house.advisor, NOW, planned.guest_id, IdentityProof.ID_SHOWN)
    other_device.take_over(guest, NOW + MINUTE, access.digest(LAPTOP))
    assert house.status(planned) == (Status.OPEN, GuestStatus.WAITING)
    row = house.row(Guest, guest.id)
    assert (row.waiting_since, row.identity_at, row.identity_by, row.identity_how) == (
        NOW + MINUTE,
        None,
        None,
        None,
    )
    assert seats.inside(planned.appointment_id) == {seat_names.seat(house.advisor)}


def test_who_waits_keeps_their_place_and_is_checked_again(house, planned, guest):
    visiting.enter_waiting(guest, NOW)
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    hosting.check_identity(house.advisor, NOW, planned.guest_id, IdentityProof.ID_SHOWN)
    hosting.send_back(house.advisor, NOW + MINUTE, planned.guest_id)
    other_device.take_over(guest, NOW + 2 * MINUTE, access.digest(LAPTOP))
    row = house.row(Guest, guest.id)
    assert (row.status, row.waiting_since, row.identity_how) == (
        GuestStatus.WAITING,
        NOW + MINUTE,
        None,
    )


def test_what_was_tested_was_the_other_device_but_what_failed_still_speaks_for_them(house, guest):
    visiting.record_device(guest, NOW, MediaDevice.CAMERA, False)
    visiting.record_device(guest, NOW, MediaDevice.MICROPHONE, True)
    other_device.take_over(guest, NOW, access.digest(LAPTOP))
    row = house.row(Guest, guest.id)
    assert (row.camera_worked, row.microphone_worked, row.technique_failed) == (None, None, True)


def moves(guest, devices, first=NOW):
    """The seat, to each of these devices in turn, a second apart; what each was told."""
    return [
        reason_of(other_device.take_over, guest, first + turn * SECOND, access.digest(device))
        for turn, device in enumerate(devices)
    ]


def test_a_seat_moves_to_other_devices_five_times_within_an_hour_and_no_more(house, planned, guest):
    assert moves(guest, [LAPTOP, "t", LAPTOP, "t", LAPTOP]) == [None] * 5
    trail, once_more = house.trail(), (other_device.take_over, guest)
    for late in (4 * SECOND, HOUR - SECOND):
        assert reason_of(*once_more, NOW + late, access.digest("t")) == Reason.TOO_MANY_CHANGES
    assert (house.trail(), here(planned)) == (trail, [False, True, False])
    assert reason_of(*once_more, NOW + HOUR + SECOND, access.digest("t")) is None


@pytest.mark.parametrize("strangers", [["s"], ["s1", "s2", "s3", "s4", "s5"], [LAPTOP, "s"]])
@pytest.mark.parametrize("status", ["consented", "waiting", "inside", "left"])
def test_however_often_others_took_it_the_first_device_gets_its_seat_back(
    house, planned, guest, strangers, status
):
    if status != "consented":
        visiting.enter_waiting(guest, NOW)
    if status in ("inside", "left"):
        hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    if status == "left":
        visiting.leave(guest, NOW)
    for turn in range(12):
        moves(guest, [strangers[turn % len(strangers)]])
        if here(planned)[0]:
            break  # nobody but the first device moves it any more
        assert moves(guest, [PHONE]) == [None]
    assert (here(planned)[0], turn) == (True, 3)


def test_five_strangers_in_a_row_do_not_keep_the_first_device_out(planned, guest):
    assert moves(guest, [f"stranger {turn}" for turn in range(6)])[4:] == [
        None,
        Reason.TOO_MANY_CHANGES,
    ]
    assert moves(guest, [PHONE]) == [None]
    assert here(planned) == [True, False, False]


def test_whose_identity_was_checked_gets_it_back_and_who_was_first_no_longer_does(
    house, planned, guest
):
    visiting.enter_waiting(guest, NOW)
    moves(guest, [LAPTOP])
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {planned.guest_id: NOW})
    hosting.check_identity(house.advisor, NOW, planned.guest_id, IdentityProof.ID_SHOWN)
    assert moves(guest, [PHONE, "s", PHONE, "s", PHONE])[-2:] == [None, Reason.TOO_MANY_CHANGES]
    assert moves(guest, [LAPTOP, PHONE]) == [None, Reason.TOO_MANY_CHANGES]
    assert here(planned) == [False, True, False]


def test_a_new_link_lets_the_seat_move_again_and_its_first_device_is_the_new_one(
    house, planned, guest
):
    moves(guest, ["s1", "s2", "s3", "s4", "s5"])
    inviting.new_link(house.advisor, NOW + MINUTE, planned.guest_id)
    assert house.row(Guest, guest.id).own_device_hash is None
    visiting.consent(guest, NOW + MINUTE, "2", access.digest(LAPTOP))
    later = NOW + MINUTE + SECOND
    assert moves(guest, [PHONE, LAPTOP, PHONE, LAPTOP, PHONE], later) == [None] * 5
    assert moves(guest, ["s"], later) == [Reason.TOO_MANY_CHANGES]
    assert moves(guest, [LAPTOP], later) == [None]


def test_nobody_uses_up_the_changes_of_somebody_else(house, planned, guest):
    other = house.second_guest(planned)
    visiting.consent(other, NOW, "1", access.digest(PHONE))
    for turn in range(5):
        other_device.take_over(guest, NOW, f"device {turn}")
    assert reason_of(other_device.take_over, other, NOW, access.digest(LAPTOP)) is None


def test_who_holds_the_seat_has_nothing_to_take_over(house, guest):
    trail = house.trail()
    assert reason_of(other_device.take_over, guest, NOW, access.digest(PHONE)) == (
        Reason.CHANGED_MEANWHILE
    )
    assert house.trail() == trail


def test_there_is_nothing_to_take_over_before_consent(house, guest):
    house.set(Guest, guest.id, status=GuestStatus.INVITED)
    reason = reason_of(other_device.take_over, guest, NOW, access.digest(LAPTOP))
    assert reason == Reason.CHANGED_MEANWHILE


@pytest.mark.parametrize("status", [Status.ENDED, Status.CANCELLED, Status.MISSED, Status.EXPIRED])
def test_a_closed_appointment_is_not_taken_over(house, planned, guest, status):
    house.set(Appointment, planned.appointment_id, status=status)
    assert reason_of(other_device.take_over, guest, NOW, access.digest(LAPTOP)) == Reason.TOO_LATE


def test_a_new_link_begins_anew_on_any_device(house, planned, guest):
    secret = inviting.new_link(house.advisor, NOW, planned.guest_id)
    assert [guest_view.visit(secret, device).here for device in (PHONE, LAPTOP)] == [True, True]


def test_a_new_link_makes_the_identity_unknown_again(house, planned, guest):
    visiting.enter_waiting(guest, NOW)
    other_device.take_over(guest, NOW, access.digest(LAPTOP))
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {planned.guest_id: NOW})
    hosting.check_identity(house.advisor, NOW, planned.guest_id, IdentityProof.ID_SHOWN)
    hosting.send_back(house.advisor, NOW, planned.guest_id)
    inviting.new_link(house.advisor, NOW, planned.guest_id)
    row = house.row(Guest, guest.id)
    assert (row.status, row.identity_at, row.identity_by, row.identity_how) == (
        GuestStatus.INVITED,
        None,
        None,
        None,
    )
    assert row.device_changed_at is None


def test_the_desk_is_told_of_another_device_until_the_identity_is_checked_again(
    house, planned, guest
):
    visiting.enter_waiting(guest, NOW)
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})

    def told():
        return advisor_view.meeting(house.advisor, planned.appointment_id).guests[0].other_device

    before = told()
    other_device.take_over(guest, NOW, access.digest(LAPTOP))
    hosting.admit(house.advisor, NOW, planned.guest_id, NOW)
    changed = told()
    hosting.check_identity(house.advisor, NOW, planned.guest_id, IdentityProof.KNOWN_PERSON)
    assert (before, changed, told()) == (False, True, False)


def doubted(house, planned):
    return advisor_view.meeting(house.advisor, planned.appointment_id).guests[0].other_device


def nobody_let_in(house, planned, guest):
    """They have tested the device, the day before."""


def nobody_let_in_but_waiting(house, planned, guest):
    visiting.enter_waiting(guest, NOW)


def nobody_let_in_but_back_at_the_test(house, planned, guest):
    visiting.enter_waiting(guest, NOW)
    visiting.test_again(guest, NOW)


def nobody_let_in_though_the_room_is_open(house, planned, guest):
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    visiting.enter_waiting(guest, NOW)


def nobody_let_in_with_the_new_link(house, planned, guest):
    let_in_and_sent_back(house, planned, guest)
    inviting.new_link(house.advisor, NOW, planned.guest_id)
    visiting.consent(guest, NOW, "1", access.digest(PHONE))


def let_in(house, planned, guest):
    visiting.enter_waiting(guest, NOW)
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})


def let_in_and_sent_back(house, planned, guest):
    let_in(house, planned, guest)
    hosting.send_back(house.advisor, NOW, planned.guest_id)


def let_in_and_back_at_the_test(house, planned, guest):
    let_in_and_sent_back(house, planned, guest)
    visiting.test_again(guest, NOW)


def let_in_and_gone(house, planned, guest):
    let_in(house, planned, guest)
    visiting.leave(guest, NOW)


def let_in_and_checked(house, planned, guest):
    let_in(house, planned, guest)
    hosting.check_identity(house.advisor, NOW, planned.guest_id, IdentityProof.ID_SHOWN)


def let_in_by_a_clock_that_was_ahead(house, planned, guest):
    visiting.enter_waiting(guest, NOW)
    later = NOW + 3 * HOUR
    hosting.open_room(house.advisor, later, planned.appointment_id, {})
    hosting.send_back(house.advisor, NOW, planned.guest_id)


NOT_MET = [
    nobody_let_in,
    nobody_let_in_but_waiting,
    nobody_let_in_but_back_at_the_test,
    nobody_let_in_though_the_room_is_open,
    nobody_let_in_with_the_new_link,
]
MET = [
    let_in,
    let_in_and_sent_back,
    let_in_and_back_at_the_test,
    let_in_and_gone,
    let_in_and_checked,
    let_in_by_a_clock_that_was_ahead,
]


@pytest.mark.parametrize("bring", [*NOT_MET, *MET], ids=lambda bring: bring.__name__)
def test_the_desk_is_told_of_another_device_of_somebody_they_have_met_and_of_nobody_else(
    house, planned, guest, bring
):
    bring(house, planned, guest)
    seen = []
    for turn, device in enumerate([LAPTOP, PHONE, "t" * 43], 1):
        other_device.take_over(guest, NOW + turn * MINUTE, access.digest(device))
        seen.append(doubted(house, planned))
    assert seen == [bring in MET] * 3


def test_whom_nobody_had_met_is_no_stranger_after_they_were_let_in(house, planned, guest):
    visiting.enter_waiting(guest, NOW)
    other_device.take_over(guest, NOW, access.digest(LAPTOP))
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {planned.guest_id: NOW})
    inside = doubted(house, planned)
    other_device.take_over(guest, NOW + MINUTE, access.digest(PHONE))
    assert (inside, doubted(house, planned)) == (False, True)
    inviting.new_link(house.advisor, NOW, planned.guest_id)
    assert house.row(Guest, guest.id).doubted_at is None


def guest_stays(planned, device=PHONE, now=NOW):
    return seats.guest_stays(now, planned.secret, device, planned.appointment_id)


def test_only_the_device_that_holds_the_seat_stays(house, planned, guest):
    assert [guest_stays(planned, each) for each in (PHONE, LAPTOP)] == [True, False]
    other_device.take_over(guest, NOW, access.digest(LAPTOP))
    assert [guest_stays(planned, each) for each in (PHONE, LAPTOP)] == [False, True]


@pytest.mark.parametrize("status", GuestStatus)
def test_a_guest_stays_from_consent_until_they_leave(house, planned, guest, status):
    house.set(Guest, guest.id, status=status)
    stays = status not in (GuestStatus.INVITED, GuestStatus.LEFT)
    assert guest_stays(planned) is stays


@pytest.mark.parametrize("status", Status)
def test_everybody_stays_while_the_appointment_lives_and_no_longer(house, planned, guest, status):
    token = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    house.set(Appointment, planned.appointment_id, status=status)
    lives = status in (Status.PLANNED, Status.OPEN)
    assert guest_stays(planned) is lives
    assert seats.staff_stays(NOW, token, planned.appointment_id) is lives


def test_a_guest_does_not_stay_when_time_has_closed_the_link(house, planned, guest):
    assert [guest_stays(planned, now=NOW + hours * HOUR) for hours in (1, 2)] == [True, False]


def test_nobody_stays_in_another_appointment_or_with_a_replaced_link(house, planned, guest):
    other = house.plan()
    assert not seats.guest_stays(NOW, planned.secret, PHONE, other.appointment_id)
    inviting.new_link(house.advisor, NOW, planned.guest_id)
    assert not guest_stays(planned)


def test_an_advisor_stays_at_own_appointments_only(house, planned):
    tokens = [staff_sessions.sign_in(NOW, login, PASSWORD) for login in ("anna", "bodo", "clara")]
    stay = [seats.staff_stays(NOW, token, planned.appointment_id) for token in tokens]
    assert stay == [True, False, False]


@pytest.mark.parametrize("how", ["signed out", "disabled", "idle", "too long", "never signed in"])
def test_an_advisor_whose_session_is_over_does_not_stay(house, planned, how):
    token = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    now = NOW + MINUTE
    if how == "signed out":
        staff_sessions.sign_out(house.advisor, NOW, token)
    elif how == "disabled":
        house.set(Staff, house.advisor.id, disabled_at=NOW)
    elif how == "idle":
        now = NOW + staff_sessions.IDLE + timedelta(seconds=1)
    elif how == "too long":
        now = NOW + staff_sessions.LONGEST
        house.set(StaffSession, 1, seen_at=now)
    else:
        token = access.new_secret()
    assert not seats.staff_stays(now, token, planned.appointment_id)


def test_who_is_inside_does_not_hang_on_any_account(house, planned):
    guest = house.talking(planned)
    house.set(Staff, house.advisor.id, disabled_at=NOW)
    both = {seat_names.seat(house.advisor), seat_names.seat(guest)}
    assert seats.inside(planned.appointment_id) == both


def test_nobody_is_inside_an_appointment_that_there_is_not(house):
    assert seats.inside(4711) == frozenset()
