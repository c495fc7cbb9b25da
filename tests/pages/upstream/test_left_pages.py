"""A part of a page that was left does not bring it back."""

from types import SimpleNamespace

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from pages.upstream import left_pages
from pages.upstream.changed import UpstreamChanged


@pytest.fixture(autouse=True)
def _as_installed(monkeypatch):
    monkeypatch.setattr(ScriptRunner, "_run_script", left_pages._run_any)


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
    pages = SimpleNamespace(current_page_script_hash="desk")
    left_pages._run(SimpleNamespace(**{left_pages._PAGES: pages}), asked)
    assert ran == [asked] * done


def test_the_start_is_refused_when_streamlit_keeps_its_pages_elsewhere(monkeypatch):
    monkeypatch.setattr(left_pages, "_PAGES", "_another_name")
    with pytest.raises(UpstreamChanged, match="_another_name"):
        left_pages.prepare()


def test_the_start_is_refused_when_the_page_that_is_shown_has_another_name(monkeypatch):
    monkeypatch.delattr(PagesManager, "current_page_script_hash")
    with pytest.raises(UpstreamChanged, match="current_page_script_hash"):
        left_pages.prepare()
