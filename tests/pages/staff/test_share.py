"""The advisor's screen: what the desk offers, and who gets a line for a screen."""

import re

import pytest
import streamlit as st

from core.media.rooms.live_rooms import ROOMS
from core.media.transport import loop
from core.office import advisor_view, screen, seat_names
from core.refused import Reason
from pages.call import worker
from pages.parts import people, rooms
from pages.staff import share
from pages.ui import modules
from tests.conftest import NOW
from tests.jars import link_jar
from tests.pages.doors.test_signal import offer, refused, sent


@pytest.fixture
def media():
    """The media loop, as in the served app."""
    worker.prepare()
    with loop.running():
        yield


@pytest.fixture
def checked(house):
    planned = house.plan()
    house.identified(planned)
    return planned


@pytest.fixture
def stage(checked, desk, client, media):
    """The stage of an advisor in a talk, and their browser at the door."""
    tab = desk(checked)
    client.cookies.update(tab.jar)
    return tab.at.session_state["stage"]


def test_every_word_is_a_sentence_and_every_one_is_used():
    script = modules.MODULES["call/share.js"].decode()
    words, problems = share._words(), share._problems()
    surfaces = {"monitor", "window", "browser"}  # the names of the Screen Capture specification
    assert [key for key, sentence in {**words, **problems}.items() if not sentence.strip()] == []
    assert set(re.findall(r"(?<!this\.)words\.(\w+)", script)) | surfaces == set(words)
    systems = {"mac", "windows", "linux"}
    assert set(re.findall(r"problems\.(\w+)", script)) | systems == set(problems)


def test_a_screen_gets_a_line_only_while_the_office_says_so(house, checked, stage, client):
    ask = {"tab": stage.tab.id, "offer": offer(), "screen": True}
    assert sent(client, **ask) == refused(403, "not_allowed")
    screen.show(house.advisor, NOW, checked.appointment_id)
    assert sent(client, **ask)[0] == 200
    line = stage.screen_end.line
    seat = seat_names.seat(house.advisor)
    assert (line.seat, line.screen_of) == (seat_names.screen_of(seat), seat)
    assert stage.screen_end.worker.pc.line is line
    assert stage.end.line is not line

    screen.hide(house.advisor, NOW, checked.appointment_id)
    assert sent(client, **ask) == refused(403, "not_allowed")
    ROOMS.room(checked.appointment_id).recheck()
    assert (line.closed, stage.line.closed) == (True, False)
    screen.show(house.advisor, NOW, checked.appointment_id)
    assert sent(client, **ask)[0] == 200
    assert not stage.screen_end.line.closed


def test_a_guest_gets_no_line_for_a_screen(house, checked, visitor, client, media):
    screen.show(house.advisor, NOW, checked.appointment_id)
    client.cookies.update(link_jar(checked.secret))
    tab = visitor(checked).at.session_state["stage"].tab.id
    assert sent(client, tab, offer=offer(), screen=True) == refused(403, "not_allowed")


@pytest.fixture
def pressed(house, monkeypatch):
    """What the browser's end sends, as the page takes it."""
    asked = []
    monkeypatch.setattr(people, "staff_actor", lambda: house.advisor)
    monkeypatch.setattr(rooms, "recheck", asked.append)
    monkeypatch.setattr(st, "session_state", kept := {})

    def press(deed, name, planned, number):
        kept["share"] = {name: number}
        share._do(deed, name, planned.appointment_id)
        return kept.get("share_answer"), asked

    return press


def test_a_press_is_done_at_once_and_answered_by_its_number(house, checked, pressed):
    number = checked.appointment_id
    assert pressed(screen.show, "show", checked, 17) == ((17, None), [number])
    assert advisor_view.meeting(house.advisor, number).screen_shown
    assert pressed(screen.hide, "hide", checked, 18) == ((18, None), [number] * 2)
    assert not advisor_view.meeting(house.advisor, number).screen_shown


def test_a_refusal_is_kept_with_its_reason(house, pressed):
    planned = house.plan()
    house.talking(planned)
    answer, _ = pressed(screen.show, "show", planned, 3)
    assert answer == (3, Reason.NOT_IDENTIFIED)


@pytest.mark.parametrize("number", [None, "3", 0, -1, 1.5, True, [], 1 << 60])
def test_what_is_no_press_does_nothing(house, checked, pressed, number):
    assert pressed(screen.show, "show", checked, number) == (None, [])
    assert not advisor_view.meeting(house.advisor, checked.appointment_id).screen_shown
