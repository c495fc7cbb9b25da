"""What was pressed or written is done, whatever newer request comes meanwhile."""

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.runtime.state.common import WidgetMetadata

from pages.upstream import callbacks
from pages.upstream.changed import UpstreamChanged


@pytest.fixture
def interrupted(monkeypatch):
    """A session with a button "send", in which something newer is always waiting."""
    monkeypatch.setattr(SafeSessionState, "on_script_will_rerun", callbacks._interruptible)

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
