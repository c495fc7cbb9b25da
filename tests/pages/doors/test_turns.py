"""Whose turn it is to set up a call, and what it may cost."""

import asyncio

import pytest

from pages.doors import turns
from pages.doors.turns import AT_ONCE, Budgets, Turns
from pages.tabs import refusals


class Offers:
    """Offers of tabs, each in progress until it is let go."""

    def __init__(self) -> None:
        self.turns, self.log = Turns(), []
        self.gates: dict[str, asyncio.Event] = {}

    async def offer(self, tab: str, name: str) -> None:
        gate = self.gates[name] = asyncio.Event()
        try:
            async with self.turns.of(tab):
                self.log.append(f"{name} begins")
                await gate.wait()
                self.log.append(f"{name} ends")
        except refusals.Superseded:
            self.log.append(f"{name} superseded")

    async def send(self, tab: str, name: str) -> asyncio.Task[None]:
        """Come in, as far as one comes at once."""
        task = asyncio.create_task(self.offer(tab, name))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return task


def played(scene):
    async def play():
        offers = Offers()
        await scene(offers)
        assert (offers.turns._busy, offers.turns._next) == (set(), {})
        return offers.log

    return asyncio.run(play())


def test_one_offer_of_a_tab_at_a_time_and_the_next_when_it_is_done():
    async def scene(offers):
        tasks = [await offers.send("a", "first"), await offers.send("a", "second")]
        offers.gates["second"].set()
        offers.gates["first"].set()
        await asyncio.gather(*tasks)

    assert played(scene) == ["first begins", "first ends", "second begins", "second ends"]


def test_of_those_that_wait_the_newest_is_next_and_the_others_hear_so_at_once():
    async def scene(offers):
        tasks = [await offers.send("a", name) for name in ("1", "2", "3", "4")]
        assert offers.log == ["1 begins", "2 superseded", "3 superseded"]
        for name in ("1", "4"):
            offers.gates[name].set()
        await asyncio.gather(*tasks)

    assert played(scene)[3:] == ["1 ends", "4 begins", "4 ends"]


def test_another_tab_does_not_wait():
    async def scene(offers):
        tasks = [await offers.send(tab, tab) for tab in ("a", "b")]
        for gate in offers.gates.values():
            gate.set()
        await asyncio.gather(*tasks)

    assert played(scene)[:2] == ["a begins", "b begins"]


def test_somebody_who_gives_up_waiting_keeps_nobody_from_the_turn():
    async def scene(offers):
        first, second = await offers.send("a", "first"), await offers.send("a", "second")
        second.cancel()
        await asyncio.wait([second])
        offers.gates["first"].set()
        await first
        third = await offers.send("a", "third")
        offers.gates["third"].set()
        await third

    assert played(scene) == ["first begins", "first ends", "third begins", "third ends"]


def test_somebody_who_is_given_the_turn_in_the_moment_they_give_up_passes_it_on():
    async def scene(offers):
        first, second = await offers.send("a", "first"), await offers.send("a", "second")
        offers.gates["first"].set()
        await asyncio.sleep(0)  # the first has ended, the second has not noticed yet
        second.cancel()
        await asyncio.wait([first, second])

    assert played(scene) == ["first begins", "first ends"]


def test_somebody_who_is_overtaken_in_the_moment_they_give_up_passes_nothing_on():
    async def scene(offers):
        first, second = await offers.send("a", "first"), await offers.send("a", "second")
        asyncio.get_running_loop().call_soon(second.cancel)
        third = asyncio.create_task(offers.offer("a", "third"))
        await asyncio.wait([second])
        assert offers.log == ["first begins"]
        for name in ("first", "third"):
            offers.gates[name].set()
        await asyncio.gather(first, third)

    assert played(scene) == ["first begins", "first ends", "third begins", "third ends"]


def test_an_offer_that_fails_gives_its_turn_on():
    async def fail(offers):
        async with offers.turns.of("a"):
            offers.second = await offers.send("a", "second")
            offers.gates["second"].set()
            raise ZeroDivisionError

    async def scene(offers):
        with pytest.raises(ZeroDivisionError):
            await fail(offers)
        await offers.second

    assert played(scene) == ["second begins", "second ends"]


def test_what_somebody_has_spent_is_earned_again_in_time_and_is_theirs_alone():
    budgets = Budgets()
    budget = budgets.of("guest:1")
    assert budget.allows(100.0)
    budget.charge(AT_ONCE + 0.5)  # known only afterwards
    seconds = 0.5 / turns.A_SECOND
    assert [budget.allows(100.0 + passed) for passed in (0, seconds - 0.1, seconds + 0.1)] == [
        False,
        False,
        True,
    ]
    assert budgets.of("guest:1") is budget
    assert budgets.of("guest:2").allows(100.0)


def test_however_many_people_there_are_what_is_kept_of_them_is_bounded(monkeypatch):
    monkeypatch.setattr(turns, "SEATS_KEPT", 10)
    budgets = Budgets()
    for number in range(100):
        budgets.of(f"guest:{number}")
    assert len(budgets._budgets) <= 10
