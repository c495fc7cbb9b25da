"""The two tables of rules, every cell of them."""

from itertools import product

import pytest

from core.appointment import By, Event, GuestEvent, GuestStatus, Status
from core.hours import link_closes, waiting_room_opens
from core.refused import Reason, Refused
from core.rules import (
    GUEST_RULES,
    RULES,
    Attendance,
    next_guest_status,
    next_status,
    refuse_if_present,
)
from tests.conftest import HOUR, MINUTE, NOW

# Written out a second time on purpose: a changed rule must be changed here as well.
ALLOWED = {
    (Event.OPEN_ROOM, By.ADVISOR, Status.PLANNED): Status.OPEN,
    (Event.END, By.ADVISOR, Status.OPEN): Status.ENDED,
    (Event.END, By.CLOCK, Status.OPEN): Status.ENDED,
    (Event.CANCEL, By.ADVISOR, Status.PLANNED): Status.CANCELLED,
    (Event.RECORD_MISSED, By.ADVISOR, Status.PLANNED): Status.MISSED,
    (Event.RECORD_MISSED, By.ADVISOR, Status.EXPIRED): Status.MISSED,
    (Event.EXPIRE, By.CLOCK, Status.PLANNED): Status.EXPIRED,
}
GUEST_ALLOWED = {
    (GuestEvent.CONSENT, By.GUEST, GuestStatus.INVITED): GuestStatus.CONSENTED,
    (GuestEvent.ENTER_WAITING, By.GUEST, GuestStatus.CONSENTED): GuestStatus.WAITING,
    (GuestEvent.TEST_AGAIN, By.GUEST, GuestStatus.WAITING): GuestStatus.CONSENTED,
    (GuestEvent.ADMIT, By.ADVISOR, GuestStatus.WAITING): GuestStatus.ADMITTED,
    (GuestEvent.SEND_BACK, By.ADVISOR, GuestStatus.ADMITTED): GuestStatus.WAITING,
    (GuestEvent.LEAVE, By.GUEST, GuestStatus.ADMITTED): GuestStatus.LEFT,
    (GuestEvent.LEAVE, By.ADVISOR, GuestStatus.ADMITTED): GuestStatus.LEFT,
    (GuestEvent.LEAVE, By.CLOCK, GuestStatus.ADMITTED): GuestStatus.LEFT,
    (GuestEvent.INVITE_AGAIN, By.ADVISOR, GuestStatus.INVITED): GuestStatus.INVITED,
    (GuestEvent.INVITE_AGAIN, By.ADVISOR, GuestStatus.CONSENTED): GuestStatus.INVITED,
    (GuestEvent.INVITE_AGAIN, By.ADVISOR, GuestStatus.WAITING): GuestStatus.INVITED,
    (GuestEvent.INVITE_AGAIN, By.ADVISOR, GuestStatus.LEFT): GuestStatus.INVITED,
    (GuestEvent.TAKE_OVER, By.GUEST, GuestStatus.CONSENTED): GuestStatus.CONSENTED,
    (GuestEvent.TAKE_OVER, By.GUEST, GuestStatus.WAITING): GuestStatus.WAITING,
    (GuestEvent.TAKE_OVER, By.GUEST, GuestStatus.ADMITTED): GuestStatus.WAITING,
    (GuestEvent.TAKE_OVER, By.GUEST, GuestStatus.LEFT): GuestStatus.WAITING,
    (GuestEvent.COME_BACK, By.GUEST, GuestStatus.LEFT): GuestStatus.WAITING,
}
TABLES = [
    pytest.param(next_status, ALLOWED, list(product(Event, By, Status)), id="appointment"),
    pytest.param(
        next_guest_status, GUEST_ALLOWED, list(product(GuestEvent, By, GuestStatus)), id="guest"
    ),
]


@pytest.mark.parametrize(("step", "allowed", "cells"), TABLES)
def test_every_cell_of_the_matrix_is_allowed_or_refused_for_the_right_reason(step, allowed, cells):
    may_ever = {(event, by) for event, by, _ in allowed}
    for event, by, before in cells:
        if (event, by, before) in allowed:
            assert step(event, by, before) == allowed[event, by, before]
            continue
        with pytest.raises(Refused) as refused:
            step(event, by, before)
        meanwhile = (event, by) in may_ever
        expected = Reason.CHANGED_MEANWHILE if meanwhile else Reason.NOT_ALLOWED
        assert (event, by, before, refused.value.reason) == (event, by, before, expected)


@pytest.mark.parametrize(
    ("rules", "first", "statuses"),
    [(RULES, Status.PLANNED, Status), (GUEST_RULES, GuestStatus.INVITED, GuestStatus)],
)
def test_every_status_can_be_reached(rules, first, statuses):
    reached = {first}
    for _ in statuses:
        reached |= {rule.after for rule in rules if rule.before in reached}
    assert reached == set(statuses)


def test_no_two_rules_speak_of_the_same_case():
    for rules in (RULES, GUEST_RULES):
        cases = [(rule.event, by, rule.before) for rule in rules for by in rule.by]
        assert len(cases) == len(set(cases))


def test_time_alone_never_marks_somebody_absent():
    by_time = {rule.after for rule in RULES if By.CLOCK in rule.by}
    assert by_time == {Status.EXPIRED, Status.ENDED}
    missed_by = {by for rule in RULES if rule.after == Status.MISSED for by in rule.by}
    assert missed_by == {By.ADVISOR}
    by_time = {rule.after for rule in GUEST_RULES if By.CLOCK in rule.by}
    assert by_time == {GuestStatus.LEFT}


def test_a_visitor_cannot_let_themselves_in_nor_end_it_for_others():
    by_guest = {rule.after for rule in GUEST_RULES if By.GUEST in rule.by}
    assert by_guest == {GuestStatus.CONSENTED, GuestStatus.WAITING, GuestStatus.LEFT}
    assert [rule for rule in RULES if By.GUEST in rule.by] == []


@pytest.mark.parametrize("status", GuestStatus)
@pytest.mark.parametrize("has_waited", [False, True])
@pytest.mark.parametrize("technique_failed", [False, True])
def test_only_who_never_came_and_had_no_trouble_counts_as_absent(
    status, has_waited, technique_failed
):
    guest = Attendance(status, has_waited, technique_failed)
    came = has_waited or status not in (GuestStatus.INVITED, GuestStatus.CONSENTED)
    if not came and not technique_failed:
        refuse_if_present([guest])
        return
    with pytest.raises(Refused) as refused:
        refuse_if_present([Attendance(GuestStatus.INVITED, False, False), guest])
    assert refused.value.reason == (Reason.SOMEBODY_WAITS if came else Reason.TECHNIQUE_FAILED)


def test_the_waiting_room_opens_half_an_hour_before_and_the_link_closes_an_hour_after():
    assert waiting_room_opens(NOW) == NOW - 30 * MINUTE
    assert link_closes(NOW) == NOW + HOUR
