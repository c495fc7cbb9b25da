"""
A whole page is drawn from its beginning, not inside of one of its parts.

Symptom: after a part of a page has run, Streamlit goes on adding to the place where that part
stands. When the whole page is asked for meanwhile, it runs in the same thread, and all of it lands
in that place: "Nicht angemeldet" in the chat, once in sixty times. What comes next has no place in
the browser then; its page turns white and stays so.
Gone when Streamlit forgets that place with everything else before a run (docs/upstream.md).
"""

import inspect
from typing import Any

from streamlit.delta_generator_singletons import context_dg_stack, get_default_dg_stack_value
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

from pages.upstream.changed import refuse_missing

_PLACES = "cursors"
_reset_any = ScriptRunContext.reset


def prepare() -> None:
    """Once at start."""
    refuse_missing(
        "Streamlit's beginning of a run",
        {_PLACES: f"self.{_PLACES}" in inspect.getsource(_reset_any)},
    )
    ScriptRunContext.reset = _reset  # type: ignore[method-assign, assignment]  # there is no other place


def _reset(context: ScriptRunContext, *all_of: Any, **it: Any) -> None:
    """Streamlit's own, which is called before every run."""
    _reset_any(context, *all_of, **it)
    context_dg_stack.set(get_default_dg_stack_value())
