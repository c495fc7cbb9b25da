"""Two people at once: exactly one wins, the other is told kindly; nothing else ever shows up."""

import threading
from collections.abc import Callable

import pytest

from core import access
from core.appointment import CLOCK, GuestStatus, IdentityProof, Status
from core.office import (
    advisor_view,
    chat,
    closing,
    guest_view,
    hosting,
    inviting,
    planning,
    staff_sessions,
    visiting,
)
from core.records import Guest
from core.refused import Reason, Refused
from tests.conftest import HOUR, NOW, PASSWORD

ROUNDS = 20
END, LATE = NOW + HOUR, NOW + 3 * HOUR
Deed = Callable[[], object]


def at_once(*deeds: Deed) -> list[object]:
    """What became of each deed when all start together: "done", a Reason or an unplanned error."""
    barrier = threading.Barrier(len(deeds))
    became: list[object] = [None] * len(deeds)

    def run(place: int, deed: Deed) -> None:
        barrier.wait()
        try:
            deed()
            became[place] = "done"
        except Refused as refused:
            became[place] = refused.reason
        except Exception as problem:  # noqa: BLE001 (a thread's error would be lost otherwise)
            became[place] = problem

    threads = [threading.Thread(target=run, args=item) for item in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return became


def test_only_one_of_two_clicks_opens_the_room(house):
    for _ in range(ROUNDS):
        planned = house.plan()
        house.waiting(planned)
        deed = (house.advisor, NOW, planned.appointment_id, {})
        became = at_once(lambda d=deed: hosting.open_room(*d), lambda d=deed: hosting.open_room(*d))
        assert sorted(became, key=str) == [Reason.CHANGED_MEANWHILE, "done"]
        whats = [what for what, _, _ in house.trail(planned.appointment_id)]
        assert (whats.count("open_room"), whats.count("admit")) == (1, 1)


def test_presses_at_the_same_moment_with_one_secret_plan_one_appointment_and_make_one_link(house):
    for _ in range(ROUNDS):
        before, secret = len(advisor_view.agenda(house.advisor, NOW.date())), access.new_secret()
        plan = (house.advisor, NOW, "Karla", "k@example.com", NOW, END, secret)
        assert at_once(*[lambda p=plan: planning.plan(*p)] * 4) == ["done"] * 4
        assert len(advisor_view.agenda(house.advisor, NOW.date())) == before + 1
        planned, again = planning.plan(*plan), access.new_secret()
        new = (house.advisor, NOW, planned.guest_id, again)
        assert at_once(*[lambda n=new: inviting.new_link(*n)] * 4) == ["done"] * 4
        whats = [what for what, _, _ in house.trail(planned.appointment_id)]
        assert whats == ["plan", "invite", "invite_again"]


@pytest.mark.parametrize(
    ("prepare", "what", "deed"),
    [
        ("guest", "consent", lambda h, p, g: visiting.consent(g, NOW, "1")),
        ("waiting", "test_again", lambda h, p, g: visiting.test_again(g, NOW)),
        ("talking", "send_back", lambda h, p, g: hosting.send_back(h.advisor, NOW, p.guest_id)),
        ("talking", "leave", lambda h, p, g: visiting.leave(g, NOW)),
        ("talking", "end", lambda h, p, g: hosting.end(h.advisor, NOW, p.appointment_id)),
        ("guest", "cancel", lambda h, p, g: closing.cancel(h.advisor, NOW, p.appointment_id)),
        (
            "guest",
            "record_missed",
            lambda h, p, g: closing.record_missed(h.advisor, NOW + HOUR, p.appointment_id),
        ),
        (
            "talking",
            "identity_questions",
            lambda h, p, g: hosting.check_identity(
                h.advisor, NOW, p.guest_id, IdentityProof.QUESTIONS
            ),
        ),
    ],
)
def test_only_one_of_two_clicks_counts(house, prepare, what, deed):
    for _ in range(ROUNDS):
        planned = house.plan()
        guest = getattr(house, prepare)(planned)
        twice = [lambda p=planned, g=guest: deed(house, p, g)] * 2
        assert sorted(at_once(*twice), key=str) == [Reason.CHANGED_MEANWHILE, "done"]
        assert [w for w, _, _ in house.trail(planned.appointment_id)].count(what) == 1


def test_either_the_room_opens_or_the_appointment_is_called_off(house):
    for _ in range(ROUNDS):
        planned = house.plan()
        deed = (house.advisor, NOW, planned.appointment_id)
        opened, cancelled = at_once(
            lambda d=deed: hosting.open_room(*d, {}), lambda d=deed: closing.cancel(*d)
        )
        assert {opened, cancelled} == {"done", Reason.CHANGED_MEANWHILE}
        expected = Status.OPEN if opened == "done" else Status.CANCELLED
        assert house.status(planned)[0] == expected


def test_nobody_becomes_absent_while_they_enter_the_waiting_room(house):
    for _ in range(ROUNDS):
        planned = house.plan()
        guest = house.guest(planned)
        visiting.consent(guest, NOW, "1")
        came, recorded = at_once(
            lambda g=guest: visiting.enter_waiting(g, END),
            lambda p=planned: closing.record_missed(house.advisor, END, p.appointment_id),
        )
        assert (came, recorded) in [("done", Reason.SOMEBODY_WAITS), (Reason.TOO_LATE, "done")]
        there = (Status.PLANNED, GuestStatus.WAITING)
        absent = (Status.MISSED, GuestStatus.CONSENTED)
        assert house.status(planned) == (there if came == "done" else absent)


def test_time_closes_no_link_under_somebody_who_is_let_in(house):
    for _ in range(ROUNDS):
        planned = house.plan()
        opened, expired = at_once(
            lambda p=planned: hosting.open_room(house.advisor, LATE, p.appointment_id, {}),
            lambda: closing.expire_due(CLOCK, LATE),
        )
        assert expired == "done"
        expected = Status.OPEN if opened == "done" else Status.EXPIRED
        assert house.status(planned)[0] == expected


def test_many_people_at_once_all_get_through(house):
    guests = [house.guest(house.plan()) for _ in range(16)]
    became = at_once(*[lambda g=guest: visiting.consent(g, NOW, "1") for guest in guests])
    assert became == ["done"] * 16
    assert {house.row(Guest, guest.id).status for guest in guests} == {GuestStatus.CONSENTED}


def test_readers_and_writers_do_not_stop_each_other(house):
    planned = house.plan()
    guest = house.talking(planned)
    token = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    room = planned.appointment_id
    became = at_once(
        *[lambda: chat.write(guest, NOW, room, "eins")] * 4,
        *[lambda: chat.write(house.advisor, NOW, room, "zwei")] * 4,
        *[lambda: chat.read(guest, room)] * 4,
        *[lambda: guest_view.visit(planned.secret)] * 2,
        *[lambda: staff_sessions.signed_in(NOW + HOUR / 4, token)] * 2,
    )
    assert became == ["done"] * 16
    assert len(chat.read(guest, room)) == 8
