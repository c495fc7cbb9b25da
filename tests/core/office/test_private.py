"""A private minute: who may begin and end it, who hears whom meanwhile, what is read of it."""

import pytest

from core.appointment import Actor, By, GuestRole, IdentityProof
from core.office import (
    advisor_view,
    chat,
    guest_view,
    hosting,
    inviting,
    other_device,
    private,
    screen,
    seat_names,
    seats,
    visiting,
)
from core.records import Appointment, Guest
from core.refused import Reason
from tests.conftest import NOW
from tests.core.office.refusals import reason_of

LATER = NOW + private.KNOCKING


@pytest.fixture
def planned(house):
    """A talk with a client and somebody who came along."""
    planned = house.plan()
    companion = house.second_guest(planned, GuestRole.ASSISTANT)
    visiting.consent(companion, NOW, "1", "their browser")
    visiting.enter_waiting(companion, NOW)
    house.talking(planned)
    return planned


@pytest.fixture
def client(house, planned):
    return house.guest(planned)


@pytest.fixture
def companion(house, planned):
    _, second, *_ = advisor_view.meeting(house.advisor, planned.appointment_id).guests
    return Actor(By.GUEST, second.id, house.advisor.jobcenter_id)


def inside(house, planned):
    return seats.inside(planned.appointment_id)


def begun(house, planned):
    return house.row(Appointment, planned.appointment_id).private_since


def test_meanwhile_everybody_hears_each_other_but_the_advisor(house, planned, client, companion):
    everybody = {seat_names.seat(each) for each in (house.advisor, client, companion)}
    assert inside(house, planned) == everybody
    private.begin(house.advisor, NOW, planned.appointment_id)
    assert inside(house, planned) == everybody - {seat_names.seat(house.advisor)}
    private.end(client, NOW, planned.appointment_id)
    assert inside(house, planned) == everybody
    what = [what for what, *_ in house.trail(planned.appointment_id)]
    assert what[-2:] == ["private_begun", "private_ended"]


def test_the_client_may_begin_it_and_nobody_who_came_along(house, planned, client, companion):
    number = planned.appointment_id
    assert reason_of(private.begin, companion, NOW, number) == Reason.NOT_ALLOWED
    assert reason_of(private.begin, client, NOW, number) is None
    assert begun(house, planned) == NOW
    for who in (client, house.advisor):
        assert reason_of(private.begin, who, NOW, number) == Reason.CHANGED_MEANWHILE


def test_it_needs_two_who_are_inside_beside_the_advisor(house, planned, companion):
    hosting.send_back(house.advisor, NOW, companion.id)
    deed = (private.begin, house.advisor, NOW, planned.appointment_id)
    assert reason_of(*deed) == Reason.ONLY_ONE_INSIDE
    hosting.admit(house.advisor, NOW, companion.id, None)
    assert reason_of(*deed) is None


def test_the_advisor_comes_back_only_after_having_knocked_and_waited(house, planned):
    number = planned.appointment_id
    private.begin(house.advisor, NOW, number)
    end = (private.end, house.advisor)
    assert reason_of(*end, LATER, number) == Reason.STILL_TALKING
    private.knock(house.advisor, NOW, number)
    just_before = LATER - private.KNOCKING / 30
    private.knock(house.advisor, just_before, number)  # the first time counts
    assert reason_of(*end, just_before, number) == Reason.STILL_TALKING
    assert begun(house, planned) == NOW
    assert reason_of(*end, LATER, number) is None
    assert begun(house, planned) is None


def test_a_knock_is_forgotten_with_the_minute_it_was_for(house, planned):
    number = planned.appointment_id
    private.begin(house.advisor, NOW, number)
    private.knock(house.advisor, NOW, number)
    private.end(house.advisor, LATER, number)
    private.begin(house.advisor, LATER, number)
    assert reason_of(private.end, house.advisor, LATER, number) == Reason.STILL_TALKING


@pytest.mark.parametrize("who", ["client", "companion"])
def test_anybody_inside_fetches_the_advisor_at_once(house, planned, who, request):
    private.begin(house.advisor, NOW, planned.appointment_id)
    private.end(request.getfixturevalue(who), NOW, planned.appointment_id)
    assert begun(house, planned) is None


