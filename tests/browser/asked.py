"""
What a page has asked the server for, in words: which press was sent, and with which part; and how
many messages have come in between.
"""

from playwright.sync_api import WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg

PRESSED = ("trigger_value", "json_trigger_value", "chat_input_value")


class Asked:
    """Listens to one page; the newest is last."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self._received = 0

    def listen(self, socket: WebSocket) -> None:
        if "/_stcore/" in socket.url:
            self._received = 0
            self.said.append(f"connected to {socket.url}")
            socket.on("framesent", self._sent)
            socket.on("framereceived", self._came)
            socket.on("close", self._closed)

    def _closed(self, _socket: WebSocket) -> None:
        self._received = 0
        self.said.append("closed")

    def _came(self, _frame: str | bytes) -> None:
        if self._received:
            self.said.pop()
        self._received += 1
        self.said.append(f"{self._received} messages came")

    def _sent(self, frame: str | bytes) -> None:
        said = BackMsg.FromString(frame if isinstance(frame, bytes) else frame.encode())
        if said.WhichOneof("type") != "rerun_script":
            return
        self._received = 0
        rerun = said.rerun_script
        pressed = [
            each.id.rsplit("-", 1)[-1]
            for each in rerun.widget_states.widgets
            if each.WhichOneof("value") in PRESSED
        ]
        part = f"part {rerun.fragment_id[:6]}" if rerun.fragment_id else "all"
        self.said.append(f"{part} of page {rerun.page_script_hash[:6]}, pressed: {pressed}")
