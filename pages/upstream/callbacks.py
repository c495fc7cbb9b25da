"""
What was pressed is done to its end, and what it changed is drawn.

Symptom 1: Streamlit looks for a newer request before it calls the callbacks, and again whenever
one of them looks into st.session_state. It then leaves them at once and forgets the press, or the
message that was written. While a call is built up there is something newer several times a second.
Here it looks after the last callback, which it does anyway. What waits for its turn stays as long
as `runner.fastReruns` is off.

Symptom 2: the browser sends what happens in the same moment as one request: a press anywhere, and
a fragment that asks to be rerun. Only that fragment would be drawn. Here the whole page is.

Symptom 3: if that fragment is no longer part of the page, Streamlit drops the request, and the
press with it. Here the whole page is run.

Symptom 4: what is pressed while a page is being drawn waits, and the press that came last is done
first: "Heute" and "Tag vor" led to today. Here they are done in the order in which they came.

Symptom 5: a component's callback is called once for each event that a browser names in one message,
a thousand times if it names a thousand. Here the last of each kind counts.

Symptom 6: after a server has started anew the page stands in the browser, and may be pressed,
before the server has drawn it. Streamlit knows no callback yet and forgets the press. Here it is
done as soon as the page is drawn (left_pages.py runs it then).
Gone when Streamlit calls callbacks before it looks for newer requests (docs/upstream.md).
"""

import json
from dataclasses import replace
from typing import Any

from streamlit import config
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.app_session import AppSession
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
_PRESSED = ("trigger_value", "chat_input_value")
_EVENTS = "json_trigger_value"
_EARLY = "early_presses"  # of a session: None as soon as its first page is drawn
_interruptible = SafeSessionState.on_script_will_rerun
_ask_unless_gone = AppSession.request_rerun


def prepare() -> None:
    """Once at start."""
    if config.get_option("runner.fastReruns"):
        raise UpstreamChanged("runner.fastReruns is on, see .streamlit/config.toml")
    # There is no other place for them.
    SafeSessionState.on_script_will_rerun = _to_the_end  # type: ignore[method-assign, assignment]
    AppSession.request_rerun = _ask  # type: ignore[method-assign, assignment]
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
            "has_fragment": "has_fragment" in _ask_unless_gone.__code__.co_names,
        },
    )


def _ask(session: AppSession, said: ClientState | None) -> None:
    """Streamlit's own, but what is pressed needs no part of the page that it came with."""
    part = said.fragment_id if said else ""
    if said and part and not session.has_fragment(part) and is_pressed(said.widget_states):
        whole = ClientState()
        whole.CopyFrom(said)
        whole.ClearField("fragment_id")
        said = whole
    _ask_unless_gone(session, said)


def is_pressed(said: WidgetStates | None) -> bool:
    """Whether there is a press, or a message, in what the browser says."""
    return said is not None and any(each.WhichOneof("value") in _PRESSED for each in said.widgets)


def _to_the_end(state: SafeSessionState, said: WidgetStates | None, **more: Any) -> None:
    """Streamlit's own, which notes what the browser sent and calls the callbacks."""
    said = said and _known(getattr(state, _INSIDE), _in_order(said))
    look = getattr(state, _LOOK)
    object.__setattr__(state, _LOOK, lambda: None)
    try:
        _interruptible(state, said, **more)
    finally:
        object.__setattr__(state, _LOOK, look)
    context = get_script_run_ctx()
    parts = context.fragment_ids_this_run if context else None
    if said and context and parts and not _changed_in(getattr(state, _INSIDE)) <= set(parts):
        raise RerunException(_whole_page(context, said))


def _known(inside: SessionState, said: WidgetStates) -> WidgetStates:
    """Without what is pressed of a page that has yet to be drawn for the first time: it is kept."""
    if _EARLY in inside and inside[_EARLY] is None:
        return said
    drawn = inside._new_widget_state.widget_metadata
    waits = [w for w in said.widgets if w.WhichOneof("value") in _PRESSED and w.id not in drawn]
    if waits:
        inside[_EARLY] = [*_early(inside), WidgetStates(widgets=waits)]
    return WidgetStates(widgets=[each for each in said.widgets if each not in waits])


def _early(inside: SessionState) -> list[WidgetStates]:
    return (_EARLY in inside and inside[_EARLY]) or []


def take_early(state: SafeSessionState) -> list[RerunData]:
    """All of the page is drawn: the runs that do what was pressed before, in its order."""
    inside, context = getattr(state, _INSIDE), get_script_run_ctx()
    early = _early(inside)
    inside[_EARLY] = None
    if not early or context is None:
        return []
    whole = _whole_page(context, WidgetStates())
    return [replace(whole, widget_states=each) for each in early]


def _in_order(said: WidgetStates) -> WidgetStates:
    """What was pressed comes last, and in the order in which it was: Streamlit puts newer first."""
    pressed = [each for each in said.widgets if each.WhichOneof("value") in _PRESSED]
    others = [each for each in said.widgets if each.WhichOneof("value") not in _PRESSED]
    ordered = WidgetStates(widgets=[*others, *reversed(pressed)])
    for each in ordered.widgets:
        if each.WhichOneof("value") == _EVENTS:
            each.json_trigger_value = _once_each(each.json_trigger_value)
    return ordered


def _once_each(payloads: str) -> str:
    """Of the same event of a component the last is left; what cannot be read stays as it is."""
    try:
        sent = json.loads(payloads)
    except ValueError:
        return payloads
    if not isinstance(sent, list) or not all(isinstance(each, dict) for each in sent):
        return payloads
    return json.dumps(list({str(each.get("event")): each for each in sent}.values()))


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
