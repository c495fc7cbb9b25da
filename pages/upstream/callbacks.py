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
before the server has drawn it. Streamlit knows no callback yet and forgets the press, or the
message. Here messages, and presses that mean the same on a page drawn anew, are done as soon as it
is drawn (left_pages.py).

Gone when Streamlit calls callbacks before it looks for newer requests, and draws a page once before
it does what was pressed on it (docs/upstream.md).
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from streamlit import config
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
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
_MOST_EARLY = 8
_MAY_WAIT = {"go_on", "enter"}  # keys of buttons: to agree, to go on to the Warteraum
Early = tuple[tuple[str, str], WidgetState]  # the page and its query, and what was pressed there
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
    """Holds presses back until the first page of a session is drawn, and what comes after them."""
    context = get_script_run_ctx()
    if context is None or (_EARLY in inside and inside[_EARLY] is None):
        return said
    place, early = (context.page_script_hash, context.query_string), _early(inside)
    now, drawn = WidgetStates(), inside._new_widget_state.widget_metadata
    for each in said.widgets:
        if _may_wait(each) and (early or each.id not in drawn):
            early = [*early, (place, each)][:_MOST_EARLY]
        else:
            now.widgets.append(each)
    if early:
        inside[_EARLY] = early
    return now


def _may_wait(each: WidgetState) -> bool:
    """
    Whether it means the same on a page that is drawn anew.

    Whom to admit, or what to end, somebody has decided by what the old page showed.
    """
    key = each.id.rpartition("-")[2]
    return bool(each.chat_input_value.data) or (each.trigger_value and key in _MAY_WAIT)


def _early(inside: SessionState) -> list[Early]:
    return (_EARLY in inside and inside[_EARLY]) or []


def take_early(state: SafeSessionState) -> Iterator[RerunData]:
    """After a whole page: the runs that do what was pressed before it was drawn, in its order."""
    inside, context = getattr(state, _INSIDE), get_script_run_ctx()
    if context is None or not inside._new_widget_state.widget_metadata:
        return  # nothing is drawn yet, as when the database is away
    early = _early(inside)
    inside[_EARLY] = None
    for place, each in early:
        if place == (context.page_script_hash, context.query_string):  # or it was meant for another
            states = WidgetStates(widgets=[each])
            yield replace(_whole_page(context, WidgetStates()), widget_states=states)


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
