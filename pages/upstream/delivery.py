"""
Everything reaches the browser in the order in which it was drawn.

Symptom: when a fragment is rerun while the whole page is still in the queue, Streamlit takes the
fragment out of that page but keeps the page's end. What stood beside the fragment moves up into
its place and is overwritten there: "Gespräch beenden" was gone in three of eight journeys.
Gone when Streamlit keeps the places of a page that is in its queue (docs/upstream.md).
"""

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from pages.upstream.changed import refuse_missing

_PLACES = "_delta_index_map"
_clear_any = ForwardMsgQueue.clear


def prepare() -> None:
    """Once at start."""
    refuse_missing("Streamlit's queue", {_PLACES: hasattr(ForwardMsgQueue(), _PLACES)})
    ForwardMsgQueue.clear = _clear  # type: ignore[method-assign, assignment]  # there is no other place


def _clear(
    queue: ForwardMsgQueue,
    retain_lifecycle_msgs: bool = False,
    fragment_ids_this_run: list[str] | None = None,
) -> None:
    """Streamlit's own, but for parts that are about to be redrawn: those come after."""
    if fragment_ids_this_run is None:
        _clear_any(queue, retain_lifecycle_msgs)
    else:
        setattr(queue, _PLACES, {})
