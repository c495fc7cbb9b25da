"""
A part of a page that was left does not bring that page back.

Symptom: until the browser has heard of the page that comes next, a fragment of the last one may
still ask to be rerun. Streamlit shows the last page again, as if nothing had been pressed: an
advisor who went to the desk was back in the agenda, once in twenty times.
Gone when Streamlit drops a fragment's request of another page (docs/upstream.md).
"""

from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner

from pages.upstream.changed import refuse_missing

_PAGES = "_pages_manager"
_run_any = ScriptRunner._run_script


def prepare() -> None:
    """Once at start."""
    refuse_missing(
        "Streamlit's pages",
        {
            _PAGES: _PAGES in ScriptRunner.__init__.__code__.co_names,
            "current_page_script_hash": hasattr(PagesManager, "current_page_script_hash"),
            "fragment_id_queue": hasattr(RerunData(), "fragment_id_queue"),
        },
    )
    ScriptRunner._run_script = _run  # type: ignore[method-assign, assignment]  # there is no other place


def _run(runner: ScriptRunner, asked: RerunData) -> None:
    """Streamlit's own, but for parts of a page that is no longer shown."""
    shown = getattr(runner, _PAGES).current_page_script_hash
    if not asked.fragment_id_queue or asked.page_script_hash == shown:
        _run_any(runner, asked)
