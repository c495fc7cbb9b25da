"""What a frame from a browser asks Streamlit for. Knows its form only, and no rule."""

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg


def asks_for(frame: bytes) -> str | None:
    """The kind of the message; None if the frame is none of Streamlit's."""
    try:
        return BackMsg.FromString(frame).WhichOneof("type") or ""
    except DecodeError:
        return None
