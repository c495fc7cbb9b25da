"""A part of a page that was left does not bring it back."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests
from streamlit.runtime.state import SafeSessionState, SessionState

from pages.upstream import left_pages
from pages.upstream.changed import UpstreamChanged

PRESS = WidgetStates(widgets=[WidgetState(id="button", trigger_value=True)])


def runner(page: str) -> SimpleNamespace:
    pages = SimpleNamespace(current_page_script_hash=page)
    session = SafeSessionState(SessionState(), lambda: None)
    return SimpleNamespace(**{left_pages._PAGES: pages, left_pages._SESSION: session})


@pytest.fixture(autouse=True)
def _as_installed(monkeypatch):
    monkeypatch.setattr(ScriptRunner, "_run_script", left_pages._run_any)
    monkeypatch.setattr(ScriptRequests, "_request_rerun_locked", left_pages._take_any)


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
    monkeypatch.setattr(left_pages, "_run_any", lambda _runner, each: ran.append(each))
    left_pages._run(runner("desk"), asked)
    assert ran == [asked] * done


def test_a_press_that_came_with_a_part_of_a_page_that_was_left_is_done(monkeypatch):
    ran = []
    monkeypatch.setattr(left_pages, "_run_any", lambda _runner, each: ran.append(each))
    asked = RerunData(page_script_hash="agenda", fragment_id_queue=["part"], widget_states=PRESS)
    left_pages._run(runner("form"), asked)
    assert ran == [replace(asked, fragment_id_queue=[])]


@pytest.mark.parametrize(("part", "then"), [([], ["early"]), (["a part"], [])])
def test_what_was_pressed_before_the_page_was_drawn_is_done_after_all_of_it(
    monkeypatch, part, then
):
    ran = []
    monkeypatch.setattr(left_pages, "_run_any", lambda _runner, each: ran.append(each))
    monkeypatch.setattr(left_pages.callbacks, "take_early", lambda _state: iter(["early"]))
    asked = RerunData(page_script_hash="desk", fragment_id_queue=part)
    left_pages._run(runner("desk"), asked)
    assert ran == [asked, *then]


def then_run(monkeypatch, *asked: tuple[RerunData, str | None]) -> tuple[str, str, str, list[str]]:
    """What runs after these, each with the page of the run that asks; None: the browser asks."""
    requests = ScriptRequests()
    for data, page in asked:
        run = page and SimpleNamespace(page_script_hash=page, query_string="termin=5")
        monkeypatch.setattr(left_pages, "get_script_run_ctx", lambda *, suppress_warning, r=run: r)
        assert requests.request_rerun(data)
    found = requests.on_scriptrunner_ready().rerun_data
    pressed = [each.id for each in found.widget_states.widgets] if found.widget_states else []
    return found.page_script_hash, found.page_name, found.query_string, pressed


BACK = RerunData(page_script_hash="agenda", query_string="")
BY_NAME = RerunData(page_name="tagesplan", query_string="")
RERUN = RerunData(page_script_hash="desk", query_string="termin=5", widget_states=PRESS)


def test_streamlit_forgets_where_somebody_goes_when_the_page_asks_to_be_rerun(monkeypatch):
    """Why there is `left_pages`; when this fails, Streamlit has learned it."""
    found = then_run(monkeypatch, (BACK, None), (RERUN, "desk"))
    assert found == ("desk", "", "termin=5", ["button"])


@pytest.mark.parametrize(
    ("asked", "runs"),
    [
        ([(BACK, None), (RERUN, "desk")], ("agenda", "", "", ["button"])),
        ([(BY_NAME, None), (RERUN, "desk")], ("", "tagesplan", "", ["button"])),
        # Later, and from the browser or to another page: that is where somebody wants to go.
        ([(BACK, None), (RERUN, None)], ("desk", "", "termin=5", ["button"])),
        ([(BACK, None), (RERUN, "form")], ("desk", "", "termin=5", ["button"])),
        (
            [(BACK, None), (replace(RERUN, query_string="termin=6"), "desk")],
            ("desk", "", "termin=6", ["button"]),
        ),
        ([(RERUN, "desk")], ("desk", "", "termin=5", ["button"])),
        (
            [(replace(BACK, fragment_id="part"), None), (RERUN, "desk")],
            ("desk", "", "termin=5", ["button"]),
        ),
    ],
)
def test_a_page_that_asks_to_be_rerun_leads_nobody_back(monkeypatch, asked, runs):
    left_pages.prepare()
    assert then_run(monkeypatch, *asked) == runs


def test_the_start_is_refused_when_streamlit_keeps_its_pages_elsewhere(monkeypatch):
    monkeypatch.setattr(left_pages, "_PAGES", "_another_name")
    with pytest.raises(UpstreamChanged, match="_another_name"):
        left_pages.prepare()


def test_the_start_is_refused_when_the_page_that_is_shown_has_another_name(monkeypatch):
    monkeypatch.delattr(PagesManager, "current_page_script_hash")
    with pytest.raises(UpstreamChanged, match="current_page_script_hash"):
        left_pages.prepare()
