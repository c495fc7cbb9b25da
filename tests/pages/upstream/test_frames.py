"""What a frame from a browser asks for."""

from streamlit.proto.BackMsg_pb2 import BackMsg

from pages.upstream import frames


def test_a_frame_says_what_it_asks_for():
    message = BackMsg(clear_cache=True).SerializeToString()
    assert frames.asks_for(message) == "clear_cache"
    assert frames.asks_for(b"") == ""
    assert frames.asks_for(b"\xff\xff\xff") is None
