"""What was pressed or written is done, whatever newer request comes meanwhile."""

import json
from contextlib import suppress
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import ChatInputValue
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.runtime.state.common import WidgetMetadata

from pages.upstream import callbacks
from pages.upstream.changed import UpstreamChanged


@pytest.fixture
def interrupted(monkeypatch):
    """A session with a button "send", in which something newer is always waiting."""
    monkeypatch.setattr(SafeSessionState, "on_script_will_rerun", callbacks._interruptible)
    monkeypatch.setattr(AppSession, "request_rerun", callbacks._ask_unless_gone)

    def newer():
        raise RerunException(RerunData())

    ThreadState.initialize()  # as at the beginning of a run
    return SafeSessionState(SessionState(), newer)


def press(safe):
    """What came of the press: how far its callback got."""
    done = []

    def callback():
        done.append("called")
        done.append("kept" in safe)
        done.append("to the end")

    metadata = WidgetMetadata(
        id="send",
        deserializer=bool,
        serializer=bool,
        value_type="trigger_value",
        callback=callback,
    )
    safe._state._set_widget_metadata(metadata)
    pressed = WidgetStates(widgets=[WidgetState(id="send", trigger_value=True)])
    try:
        safe.on_script_will_rerun(pressed)
    except RerunException:
        done.append("forgotten")
    return done


def test_streamlit_forgets_a_press_when_something_newer_waits(interrupted):
    """Why there is `callbacks`; when this fails, Streamlit has learned it."""
    assert press(interrupted) == ["forgotten"]


def test_a_press_is_done_to_its_end_and_what_is_newer_comes_after_it(interrupted):
    callbacks.prepare()
    assert press(interrupted) == ["called", False, "to the end"]
    with pytest.raises(RerunException):
        _ = interrupted["kept"]


def three_presses(safe: SafeSessionState) -> list[str]:
    """The order in which they are done, when each comes before the page is drawn to its end."""
    done: list[str] = []
    requests = ScriptRequests()
    for name in ("first", "second", "third"):
        metadata = WidgetMetadata(
            id=name,
            deserializer=bool,
            serializer=bool,
            value_type="trigger_value",
            callback=partial(done.append, name),
        )
        safe._state._set_widget_metadata(metadata)
        widgets = [WidgetState(id="box", bool_value=True), WidgetState(id=name, trigger_value=True)]
        requests.request_rerun(RerunData(widget_states=WidgetStates(widgets=widgets)))
    with suppress(RerunException):
        safe.on_script_will_rerun(requests.on_scriptrunner_ready().rerun_data.widget_states)
    return done


def test_streamlit_does_first_what_was_pressed_last(interrupted):
    """Why there is `callbacks`; when this fails, Streamlit has learned it."""
    object.__setattr__(interrupted, callbacks._LOOK, lambda: None)
    assert three_presses(interrupted) == ["third", "second", "first"]


def test_what_is_pressed_while_a_page_is_drawn_is_done_in_its_order(interrupted):
    callbacks.prepare()
    assert three_presses(interrupted) == ["first", "second", "third"]


@pytest.fixture
def opened(interrupted, monkeypatch):
    """A session that is about to draw its first page."""
    context = SimpleNamespace(
        query_string="t=1",
        page_script_hash="page",
        cached_message_hashes=set(),
        context_info=None,
        fragment_ids_this_run=None,
    )
    monkeypatch.setattr(callbacks, "get_script_run_ctx", lambda: context)
    object.__setattr__(interrupted, callbacks._LOOK, lambda: None)
    return interrupted, context


def draw(safe: SafeSessionState, done: list[str]) -> None:
    """A page with buttons, one of which only means something on the page that was seen."""
    for key in ("go_on", "enter", "admit_1"):
        metadata = WidgetMetadata(
            id=f"$$ID-0-{key}",
            deserializer=bool,
            serializer=bool,
            value_type="trigger_value",
            callback=partial(done.append, key),
        )
        safe._state._set_widget_metadata(metadata)


