"""
A press is done to its end, and is seen: nothing newer interrupts the callbacks of what was
pressed before, and what they changed is drawn.

Streamlit looks for a newer request before it calls them, and again whenever one of them looks
into st.session_state. It then leaves them at once and forgets the press, or the message that
was written. While a call is built up there is something newer several times a second. Here it
looks after the last callback, which it does anyway. What waits for its turn stays as long as
`runner.fastReruns` is off.

The browser sends what happens in the same moment as one: a press anywhere, and a part of the
page that asks to be drawn anew. Only that part would then be drawn. Here the whole page is.

And a part of a page that was left may still ask, until the browser has heard of the other one.
Streamlit would show its page again, as if nothing had been pressed. Here nobody hears it.

And when a part is drawn anew while the whole page is still on its way to the browser, Streamlit
takes it out of that page, whose other parts then move up into its place, and are overwritten
there: a button is gone. Here everything arrives, in the order in which it was drawn.
The only module that knows this inside.
"""

from typing import Any

from streamlit import config
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import (
    RerunData,
    RerunException,
    ScriptRunner,
    StopException,
    get_script_run_ctx,
)
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.runtime.state.common import WidgetMetadata

_LOOK = "_yield_callback"
_INSIDE = "_state"
_interruptible = SafeSessionState.on_script_will_rerun
_run_any = ScriptRunner._run_script
_PAGES = "_pages_manager"
_clear_any = ForwardMsgQueue.clear
_PLACES = "_delta_index_map"


class PressesChanged(RuntimeError):
    """Streamlit no longer calls callbacks the way this module needs it."""


def prepare() -> None:
    """Once at start: make it so, and refuse when it does not become so."""
    if config.get_option("runner.fastReruns"):
        raise PressesChanged("runner.fastReruns is on, see .streamlit/config.toml")
    SafeSessionState.on_script_will_rerun = _to_the_end
    state = SafeSessionState(SessionState(), _interrupt)
    try:
        state.on_script_will_rerun(None)
    except StopException:
        raise PressesChanged("Streamlit looks for newer requests in another way") from None
    inside = getattr(state, _INSIDE)
    used = (
        (ScriptRunContext, "fragment_ids_this_run"),
        (WidgetMetadata, "fragment_id"),
        (inside, "_widget_changed"),
        (getattr(inside, "_new_widget_state", None), "widget_metadata"),
        (PagesManager, "current_page_script_hash"),
        (RerunData(), "fragment_id_queue"),
        (ForwardMsgQueue(), _PLACES),
    )
    missing = [name for thing, name in used if not hasattr(thing, name)]
    missing += {_PAGES} - set(ScriptRunner.__init__.__code__.co_names)
    if missing:
        raise PressesChanged(f"Streamlit keeps what has changed in another way: {missing}")
    ScriptRunner._run_script = _run  # type: ignore[method-assign]  # there is no other place
    ForwardMsgQueue.clear = _clear  # type: ignore[method-assign]  # nor for this


def _run(runner: ScriptRunner, asked: RerunData) -> None:
    """Streamlit's own, but for parts of a page that is no longer shown."""
    shown = getattr(runner, _PAGES).current_page_script_hash
    if not asked.fragment_id_queue or asked.page_script_hash == shown:
        _run_any(runner, asked)


def _clear(
    queue: ForwardMsgQueue,
    retain_lifecycle_msgs: bool = False,
    fragment_ids_this_run: list[str] | None = None,
) -> None:
    """Streamlit's own, but for parts that are about to be drawn anew: those come after."""
    if fragment_ids_this_run is None:
        _clear_any(queue, retain_lifecycle_msgs)
    else:
        setattr(queue, _PLACES, {})


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
