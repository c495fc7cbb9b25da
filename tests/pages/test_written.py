"""Who is asked when somebody writes, without sockets: nobody who could not read it anyway."""

import pytest

from core.office.chat import Said
from core.office.writing import Writer
from pages.doors import live
from pages.parts import ears, tabs, written
from tests.conftest import NOW

GUEST, ADVISOR = Writer("guest:1", "Emil", is_guest=True), Writer("staff:1", "Anna", is_guest=False)


class Socket:
    def __init__(self) -> None:
        self.code: int | None = None

    def wake(self) -> None: ...

    def close(self, code: int) -> None:
        self.code = code


class Place:
    """One tab in the talk; counts how often the office is asked for it."""

    def __init__(self, writer: Writer, seat: str = "", *, listens: bool = True) -> None:
        self.asked, self.socket, self._writer = 0, Socket(), writer
        self.ear = ears.begin("digest")
        self.ear.seat, self.ear.appointment_id, self.ear.writer = seat, 1, self._ask
        if listens:
            self.ear.attach(self.socket)

    def _ask(self) -> Writer:
        self.asked += 1
        return self._writer


def test_only_who_listens_and_is_somebody_else_is_asked_for() -> None:
    own, again = Place(GUEST, "guest:1"), Place(GUEST, "guest:1")
    gone = Place(ADVISOR, listens=False)
    desks = [Place(ADVISOR), Place(ADVISOR)]
    written.typed(own.ear, "Guten Tag")
    assert [each.asked for each in (own, again, gone, *desks)] == [1, 0, 0, 1, 1]


def test_whoever_has_gone_is_not_asked_for_any_more() -> None:
    own, desk = Place(GUEST, "guest:1"), Place(ADVISOR)
    desk.ear.detach(desk.socket)
    written.typed(own.ear, "Guten Tag")
    assert desk.asked == 0


def taken(place: Place) -> list[dict[str, object]]:
    return [event for event in place.ear.take(place.socket) if "message" in event]


def test_what_is_sent_is_shown_at_once_to_everybody_else_inside() -> None:
    own, again, desk = Place(GUEST, "guest:1"), Place(GUEST, "guest:1"), Place(ADVISOR)
    assistant = Place(Writer("guest:2", "Ida", is_guest=True), "guest:2")
    for number in (7, 8):
        written.sent(own.ear, Said(1, number, NOW, f"Satz {number}", private=False))
    shown = [
        {"message": {"number": n, "seat": "guest:1", "name": "Emil", "at": "09:00", "text": text}}
        for n, text in ((7, "Satz 7"), (8, "Satz 8"))
    ]
    assert [taken(each) for each in (own, again, desk, assistant)] == [[], [], shown, shown]


def test_what_is_sent_among_the_guests_alone_is_not_shown_to_the_advisor() -> None:
    own, desk = Place(GUEST, "guest:1"), Place(ADVISOR)
    assistant = Place(Writer("guest:2", "Ida", is_guest=True), "guest:2")
    written.sent(own.ear, Said(1, 7, NOW, "unter uns", private=True))
    assert [len(taken(each)) for each in (desk, assistant)] == [0, 1]


def test_a_message_of_one_talk_is_not_shown_in_another() -> None:
    own, desk = Place(GUEST, "guest:1"), Place(ADVISOR)
    written.sent(own.ear, Said(2, 7, NOW, "drüben", private=False))
    assert taken(desk) == []


def test_whoever_is_not_inside_is_neither_shown_anything_nor_shown() -> None:
    own, desk = Place(GUEST, "guest:1"), Place(ADVISOR)
    own.ear.writer = lambda: None
    written.sent(own.ear, Said(1, 7, NOW, "hallo?", private=False))
    desk.ear.writer = lambda: None
    written.sent(Place(GUEST, "guest:1").ear, Said(1, 8, NOW, "hallo?", private=False))
    assert taken(desk) == []


def test_what_fails_with_one_listener_keeps_no_other_from_being_closed_and_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And the failure is still to be read in the log."""
    places, told = [Place(ADVISOR) for _ in range(3)], []

    def fails() -> bool:
        raise OSError("no database")

    places[1].ear.stays = fails
    monkeypatch.setattr(tabs, "tell_places", lambda: told.append(True))
    with pytest.raises(OSError, match="no database"):
        live.check_listeners(everybody=True)
    assert [place.socket.code for place in places] == [live.POLICY, None, live.POLICY]
    assert told == [True]


def test_what_fails_with_one_tab_keeps_no_other_from_being_told() -> None:
    told = []

    class Tab:
        def __init__(self, name: str) -> None:
            self.tab, self.holder, self.seat = name, "digest", f"guest:{name}"

        def tell_places(self) -> None:
            told.append(self.tab)
            if self.tab == "b":
                raise OSError(self.tab)

    held = [Tab(name) for name in "abc"]
    for tab in held:
        tabs.enter(tab)  # type: ignore[arg-type]  # nothing else is asked of it
    with pytest.raises(OSError, match="b"):
        tabs.tell_places()
    assert sorted(told) == ["a", "b", "c"]