def then_early(safe: SafeSessionState) -> None:
    """As after a whole page."""
    for early in callbacks.take_early(safe):
        safe.on_script_will_rerun(early.widget_states)


def pressed(key: str, **value: Any) -> WidgetStates:
    pressed = WidgetState(id=f"$$ID-0-{key}", **(value or {"trigger_value": True}))
    return WidgetStates(widgets=[WidgetState(id="box", bool_value=True), pressed])


def at_first(opened, *keys: str) -> list[str]:
    """What is done of presses that come before the first page of a session is drawn."""
    (safe, _), done = opened, []
    for key in keys:
        safe.on_script_will_rerun(pressed(key))
    draw(safe, done)
    then_early(safe)
    safe.on_script_will_rerun(pressed("gone"))
    then_early(safe)
    return done


def test_streamlit_forgets_a_press_on_a_page_that_it_has_not_drawn_yet(opened):
    """Why there is `callbacks`; when this fails, Streamlit has learned it."""
    assert at_first(opened, "go_on") == []


@pytest.mark.parametrize(
    ("presses", "done"),
    [
        (["go_on"], ["go_on"]),
        (["enter", "go_on"], ["enter", "go_on"]),
        (["go_on", "go_on"], ["go_on", "go_on"]),  # the office counts once
        (["gone"], []),
        (["gone", "go_on"], ["go_on"]),
        (["admit_1"], []),  # whoever waits there may be another by now
        (["admit_1", "go_on"], ["go_on"]),
    ],
)
def test_a_press_on_a_page_that_has_yet_to_be_drawn_is_done_when_it_is(opened, presses, done):
    callbacks.prepare()
    assert at_first(opened, *presses) == done


def test_what_is_pressed_while_an_earlier_press_waits_waits_behind_it(opened):
    callbacks.prepare()
    (safe, _), done = opened, []
    safe.on_script_will_rerun(pressed("go_on"))
    draw(safe, done)
    safe.on_script_will_rerun(pressed("enter"))
    assert done == []
    then_early(safe)
    assert done == ["go_on", "enter"]


def test_a_press_waits_for_its_own_page_and_for_no_other(opened):
    callbacks.prepare()
    (safe, context), done = opened, []
    safe.on_script_will_rerun(pressed("go_on"))
    context.query_string = "t=2"
    draw(safe, done)
    then_early(safe)
    assert done == []


def test_nothing_is_lost_when_the_first_page_cannot_be_drawn(opened):
    callbacks.prepare()
    (safe, _), done = opened, []
    safe.on_script_will_rerun(pressed("go_on"))
    then_early(safe)
    draw(safe, done)
    then_early(safe)
    assert done == ["go_on"]


@pytest.mark.parametrize("value", [{"trigger_value": False}, {"bool_value": True}])
def test_only_a_press_waits(opened, value):
    callbacks.prepare()
    safe, _ = opened
    safe.on_script_will_rerun(pressed("go_on", **value))
    draw(safe, [])
    assert list(callbacks.take_early(safe)) == []


def test_a_message_waits_whatever_its_field_is_called(opened):
    callbacks.prepare()
    safe, _ = opened
    message = ChatInputValue(data="Ich bin wieder da.")
    safe.on_script_will_rerun(pressed("chat", chat_input_value=message))
    draw(safe, [])
    [early] = callbacks.take_early(safe)
    assert [each.chat_input_value.data for each in early.widget_states.widgets] == [message.data]


def test_somebody_who_only_presses_fills_no_memory(opened):
    callbacks.prepare()
    safe, _ = opened
    many = WidgetStates(
        widgets=[WidgetState(id=f"{n}-go_on", trigger_value=True) for n in range(99)]
    )
    for _ in range(3):
        safe.on_script_will_rerun(many)
    assert len(safe._state[callbacks._EARLY]) == callbacks._MOST_EARLY


