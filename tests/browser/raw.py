"""A page without a browser: speaks Streamlit's own protocol and may say anything in it."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import repeat
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

SECONDS = 30
LIVE = "beratungsraum_live"
CALL = "beratungsraum_stage"
CHAT = "beratungsraum_chat"
FINISHED = ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
TAG = re.compile(r"<style>.*?</style>|<[^>]*>", re.DOTALL)


class RawPage:
    """
    One session at the server; `widgets` has the ids of what was drawn, by label,
    `call` what the server last told the browser's end of the call, and `parts` the ids of what
    may be redrawn alone (fragments).
    """

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.widgets: dict[str, str] = {}
        self.call: dict[str, Any] = {}
        self.parts: set[str] = set()
        self.tab = ""  # as its live socket names it
        self._shown: tuple[str, str] | None = None  # the page and what the server calls it
        self._query = ""

    def run(self, page: str, query: str, forged: list[WidgetState] | None = None) -> str:
        """Have the script run with these widget states; the text of the page it draws."""
        message = BackMsg()
        if self._shown and self._shown[0] == page:
            message.rerun_script.page_script_hash = self._shown[1]
        else:
            self._shown = None
            message.rerun_script.page_name = page
        self._send(message, query, forged)
        return self._text(page)

    def again(self) -> str:
        """The same page from beginning to end."""
        assert self._shown is not None
        return self.run(self._shown[0], self._query)

    def switch(self, page: str, query: str, part: str) -> str:
        """
        Go to another page, and ask for a part of the one before while that is drawn.

        Returns the text of the other page.
        """
        # Some come too early or too late to matter; of many more the gate would let none in.
        late = repeat(self._request(part), 4)
        self._shown = None
        self._send(BackMsg(rerun_script=ClientState(page_name=page)), query)
        return self._text(page, late=late)

    def run_part(
        self, part: str, forged: list[WidgetState] | None = None, seconds: float = SECONDS
    ) -> str:
        """Have one part of the page redrawn; the text of what is drawn."""
        assert self._shown is not None
        self._send(self._request(part), self._query, forged)
        return self._text(self._shown[0], seconds)

    def _request(self, part: str) -> BackMsg:
        assert self._shown is not None
        return BackMsg(rerun_script=ClientState(page_script_hash=self._shown[1], fragment_id=part))

    def _send(self, message: BackMsg, query: str, forged: list[WidgetState] | None = None) -> None:
        message.rerun_script.query_string = self._query = query
        message.rerun_script.widget_states.widgets.extend(forged or [])
        self._socket.send(message.SerializeToString())

    def _text(self, page: str, seconds: float = SECONDS, late: Iterable[BackMsg] = ()) -> str:
        """
        What the run that came to its end has drawn.

        A script may start over before that, and whether what it had drawn until then was sent,
        is chance; a browser forgets it, too. Whenever it says something, one of `late` is sent.
        """
        texts: list[str] = []
        begun, waiting = False, iter(late)
        while True:
            received = self._socket.recv(seconds)
            assert isinstance(received, bytes)
            message = ForwardMsg.FromString(received)
            if message.HasField("script_finished") and message.script_finished in FINISHED:
                return "\n".join(texts)
            if message.HasField("new_session"):
                texts.clear()
                begun = True
            if begun and (more := next(waiting, None)):
                self._send(more, self._query)
            if message.HasField("navigation"):
                self._shown = page, message.navigation.page_script_hash
            if message.HasField("delta"):
                self.parts |= {message.delta.fragment_id} - {""}
                texts.extend(self._drawn(message))

    def _drawn(self, message: ForwardMsg) -> Iterator[str]:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "html":
            yield html.unescape(TAG.sub(" ", element.html.body))
        elif kind == "alert":
            yield element.alert.body
        elif kind == "button":
            self.widgets[element.button.label] = element.button.id
        elif kind == "chat_input":
            self.widgets[element.chat_input.placeholder] = element.chat_input.id
        elif kind == "bidi_component":
            self._component(element.bidi_component)
            if element.bidi_component.component_name == CHAT:
                yield from _said(json.loads(element.bidi_component.json))

    def _component(self, drawn: BidiComponent) -> None:
        if drawn.component_name == LIVE:
            self.tab = json.loads(drawn.json)["tab"]
        elif drawn.component_name == CALL:
            self.call = json.loads(drawn.json)
            self.widgets["call"] = drawn.id


def _said(chat: dict[str, Any]) -> Iterator[str]:
    for line in chat["lines"]:
        yield f"{line['author']} {''.join(text for text, *_link in line['pieces'])}"


@contextmanager
def raw_page(
    base_url: str, cookies: dict[str, str], session_id: str | None = None
) -> Iterator[RawPage]:
    """A page opened with these cookies; `session_id` asks for a session that is there already."""
    address = base_url.replace("http://", "ws://") + "/_stcore/stream"
    offered = ["streamlit", "no-xsrf-token", session_id] if session_id else ["streamlit"]
    protocols = [Subprotocol(each) for each in offered]
    with connect(
        address,
        origin=Origin(base_url),
        subprotocols=protocols,
        additional_headers={"Cookie": cookie_header(cookies)},
    ) as socket:
        yield RawPage(socket)


def cookie_header(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