def test_nobody_joins_them_meanwhile_and_no_identity_is_noted(house, planned, companion):
    private.begin(house.advisor, NOW, planned.appointment_id)
    hosting.send_back(house.advisor, NOW, companion.id)
    assert reason_of(hosting.admit, house.advisor, NOW, companion.id, None) == Reason.PRIVATE
    proof = IdentityProof.ID_SHOWN
    check = (hosting.check_identity, house.advisor, NOW, planned.guest_id, proof)
    assert reason_of(*check) == Reason.PRIVATE


def test_it_goes_on_for_the_one_who_stays_and_is_over_when_nobody_is_left(
    house, planned, client, companion
):
    number = planned.appointment_id
    private.begin(house.advisor, NOW, number)
    visiting.leave(companion, NOW)
    assert inside(house, planned) == {seat_names.seat(client)}
    visiting.leave(client, NOW)
    assert (begun(house, planned), inside(house, planned)) == (
        None,
        {seat_names.seat(house.advisor)},
    )


@pytest.mark.parametrize("goes", ["take over", "sent back"])
def test_whoever_goes_last_ends_it_however_they_go(house, planned, client, companion, goes):
    private.begin(house.advisor, NOW, planned.appointment_id)
    for guest in (client, companion):
        if goes == "take over":
            other_device.take_over(guest, NOW, "another device")
        else:
            hosting.send_back(house.advisor, NOW, guest.id)
    assert begun(house, planned) is None


def test_it_is_over_with_the_talk(house, planned):
    private.begin(house.advisor, NOW, planned.appointment_id)
    hosting.end(house.advisor, NOW, planned.appointment_id)
    assert (begun(house, planned), inside(house, planned)) == (None, frozenset())


def test_no_screen_is_shown_meanwhile_nor_by_itself_afterwards(house, planned, client, companion):
    number, proof = planned.appointment_id, IdentityProof.ID_SHOWN
    for guest in (client, companion):
        hosting.check_identity(house.advisor, NOW, guest.id, proof)
    screen.show(house.advisor, NOW, number)
    private.begin(client, NOW, number)
    assert inside(house, planned) == {seat_names.seat(client), seat_names.seat(companion)}
    assert reason_of(screen.show, house.advisor, NOW, number) == Reason.CHANGED_MEANWHILE
    private.end(client, NOW, number)
    assert house.row(Appointment, number).screen_since is None


def texts(who, planned):
    return [line.text for line in chat.read(who, planned.appointment_id)]


def test_what_the_others_write_meanwhile_the_advisor_never_reads(house, planned, client, companion):
    number = planned.appointment_id

    def read(who):
        return texts(who, planned)

    chat.write(client, NOW, number, "vorher")
    private.begin(house.advisor, NOW, number)
    chat.write(client, NOW, number, "unter uns")
    chat.write(house.advisor, NOW, number, "Ich warte")
    assert read(companion) == read(client) == ["vorher", "unter uns", "Ich warte"]
    assert read(house.advisor) == ["vorher", "Ich warte"]
    private.end(client, NOW, number)
    chat.write(companion, NOW, number, "nachher")
    assert read(house.advisor) == ["vorher", "Ich warte", "nachher"]
    hosting.end(house.advisor, NOW, number)
    assert read(house.advisor) == ["vorher", "Ich warte", "nachher"]


@pytest.fixture
def late(house, planned):
    """One more who is invited, and lets a private minute go by in the Warteraum."""
    guest = house.second_guest(planned, GuestRole.GUARDIAN)
    visiting.consent(guest, NOW, "1", "late browser")
    visiting.enter_waiting(guest, NOW)
    return guest


def test_who_is_let_in_afterwards_reads_nothing_of_it(house, planned, client, companion, late):
    number = planned.appointment_id
    chat.write(client, NOW, number, "vorher")
    private.begin(client, NOW, number)
    chat.write(companion, NOW, number, "unter uns")
    private.end(client, NOW, number)
    hosting.admit(house.advisor, NOW, late.id, None)
    assert texts(late, planned) == ["vorher"]
    private.begin(client, NOW, number)
    chat.write(client, NOW, number, "unter uns dreien")
    for who in (client, companion):
        assert texts(who, planned) == ["vorher", "unter uns", "unter uns dreien"]
    assert texts(late, planned) == ["vorher", "unter uns dreien"]
    private.end(client, NOW, number)
    assert texts(house.advisor, planned) == ["vorher"]


