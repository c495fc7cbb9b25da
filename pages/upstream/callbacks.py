"""
What was pressed is done to its end, and what it changed is drawn.

Symptom 1: Streamlit looks for a newer request before it calls the callbacks, and again whenever
one of them looks into st.session_state. It then leaves them at once and forgets the press, or the
message that was written. While a call is built up there is something newer several times a second.
Here it looks after the last callback, which it does anyway. What waits for its turn stays as long
as `runner.fastReruns` is off.

Symptom 2: the browser sends what happens in the same moment as one request: a press anywhere, and
a fragment that asks to be rerun. Only that fragment would be drawn. Here the whole page is.
Gone when Streamlit calls callbacks before it looks for newer requests (docs/upstream.md).
"""

from typing import Any

from streamlit import config
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import (
    RerunData,
    RerunException,
    StopException,
    get_script_run_ctx,
)
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.runtime.state.common import WidgetMetadata

from pages.upstream.changed import UpstreamChanged, refuse_missing

_LOOK = "_yield_callback"
_INSIDE = "_state"
_interruptible = SafeSessionState.on_script_will_rerun


def prepare() -> None:
    """Once at start."""
    if config.get_option("runner.fastReruns"):
        raise UpstreamChanged("runner.fastReruns is on, see .streamlit/config.toml")
    SafeSessionState.on_script_will_rerun = _to_the_end
    state = SafeSessionState(SessionState(), _interrupt)
    try:
        state.on_script_will_rerun(None)
    except StopException:
        raise UpstreamChanged("Streamlit looks for newer requests in another way") from None
    inside = getattr(state, _INSIDE)
    metadata = getattr(inside, "_new_widget_state", None)
    refuse_missing(
        "Streamlit's record of what has changed",
        {
            "fragment_ids_this_run": hasattr(ScriptRunContext, "fragment_ids_this_run"),
            "fragment_id": hasattr(WidgetMetadata, "fragment_id"),
            "_widget_changed": hasattr(inside, "_widget_changed"),
            "widget_metadata": hasattr(metadata, "widget_metadata"),
        },
    )


def _to_the_end(state: SafeSessionState, *states: Any, **more: Any) -> None:
    """Streamlit's own, which notes what the browser sent and calls the callbacks."""
    look = getattr(state, _LOOK)
    object.__setattr__(state, _LOOK, lambda: None)
    try:
        _interruptible(state, *states, **more)
    finally:
        object.__setattr__(state, _LOOK, look)
    context = get_script_run_ctx()
    parts = context.fragment_ids_this_run if context else None
    if context and parts and not _changed_in(getattr(state, _INSIDE)) <= set(parts):
        raise RerunException(_whole_page(context, states[0]))


def _whole_page(context: ScriptRunContext, said: WidgetStates) -> RerunData:
    """A run of everything, in which a button is pressed that has no callback."""
    pressed = [each for each in said.widgets if each.trigger_value]
    return RerunData(
        query_string=context.query_string,
        page_script_hash=context.page_script_hash,
        cached_message_hashes=context.cached_message_hashes,
        context_info=context.context_info,
        replay_trigger_states=WidgetStates(widgets=pressed),
    )


def _changed_in(state: SessionState) -> set[str | None]:
    """The parts of the page in which somebody has just done something; None is the rest of it."""
    widgets = state._new_widget_state
    known = widgets.widget_metadata
    changed = filter(state._widget_changed, widgets)
    return {known[each].fragment_id for each in changed if each in known}


def _interrupt() -> None:
    raise StopException
