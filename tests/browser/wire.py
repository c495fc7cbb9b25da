"""What goes over the wire of one browser, as its own developer tools see it."""

import base64
from collections.abc import Callable
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.people import Person


class Wire:
    """Every address and every header a browser has sent or got, by the header's name."""

    def __init__(self, person: Person) -> None:
        self.seen: list[tuple[str, str]] = []
        self.sessions: set[str] = set()
        self._client = person.context.new_cdp_session(person.page)
        self._client.send("Network.enable")
        listen: dict[str, Callable[[dict[str, Any]], None]] = {
            "requestWillBeSent": lambda event: self._note(event["request"]),
            "requestWillBeSentExtraInfo": self._note,
            "responseReceived": lambda event: self._note(event["response"]),
            "responseReceivedExtraInfo": self._note,
            "webSocketCreated": self._note,
            "webSocketWillSendHandshakeRequest": lambda event: self._note(event["request"]),
            "webSocketHandshakeResponseReceived": lambda event: self._note(event["response"]),
            "webSocketFrameReceived": self._frame,
        }
        for name, listener in listen.items():
            self._client.on(f"Network.{name}", listener)

    def _note(self, what: dict[str, Any]) -> None:
        if "url" in what:
            self.seen.append(("url", what["url"]))
        for name, value in what.get("headers", {}).items():
            self.seen.append((name.lower(), value))

    def _frame(self, event: dict[str, Any]) -> None:
        if event["response"]["opcode"] != 2:
            return
        message = ForwardMsg.FromString(base64.b64decode(event["response"]["payloadData"]))
        if message.HasField("new_session"):
            self.sessions.add(message.new_session.initialize.session_id)

    def has(self, word: str) -> set[str]:
        """The headers it was in; "url" for an address."""
        return {name for name, value in self.seen if word in value}
