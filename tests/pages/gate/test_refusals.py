"""What very many refusals at a time cost: whoever sends without a pause waits for the answer."""

import asyncio
import contextlib
import time

import pytest
from starlette.responses import Response

from pages.gate import refusals
from pages.gate.bucket import Bucket

AT_ONCE, LATER = 3, 0.2


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch):
    monkeypatch.setattr(refusals, "_at_once", Bucket(rate=0.1, burst=AT_ONCE))
    monkeypatch.setattr(refusals, "LATER_SECONDS", LATER)


class Refused:
    """Somebody who is refused: what they were answered, when, and how many pages were made."""

    def __init__(self):
        self.answers, self.seconds, self.made = [], 0.0, 0

    async def asks(self):
        began = time.monotonic()
        await refusals.refuse(self._page, {"type": "http"}, self._hears, self._reads)
        self.seconds = time.monotonic() - began

    def _page(self):
        self.made += 1
        return Response(status_code=413)

    async def _hears(self):
        pytest.fail("what is sent on is not read")

    async def _reads(self, message):
        if message["type"] == "http.response.start":
            headers = dict(message["headers"])
            self.answers.append((message["status"], headers.get(b"connection")))


def all_ask(*people):
    async def at_once():
        await asyncio.gather(*(person.asks() for person in people))

    asyncio.run(at_once())


def test_some_are_answered_at_once_and_all_the_others_a_while_later():
    people = [Refused() for _ in range(2 * AT_ONCE)]
    all_ask(*people)
    at_once, later = people[:AT_ONCE], people[AT_ONCE:]
    assert [each.answers for each in at_once] == [[(413, None)]] * AT_ONCE
    assert [each.answers for each in later] == [[(413, b"close")]] * AT_ONCE
    assert max(each.seconds for each in at_once) < LATER * 0.9 <= min(e.seconds for e in later)


def test_a_page_is_made_after_the_wait_and_of_very_many_for_nobody(monkeypatch):
    monkeypatch.setattr(refusals, "MOST_WAITING", 5)
    people = [Refused() for _ in range(500)]
    all_ask(*people)
    assert [each.made for each in people] == [1] * (AT_ONCE + 5) + [0] * (500 - AT_ONCE - 5)
    assert people[-1].answers == [(429, b"close")]
    assert people[-1].seconds < LATER
    assert refusals._waiting == set()


def test_who_gives_up_while_they_wait_makes_room():
    async def gives_up():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LATER / 4):
                await Refused().asks()

    all_ask(*(Refused() for _ in range(AT_ONCE)))
    asyncio.run(gives_up())
    assert refusals._waiting == set()


def test_who_comes_after_a_flood_waits_no_longer_than_one_of_it(monkeypatch):
    monkeypatch.setattr(refusals, "_at_once", Bucket(rate=50, burst=AT_ONCE))
    all_ask(*(Refused() for _ in range(500)))
    late = Refused()
    all_ask(late)
    assert [status for status, _connection in late.answers] == [413]
    assert late.seconds < LATER
