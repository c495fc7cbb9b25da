"""
A page that was left does not come back by itself.

Symptom 1: until the browser has heard of the page that comes next, a fragment of the last one may
still ask to be rerun. Streamlit shows the last page again, as if nothing had been pressed: an
advisor who went to the desk was back in the agenda, once in twenty times. Dropped, it took with it
what was pressed in the same moment, which the browser sends in one request.

Symptom 2: a part that has the page rerun (`st.rerun`) just when somebody goes to another one takes
the place of what they asked for: who went back from the desk stayed there.
Gone when Streamlit drops a fragment's request of another page, and a rerun keeps the page that
was asked for meanwhile (docs/upstream.md).
"""

from dataclasses import replace

from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import (
    ScriptRequests,
    ScriptRequestType,
)

from pages.upstream import callbacks
from pages.upstream.changed import refuse_missing

_PAGES, _SESSION = "_pages_manager", "_session_state"
_STATE, _PENDING = "_state", "_rerun_data"
_run_any = ScriptRunner._run_script
_take_any = ScriptRequests._request_rerun_locked


def prepare() -> None:
    """Once at start."""
    refuse_missing(
        "Streamlit's pages",
        {
            _PAGES: _PAGES in ScriptRunner.__init__.__code__.co_names,
            _SESSION: _SESSION in ScriptRunner.__init__.__code__.co_names,
            "current_page_script_hash": hasattr(PagesManager, "current_page_script_hash"),
            "fragment_id_queue": hasattr(RerunData(), "fragment_id_queue"),
            _STATE: hasattr(ScriptRequests(), _STATE),
            _PENDING: hasattr(ScriptRequests(), _PENDING),
        },
    )
    # There is no other place for them.
    ScriptRunner._run_script = _run  # type: ignore[method-assign, assignment]
    ScriptRequests._request_rerun_locked = _take  # type: ignore[method-assign, assignment]


def _run(runner: ScriptRunner, asked: RerunData) -> None:
    """
    Streamlit's own; of a page that was left a press runs all of it, and a part nothing.

    After a whole page comes what was pressed before it was drawn (callbacks.py, symptom 6).
    """
    shown = getattr(runner, _PAGES).current_page_script_hash
    if asked.fragment_id_queue and asked.page_script_hash != shown:
        if not callbacks.is_pressed(asked.widget_states):
            return
        asked = replace(asked, fragment_id_queue=[])
    _run_any(runner, asked)
    if not asked.fragment_id_queue:
        for early in callbacks.take_early(getattr(runner, _SESSION)):
            _run_any(runner, early)


def _take(requests: ScriptRequests, asked: RerunData) -> bool:
    """Streamlit's own, but a rerun that the page asks for itself leads to no page that was left."""
    pending: RerunData = getattr(requests, _PENDING)
    waits = getattr(requests, _STATE) is ScriptRequestType.RERUN
    if waits and not pending.fragment_id_queue and _of_this_page(asked):
        asked = replace(
            asked,
            page_script_hash=pending.page_script_hash,
            page_name=pending.page_name,
            query_string=pending.query_string,
            is_history_navigation=pending.is_history_navigation,
        )
    return _take_any(requests, asked)


def _of_this_page(asked: RerunData) -> bool:
    """Whether a script run asks for itself again; what the browser asks for comes from no run."""
    run = get_script_run_ctx(suppress_warning=True)
    if run is None:
        return False
    here = run.page_script_hash, run.query_string
    return (asked.page_script_hash, asked.query_string) == here
