"""Everything reaches the browser in the order in which it was drawn."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from pages.upstream import delivery
from pages.upstream.changed import UpstreamChanged


def drawn_twice():
    """What is sent when a part of a whole page is redrawn before anything was sent."""
    queue = ForwardMsgQueue()
    part = ForwardMsg(delta={"fragment_id": "part"}, metadata={"delta_path": [0, 0]})
    whole = ForwardMsg(delta={}, metadata={"delta_path": [0, 1]})
    end = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
    for each in (part, whole, end):
        queue.enqueue(each)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["part"])
    queue.enqueue(part)
    return [(each.WhichOneof("type"), *each.metadata.delta_path) for each in queue.flush()]


def test_streamlit_takes_a_part_out_of_a_page_that_is_on_its_way(monkeypatch):
    """Why there is `delivery`; when this fails, Streamlit has learned it."""
    monkeypatch.setattr(ForwardMsgQueue, "clear", delivery._clear_any)
    assert drawn_twice() == [("delta", 0, 1), ("script_finished",), ("delta", 0, 0)]


def test_a_page_on_its_way_arrives_whole_before_one_of_its_parts_comes_anew():
    delivery.prepare()
    whole = [("delta", 0, 0), ("delta", 0, 1), ("script_finished",)]
    assert drawn_twice() == [*whole, ("delta", 0, 0)]


def test_the_start_is_refused_when_the_places_are_kept_elsewhere(monkeypatch):
    monkeypatch.setattr(delivery, "_PLACES", "_another_name")
    with pytest.raises(UpstreamChanged, match="_another_name"):
        delivery.prepare()
