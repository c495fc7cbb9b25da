"""A chat as long and as costly as the rules allow: the page stays small, quick and German."""

import time

import pytest
from sqlmodel import Session

from core.columns import MESSAGE_LENGTH
from core.engine import engine
from core.office import chat
from core.pieces import pieces
from core.records import Message
from tests.conftest import NOW

MOST_BYTES = 300_000  # of the whole page: the chat, and our scripts
WORST = {
    "links": "ä.de " * 400,
    "addresses": ("http://ä.de/" + "\U0001f600" * 187 + " ") * 10,
    "markup": "<&" * 1000,
    "wide": "\U0001f600" * MESSAGE_LENGTH,
    "lines": "a\n" * 1000,
}


@pytest.fixture
def planned(house):
    planned = house.plan()
    house.talking(planned)
    return planned


def written(planned, texts):
    """All of them in the chat, by the guest."""
    number = planned.appointment_id
    with Session(engine()) as session:
        session.add_all(
            Message(jobcenter_id=1, appointment_id=number, guest_id=1, at=NOW, text=text)
            for text in texts
        )
        session.commit()


def worst(word, count):
    return [word[: MESSAGE_LENGTH - 4] + f"{number:4}" for number in range(count)]


@pytest.mark.parametrize("count", [100, chat.MOST_IN_ALL])
@pytest.mark.parametrize("word", WORST.values(), ids=WORST)
def test_the_worst_chat_leaves_a_page_small_quick_and_german(house, visitor, planned, word, count):
    texts = worst(word, count)
    written(planned, texts)
    tab = visitor(planned)
    pieces.cache_clear()
    began = time.process_time()
    tab.run()
    assert time.process_time() - began < 1  # ten times what it takes
    assert sum(map(len, tab.everything)) < MOST_BYTES
    assert (tab.errors, tab.chat_data["more"]) == ([], True)
    assert tab.chat[-1][1].replace("\n", "")[-4:] == texts[-1][-4:]
    assert len(tab.chat) >= 4


def test_a_hundred_messages_are_shown_and_of_more_the_newest(house, visitor, planned):
    written(planned, [f"Satz {number}" for number in range(100)])
    tab = visitor(planned)
    said = [text for _, text in tab.chat]
    assert (said, tab.chat_data["more"]) == ([f"Satz {n}" for n in range(100)], False)
    written(planned, ["Satz 100"])
    said = [text for _, text in tab.run().chat]
    assert (said, tab.chat_data["more"]) == ([f"Satz {n}" for n in range(1, 101)], True)