def asked_for(part: str, *widgets: WidgetState) -> list[tuple[str | None, list[str]]]:
    """What a session, in which there is one part "here", runs when it is asked for `part`."""
    asked = []

    def request_rerun(data: RerunData) -> bool:
        asked.append((data.fragment_id, [each.id for each in data.widget_states.widgets]))
        return True

    session = SimpleNamespace(
        _state=None,
        _scriptrunner=SimpleNamespace(request_rerun=request_rerun),
        has_fragment=lambda each: each == "here",
    )
    states = WidgetStates(widgets=widgets)
    AppSession.request_rerun(session, ClientState(fragment_id=part, widget_states=states))
    return asked


PRESSED = WidgetState(id="button", trigger_value=True)
CHOSEN = WidgetState(id="box", bool_value=True)


def test_streamlit_forgets_a_press_that_comes_with_a_part_that_has_gone(interrupted):
    """Why there is `callbacks`; when this fails, Streamlit has learned it."""
    assert asked_for("gone", PRESSED) == []


@pytest.mark.parametrize(
    ("part", "widgets", "runs"),
    [
        ("here", [PRESSED], [("here", ["button"])]),
        ("gone", [PRESSED], [(None, ["button"])]),
        ("gone", [CHOSEN, PRESSED], [(None, ["box", "button"])]),
        ("gone", [CHOSEN], []),
        ("gone", [], []),
        ("", [CHOSEN], [(None, ["box"])]),
    ],
)
def test_a_press_is_done_even_if_the_part_it_comes_with_has_gone(interrupted, part, widgets, runs):
    callbacks.prepare()
    assert asked_for(part, *widgets) == runs


def test_the_start_is_refused_when_what_waits_would_be_thrown_away(monkeypatch):
    monkeypatch.setattr(callbacks.config, "get_option", lambda name: name == "runner.fastReruns")
    with pytest.raises(UpstreamChanged):
        callbacks.prepare()


def test_the_start_is_refused_when_streamlit_looks_in_another_way(interrupted, monkeypatch):
    monkeypatch.setattr(callbacks, "_LOOK", "_another_name")
    with pytest.raises(UpstreamChanged):
        callbacks.prepare()


@pytest.mark.parametrize(
    ("thing", "name"),
    [
        (WidgetMetadata, "fragment_id"),
        (SessionState, "_widget_changed"),
    ],
)
def test_the_start_is_refused_when_what_has_changed_is_kept_elsewhere(
    interrupted, monkeypatch, thing, name
):
    monkeypatch.delattr(thing, name)
    with pytest.raises(UpstreamChanged, match=name):
        callbacks.prepare()


@pytest.mark.parametrize(
    ("sent", "left"),
    [
        ([{"event": "a", "value": 1}], [{"event": "a", "value": 1}]),
        ([{"event": "a"}, {"event": "b"}, {"event": "a", "value": 2}], ["a", "b"]),
        ([{"event": "a", "value": n} for n in range(1000)], ["a"]),
        ([{"value": 1}, {}], [None]),
        ([], []),
    ],
)
def test_of_the_same_event_of_a_component_the_last_is_left(sent, left):
    said = WidgetStates(widgets=[WidgetState(id="x", json_trigger_value=json.dumps(sent))])
    [widget] = callbacks._in_order(said).widgets
    kept = json.loads(widget.json_trigger_value)
    assert len(kept) == len(left)
    if sent:
        assert kept[0] == [each for each in sent if each.get("event") == kept[0].get("event")][-1]


@pytest.mark.parametrize("sent", ["", "x", "{", "1", '"a"', "null", "[1]", '[{"event":', "\ud7ff"])
def test_what_cannot_be_read_is_left_to_streamlit(sent):
    said = WidgetStates(widgets=[WidgetState(id="x", json_trigger_value=sent)])
    assert callbacks._in_order(said) == said
