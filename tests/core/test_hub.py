"""The hub: who is told what has changed."""

import gc
import threading

from core.hub import Hub, appointment, number_of, staff


class Ear:
    def __init__(self, *topics: str) -> None:
        self.topics = frozenset(topics) or None
        self.heard: list[set[str]] = []

    def told(self, topics: frozenset[str]) -> None:
        self.heard.append(set(topics))


def test_everybody_is_told_what_concerns_them_and_nothing_else():
    hub, one, other, every = Hub(), Ear("a", "b"), Ear("c"), Ear()
    for ear in (one, other, every):
        hub.listen(ear)
    hub.changed(["b", "x"])
    hub.changed(iter(["a", "b", "c"]))
    hub.changed([])
    assert one.heard == [{"b"}, {"a", "b"}]
    assert other.heard == [{"c"}]
    assert every.heard == [{"b", "x"}, {"a", "b", "c"}]


def test_what_concerns_somebody_may_become_something_else():
    hub, ear = Hub(), Ear("a")
    hub.listen(ear)
    ear.topics = frozenset({"b"})
    hub.changed(["a"])
    hub.changed(["b"])
    assert ear.heard == [{"b"}]


def test_who_is_gone_is_forgotten():
    hub, ear = Hub(), Ear("a")
    hub.listen(ear)
    del ear
    gc.collect()
    assert len(hub._listeners) == 0


def test_many_may_listen_and_speak_at_once():
    hub, ears = Hub(), [Ear("a") for _ in range(50)]

    def speak() -> None:
        for ear in ears:
            hub.listen(ear)
            hub.changed(["a"])

    threads = [threading.Thread(target=speak) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    hub.changed(["a"])
    assert {len(ear.heard) > 1 for ear in ears} == {True}


def test_a_topic_says_which_appointment_it_is_about():
    topics = [appointment(17), staff(17)]
    assert [number_of(topic) for topic in topics] == [17, None]
