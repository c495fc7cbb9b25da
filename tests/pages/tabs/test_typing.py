"""Who is asked when somebody writes, without sockets: nobody who could not read it anyway."""

from dataclasses import replace

import pytest

from core.appointment import Actor, By
from core.office.writing import Writer
from pages.doors import live_socket
from pages.tabs import tab as tabs
from pages.tabs import typing

GUEST = Writer(Actor(By.GUEST, 1, 1), "Emil")
IDA = Writer(Actor(By.GUEST, 2, 1), "Ida")
JAN = Writer(Actor(By.GUEST, 3, 1), "Jan")
ADVISOR = Writer(Actor(By.ADVISOR, 1, 1), "Anna")


@pytest.fixture(autouse=True)
def nobody_else() -> None:
    """No tab of an earlier test is there."""
    tabs._tabs.clear()


class Socket:
    def __init__(self) -> None:
        self.code: int | None = None

    def wake(self) -> None: ...

    def close(self, code: int) -> None:
        self.code = code


class Place:
    """One tab in the talk; counts how often the office is asked for it."""

    def __init__(
        self, writer: Writer, seat: str = "", *, listens: bool = True, browser: str = ""
    ) -> None:
        self.asked, self.socket, self._writer = 0, Socket(), writer
        self.tab = tabs.begin(browser or f"browser of {writer.seat}")
        self.tab.seat, self.tab.appointment_id, self.tab.writer = seat, 1, self._ask
        if listens:
            self.tab.listener.attach(self.socket)

    def _ask(self) -> Writer:
        self.asked += 1
        return self._writer

    def types(self, *texts: str | None, private: bool = False) -> None:
        """In a private minute or not."""
        self._writer = replace(self._writer, private=private)
        for text in texts:
            typing.typed(self.tab, text)


def test_only_who_listens_and_is_somebody_else_is_asked_for() -> None:
    own, again = Place(GUEST, "guest:1"), Place(GUEST, "guest:1")
    gone = Place(ADVISOR, listens=False)
    desks = [Place(ADVISOR), Place(ADVISOR)]
    typing.typed(own.tab, "Guten Tag")
    assert [each.asked for each in (own, again, gone, *desks)] == [1, 0, 0, 1, 1]


def test_whoever_has_gone_is_not_asked_for_any_more() -> None:
    own, desk = Place(GUEST, "guest:1"), Place(ADVISOR)
    desk.tab.listener.detach(desk.socket)
    typing.typed(own.tab, "Guten Tag")
    assert desk.asked == 0


def written(place: Place) -> list[str]:
    events = place.tab.listener.take(place.socket)
    return [event["typing"]["text"] for event in events if "typing" in event]


def test_what_is_taken_away_is_said_where_it_was_shown_and_nowhere_else() -> None:
    """A page that was inside goes on listening; it does not learn who writes there now."""
    own, desk = Place(GUEST, "guest:1"), Place(ADVISOR)
    sent_back = Place(IDA, "guest:2")
    sent_back.tab.writer = lambda: None
    for text in ("", "Guten Tag"):
        typing.typed(own.tab, text)
    assert [written(each) for each in (desk, sent_back)] == [["Guten Tag"], []]
    typing.gone(own.tab)
    assert [written(each) for each in (desk, sent_back)] == [[""], []]


def test_what_was_begun_among_the_guests_alone_is_not_read_by_one_let_in_afterwards() -> None:
    own, assistant, desk = Place(GUEST, "guest:1"), Place(IDA, "guest:2"), Place(ADVISOR)
    own.types("")
    desk.tab.writer = lambda: None  # outside for a minute
    own.types("gehe", "geheim", private=True)
    late, back = Place(JAN, "guest:3"), Place(ADVISOR)
    own.types("geheim!")
    assert [written(each) for each in (assistant, late, back)] == [["geheim!"], [], []]
    own.types("", "neu")
    assert [written(each) for each in (assistant, late, back)] == [["neu"]] * 3


def test_nor_by_the_same_person_in_another_browser() -> None:
    own, assistant = Place(GUEST, "guest:1"), Place(IDA, "guest:2")
    own.types("")
    own.types("geheim", private=True)
    assistant.tab.listener.detach(assistant.socket)
    again, other = Place(IDA, "guest:2"), Place(IDA, "guest:2", browser="another")
    own.types("geheim!")
    assert [written(each) for each in (again, other)] == [["geheim!"], []]


def test_who_is_just_connecting_anew_goes_on_reading_it() -> None:
    own, assistant = Place(GUEST, "guest:1"), Place(IDA, "guest:2")
    own.types("")
    assistant.tab.listener.detach(assistant.socket)
    own.types("geheim", private=True)
    assistant.tab.listener.attach(assistant.socket)
    own.types("geheim!", private=True)
    own.types("geheim!!")
    assert written(assistant) == ["geheim!!"]


def test_what_was_begun_while_the_writers_own_line_was_down_is_shown_to_nobody() -> None:
    """It may have been a private minute: nobody knows what stood in the field."""
    own, desk = Place(GUEST, "guest:1"), Place(ADVISOR)
    own.types("")
    typing.left(own.tab)
    own.types("geheim")
    assert written(desk) == []
    own.types("", "neu")
    assert written(desk) == ["neu"]


@pytest.mark.parametrize("meanwhile", ["geheim", None])
def test_who_was_out_for_a_part_of_it_reads_nothing_of_it_afterwards(meanwhile: str | None) -> None:
    own, assistant = Place(GUEST, "guest:1"), Place(IDA, "guest:2")
    own.types("")
    own.types("ge", private=True)
    inside, assistant.tab.writer = assistant.tab.writer, lambda: None
    own.types(meanwhile, private=True)
    assistant.tab.writer = inside
    written(assistant)
    own.types("geheim!")
    assert written(assistant) == []


def test_nobody_reads_a_guests_text_whose_beginning_nobody_knows() -> None:
    own, assistant, desk = Place(GUEST, "guest:1"), Place(IDA, "guest:2"), Place(ADVISOR)
    own.types("von vorhin")
    assert [written(each) for each in (assistant, desk)] == [[], []]
    desk.types("Guten Tag")  # nothing of an advisor is ever private
    assert [written(each) for each in (own, assistant)] == [["Guten Tag"]] * 2


def test_what_fails_with_one_listener_keeps_no_other_from_being_closed_and_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And the failure is still to be read in the log."""
    places, told = [Place(ADVISOR) for _ in range(3)], []

    def fails() -> bool:
        raise OSError("no database")

    places[1].tab.stays = fails
    monkeypatch.setattr(tabs, "tell_places", lambda: told.append(True))
    with pytest.raises(OSError, match="no database"):
        live_socket.check_listeners(everybody=True)
    refused = live_socket.REFUSED
    assert [place.socket.code for place in places] == [refused, None, refused]
    assert told == [True]


def test_what_fails_with_one_tab_keeps_no_other_from_being_told() -> None:
    told = []

    class Call:
        number = 1

        def __init__(self, name: str) -> None:
            self.name, self.seat = name, f"guest:{name}"

        def tell_places(self) -> None:
            told.append(self.name)
            if self.name == "b":
                raise OSError(self.name)

    held = [(tabs.begin("digest"), Call(name)) for name in "abc"]
    for tab, call in held:
        tabs.begin_call(tab, call)  # type: ignore[arg-type]  # nothing else is asked of it
    with pytest.raises(OSError, match="b"):
        tabs.tell_places()
    assert sorted(told) == ["a", "b", "c"]
