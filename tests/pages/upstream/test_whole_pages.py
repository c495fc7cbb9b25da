"""A whole page is drawn from its beginning, whatever has run before it in the same thread."""

import threading

import pytest
import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import add_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.state import SafeSessionState, SessionState

from pages.upstream import whole_pages
from pages.upstream.changed import UpstreamChanged


@pytest.fixture(autouse=True)
def _as_installed(monkeypatch):
    monkeypatch.setattr(ScriptRunContext, "reset", whole_pages._reset_any)


@st.fragment
def chat() -> None:
    st.text("a message")


def drawn_after_a_part() -> list[int]:
    """Where a whole page begins after the chat in the sidebar has been redrawn."""
    sent: list[ForwardMsg] = []
    context = ScriptRunContext(
        session_id="session",
        _enqueue=sent.append,
        query_string="",
        session_state=SafeSessionState(SessionState(), lambda: None),
        uploaded_file_mgr=None,
        main_script_path=__file__,
        user_info={},
        fragment_storage=MemoryFragmentStorage(),
        pages_manager=PagesManager(__file__),
    )
    add_script_run_ctx(threading.current_thread(), context)
    context.reset()
    with st.sidebar:
        chat()
    part = sent[-1].delta.fragment_id
    context.reset(fragment_ids_this_run=[part])
    context.fragment_storage.lookup(part)()
    context.reset()
    st.text("a page")
    return list(sent[-1].metadata.delta_path)


def somewhere_else() -> list[int]:
    """The same in a thread of its own, as every run is in one."""
    found: list[list[int]] = []
    thread = threading.Thread(target=lambda: found.append(drawn_after_a_part()))
    thread.start()
    thread.join()
    return found[0]


def test_streamlit_draws_a_whole_page_into_the_part_that_ran_before_it():
    """Why there is `whole_pages`; when this fails, Streamlit has learned it."""
    assert somewhere_else() == [1, 1]  # the sidebar, after the chat


def test_a_whole_page_begins_at_its_beginning():
    whole_pages.prepare()
    assert somewhere_else() == [0, 0]


def test_the_start_is_refused_when_a_run_begins_in_another_way(monkeypatch):
    monkeypatch.setattr(whole_pages, "_PLACES", "_another_name")
    with pytest.raises(UpstreamChanged, match="_another_name"):
        whole_pages.prepare()
