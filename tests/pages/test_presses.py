"""What was pressed or written is done, whatever newer request comes meanwhile."""

from types import SimpleNamespace

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.runtime.state.common import WidgetMetadata

from pages.parts import presses


@pytest.fixture
def interrupted(monkeypatch):
    """A session with a button "send", in which something newer is always waiting."""
    monkeypatch.setattr(SafeSessionState, "on_script_will_rerun", presses._interruptible)

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
    """Why there is `presses`; when this fails, Streamlit has learned it."""
    assert press(interrupted) == ["forgotten"]


def test_a_press_is_done_to_its_end_and_what_is_newer_comes_after_it(interrupted):
    presses.prepare()
    assert press(interrupted) == ["called", False, "to the end"]
    with pytest.raises(RerunException):
        _ = interrupted["kept"]


def test_the_start_is_refused_when_what_waits_would_be_thrown_away(monkeypatch):
    monkeypatch.setattr(presses.config, "get_option", lambda name: name == "runner.fastReruns")
    with pytest.raises(presses.PressesChanged):
        presses.prepare()


def test_the_start_is_refused_when_streamlit_looks_in_another_way(interrupted, monkeypatch):
    monkeypatch.setattr(presses, "_LOOK", "_another_name")
    with pytest.raises(presses.PressesChanged):
        presses.prepare()


@pytest.mark.parametrize(
    ("thing", "name"),
    [
        (WidgetMetadata, "fragment_id"),
        (SessionState, "_widget_changed"),
        (PagesManager, "current_page_script_hash"),
    ],
)
def test_the_start_is_refused_when_what_has_changed_is_kept_elsewhere(
    interrupted, monkeypatch, thing, name
):
    monkeypatch.delattr(thing, name)
    with pytest.raises(presses.PressesChanged, match=name):
        presses.prepare()


@pytest.mark.parametrize(
    ("asked", "done"),
    [
        (RerunData(page_script_hash="desk"), True),
        (RerunData(page_script_hash="agenda"), True),
        (RerunData(page_script_hash="desk", fragment_id_queue=["its part"]), True),
        (RerunData(page_script_hash="agenda", fragment_id_queue=["its part"]), False),
    ],
)
def test_only_a_part_of_a_page_that_was_left_is_not_heard(monkeypatch, asked, done):
    ran = []
    monkeypatch.setattr(presses, "_run_any", lambda _runner, each: ran.append(each))
    pages = SimpleNamespace(current_page_script_hash="desk")
    presses._run(SimpleNamespace(**{presses._PAGES: pages}), asked)
    assert ran == [asked] * done


def test_the_start_is_refused_when_streamlit_keeps_its_pages_elsewhere(monkeypatch):
    monkeypatch.setattr(presses, "_PAGES", "_another_name")
    with pytest.raises(presses.PressesChanged, match="_another_name"):
        presses.prepare()


def drawn_twice():
    """What is sent when a part of a whole page is drawn anew before anything was sent."""
    queue = ForwardMsgQueue()
    part = ForwardMsg(delta={"fragment_id": "part"}, metadata={"delta_path": [0, 0]})
    whole = ForwardMsg(delta={}, metadata={"delta_path": [0, 1]})
    end = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
    for each in (part, whole, end):
        queue.enqueue(each)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["part"])
    queue.enqueue(part)
    return [(each.WhichOneof("type"), *each.metadata.delta_path) for each in queue.flush()]


def test_streamlit_takes_a_part_out_of_a_page_that_is_on_its_way(monkeypatch):
    """Why there is `presses`; when this fails, Streamlit has learned it."""
    monkeypatch.setattr(ForwardMsgQueue, "clear", presses._clear_any)
    assert drawn_twice() == [("delta", 0, 1), ("script_finished",), ("delta", 0, 0)]


def test_a_page_on_its_way_arrives_whole_before_one_of_its_parts_comes_anew():
    presses.prepare()
    whole = [("delta", 0, 0), ("delta", 0, 1), ("script_finished",)]
    assert drawn_twice() == [*whole, ("delta", 0, 0)]