def back_inside(house, guest):
    changed = house.row(Guest, guest.id).device_changed_at
    hosting.admit(house.advisor, NOW, guest.id, changed)


@pytest.mark.parametrize("how", ["left", "sent back"])
def test_who_was_out_for_a_part_of_it_reads_what_was_written_with_them_inside(
    house, planned, client, companion, late, how
):
    number = planned.appointment_id
    hosting.admit(house.advisor, NOW, late.id, None)
    private.begin(client, NOW, number)
    chat.write(client, NOW, number, "zu dritt")
    if how == "left":
        visiting.leave(companion, NOW)
        visiting.come_back(companion, NOW)
    else:
        hosting.send_back(house.advisor, NOW, companion.id)
    chat.write(client, NOW, number, "zu zweit")
    private.end(client, NOW, number)
    back_inside(house, companion)
    assert texts(companion, planned) == ["zu dritt"]
    assert texts(late, planned) == ["zu dritt", "zu zweit"]


def test_who_has_taken_a_seat_over_reads_nothing_of_it_and_the_first_device_does_again(
    house, planned, client, companion
):
    number = planned.appointment_id
    chat.write(companion, NOW, number, "vorher")
    private.begin(client, NOW, number)
    for who in (client, companion):
        chat.write(who, NOW, number, "unter uns")
    private.end(client, NOW, number)
    other_device.take_over(companion, NOW, "another browser")
    back_inside(house, companion)
    assert texts(companion, planned) == ["vorher"]  # not what the same seat wrote, either
    other_device.take_over(companion, NOW, "their browser")
    back_inside(house, companion)
    assert texts(companion, planned) == ["vorher", "unter uns", "unter uns"]


def test_nor_does_who_holds_a_new_link(house, planned, client, companion):
    number = planned.appointment_id
    private.begin(client, NOW, number)
    chat.write(client, NOW, number, "unter uns")
    private.end(client, NOW, number)
    hosting.send_back(house.advisor, NOW, companion.id)
    inviting.new_link(house.advisor, NOW, companion.id)
    visiting.consent(companion, NOW, "1", "their new browser")
    visiting.enter_waiting(companion, NOW)
    back_inside(house, companion)
    assert (texts(companion, planned), texts(client, planned)) == ([], ["unter uns"])


def test_a_browser_without_a_name_of_its_own_is_as_good_as_any(house, planned, client, companion):
    number = planned.appointment_id
    assert house.row(Guest, client.id).device_hash is None
    private.begin(client, NOW, number)
    chat.write(companion, NOW, number, "unter uns")
    assert texts(client, planned) == ["unter uns"]


def test_a_hundred_messages_of_a_private_minute_hide_none_of_the_others(house, planned, client):
    number = planned.appointment_id
    chat.write(client, NOW, number, "vorher")
    private.begin(client, NOW, number)
    for turn in range(101):
        chat.write(client, NOW + turn * chat.AT_ONCE, number, f"Satz {turn}")
    assert [line.text for line in chat.read(house.advisor, number)] == ["vorher"]


def test_who_is_inside_reads_the_names_of_the_others_there(house, planned, client, companion):
    number = planned.appointment_id
    assert private.others(client, number) == ("Ida Dolmetscherin",)
    assert private.others(companion, number) == ("Karla Beispiel",)
    visiting.leave(companion, NOW)
    assert private.others(client, number) == ()


def test_both_sides_pages_can_say_what_is_going_on(house, planned):
    def said():
        visit = guest_view.visit(planned.secret)
        desk = advisor_view.meeting(house.advisor, planned.appointment_id)
        return visit.private, visit.knocked, desk.private_since, desk.knocked_at

    assert said() == (False, False, None, None)
    private.begin(house.advisor, NOW, planned.appointment_id)
    assert said() == (True, False, NOW, None)
    private.knock(house.advisor, NOW, planned.appointment_id)
    assert said() == (True, True, NOW, NOW)
