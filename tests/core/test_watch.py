"""The one task that looks after everything live: it is run here round by round."""

import asyncio
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from core import hub, watch
from core.media.rooms.live_rooms import ROOMS
from tests.core.office.test_news import Ear


@pytest.fixture
def asked(house, monkeypatch):
    """Which rooms were asked about: a number, or "all"."""
    asked = []
    monkeypatch.setattr(ROOMS, "recheck", asked.append)
    monkeypatch.setattr(ROOMS, "recheck_all", lambda: asked.append("all"))
    return asked


@pytest.fixture
def hands(monkeypatch):
    """The process's clock; [0] is the time."""
    hands = [1000.0]
    monkeypatch.setattr(watch, "time", SimpleNamespace(monotonic=lambda: hands[0]))
    return hands


def rounds(*steps):
    """A watch that does these things one after the other; whom it had check the listeners."""
    checked = []

    async def scene():
        watching = watch.Watch(checked.append)
        for step in steps:
            step(watching)

    asyncio.run(scene())
    return checked


def ask(watching):
    watching.ask()


def test_everybody_is_asked_about_first_and_then_only_whom_news_concern(asked, hands):
    def told(watching):
        watching.told(frozenset({hub.appointment(3), hub.appointment(4)}))

    checked = rounds(ask, ask, told, ask, ask)
    assert (asked[0], sorted(asked[1:])) == ("all", [3, 4])
    assert checked == [True, False, False, False]


def test_news_of_an_account_concern_every_room(asked, hands):
    assert rounds(ask, lambda it: it.told(frozenset({hub.staff(1)})), ask) == [True, False]
    assert asked == ["all", "all"]


def test_a_message_has_nobody_asked_about(asked, hands):
    def told(watching):
        watching.told(frozenset({hub.chat(3)}))
        watching.told(frozenset({hub.chat(3), hub.appointment(4)}))

    assert rounds(ask, told, ask) == [True, False]
    assert asked == ["all", 4]


def test_now_and_then_everybody_is_asked_about(asked, hands):
    def later(_watching):
        hands[0] += watch.EVERYBODY_SECONDS + 1

    assert rounds(ask, later, ask, ask) == [True, True, False]
    assert asked == ["all", "all"]


def test_after_a_failure_everybody_is_asked_about(asked, hands, monkeypatch):
    def fail(watching):
        with monkeypatch.context() as broken:
            broken.setattr(ROOMS, "recheck", lambda _number: 1 // 0)
            watching.told(frozenset({hub.appointment(3)}))
            with pytest.raises(ZeroDivisionError):
                watching.ask()

    assert rounds(ask, fail, ask, ask) == [True, True, False]
    assert asked == ["all", "all"]


def test_who_comes_and_goes_in_a_live_room_is_news_once(asked, monkeypatch):
    ear, there = Ear(), {}
    hub.HUB.listen(ear)
    monkeypatch.setattr(ROOMS, "presences", lambda: dict(there))

    def comes(_watching):
        there[5] = frozenset({("guest:1", True, False)})

    def goes(_watching):
        del there[5]

    def notice(watching):
        watching.notice()

    rounds(notice, comes, notice, notice, goes, notice, notice)
    assert [heard for heard in ear.heard if heard] == [{hub.appointment(5)}] * 2


def test_a_deed_is_looked_at_in_the_same_moment_and_a_failure_does_not_stop_the_rest(
    house, monkeypatch
):
    done = []

    def failing():
        raise ValueError

    def notice():
        done.append("noticed")

    async def scene():
        watching = watch.Watch(lambda _everybody: None)
        monkeypatch.setattr(watch, "LOOK_SECONDS", 60)
        monkeypatch.setattr(watching, "ask", failing)
        monkeypatch.setattr(watching, "notice", notice)
        running = asyncio.create_task(watching.run())
        planned = house.plan()
        while not done:
            await asyncio.sleep(0)
        running.cancel()
        return planned

    with capture_logs() as logs:
        assert asyncio.run(scene()).appointment_id > 0
    assert logs[0] == {
        "event": "clock failed",
        "deed": "failing",
        "kind": "ValueError",
        "log_level": "error",
    }
