"""
Pages without a browser: Streamlit's AppTest on the `house`, with a call that is not real.

A `Tab` is one browser tab. Everything a test reads of it is what a person would read.
"""

import json
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from starlette.testclient import TestClient
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from core import access, clock
from core.media.rooms.line import Line
from core.media.rooms.live_rooms import ROOMS
from core.office import staff_sessions
from core.office.planning import Planned
from pages.call import our_end, stage
from pages.doors import windows
from pages.parts import people
from pages.tabs import tab as tabs
from tests.conftest import PASSWORD, House
from tests.jars import DEVICE, link_jar
from tests.pages import reading
from tests.pages.knocking import doorway

INDEX = Path(__file__).parents[2] / "pages" / "index.py"


@dataclass
class FakeCall:
    """In place of the browser's end: keeps how it was drawn, and how often our end was stopped."""

    stops: int = 0
    draws: list[dict[str, Any]] = field(default_factory=list)

    def draw(self, shown: dict[str, Any]) -> None:
        self.draws.append(shown | {"line": st.session_state["stage"].line})

    def stop(self) -> None:
        self.stops += 1

    @property
    def last(self) -> dict[str, Any]:
        return self.draws[-1]

    @property
    def line(self) -> Line:
        """The line the call that was drawn last is wired to."""
        return self.last["line"]


class Tab:
    """One browser tab at one address, with the cookies of its browser."""

    def __init__(self, jar: dict[str, str], use: Callable[["Tab"], None]) -> None:
        self.at = AppTest.from_file(INDEX, default_timeout=60)
        self.jar = jar
        self.session_id = secrets.token_hex()
        self._use = use

    def run(self) -> "Tab":
        """One run of the page; no test here ever sees one fail."""
        self._use(self)
        self.at.run()
        assert [problem.value for problem in self.at.exception] == []
        return self

    def go_to(self, path: str) -> "Tab":
        """
        Open the page registered under `path`.

        AppTest.switch_page knows pages by file only, and not before the first run, while
        the file behind "termin" changes with the status. So the hash is set as StreamlitPage
        makes it, for one run; afterwards AppTest follows st.switch_page by itself.
        """
        self.at._page_hash = calc_hash(path)
        self.run()
        self.at._page_hash = ""
        return self

    def press(self, key: str) -> "Tab":
        self.at.button(key=key).click()
        return self.run()

    def press_twice(self, key: str) -> "Tab":
        """Two presses of one button: the second was sent before anything of the first was seen."""
        self.at.button(key=key).click()
        states = self.at._tree.get_widget_states().widgets
        # A browser says nothing of the buttons that were not pressed.
        idle = [each for each in states if each.WhichOneof("value") == "trigger_value"]
        idle = [each for each in idle if not each.trigger_value]
        sent = WidgetStates(widgets=[each for each in states if each not in idle])
        self.run()
        self._use(self)
        self.at._run(sent)
        assert [problem.value for problem in self.at.exception] == []
        return self

    def says(self, message: str) -> "Tab":
        """Write into the chat."""
        self.at.chat_input(key="chat").set_value(message)
        return self.run()

    @property
    def pieces(self) -> list[reading.Tag]:
        """Our own HTML, piece by piece, without the style sheet."""
        bodies = [piece.value for piece in self.at.get("html")]
        return [reading.tree(body) for body in bodies if not body.startswith("<style>")]

    def all(self, name: str) -> list[reading.Tag]:
        return [tag for piece in self.pieces for tag in piece.all(name)]

    @property
    def heading(self) -> str:
        """The first-level heading; there is one on every page."""
        [heading] = [tag.text for tag in self.all("h1")]
        return heading

    @property
    def paragraphs(self) -> list[str]:
        return [tag.text for tag in self.all("p")]

    @property
    def facts(self) -> dict[str, str]:
        names, values = self.all("dt"), self.all("dd")
        return {name.text: value.text for name, value in zip(names, values, strict=True)}

    @property
    def states(self) -> list[str]:
        """Results and states in words, without the mark before them."""
        lines = [tag for tag in self.all("p") if "state" in tag.attributes["class"].split()]
        return [line.text.split(maxsplit=1)[1] for line in lines]

    @property
    def errors(self) -> list[str]:
        return [error.value for error in self.at.error]

    @property
    def buttons(self) -> list[str]:
        return [button.label for button in self.at.button]

    @property
    def chat(self) -> list[tuple[str, str]]:
        """Who said what."""
        data = self.chat_data
        you = data["words"]["you"] if data else ""
        return [
            (you if line["mine"] else line["author"], "".join(each[0] for each in line["pieces"]))
            for line in data.get("lines", [])
        ]

    @property
    def chat_data(self) -> dict[str, Any]:
        """What the chat is told; empty where there is none."""
        return self.told("chat")

    def told(self, component: str) -> dict[str, Any]:
        """What one of our components is told; empty where there is none."""
        found = [data for name, data in self._told() if name == f"beratungsraum_{component}"]
        assert len(found) <= 1
        return found[0] if found else {}

    def every_told(self) -> list[dict[str, Any]]:
        return [data for _name, data in self._told()]

    def _told(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for node in self.at._tree:
            name = getattr(getattr(node, "proto", None), "component_name", "")
            if name:
                yield name, json.loads(node.proto.json)

    @property
    def unsent(self) -> str | None:
        """What the chat's field, which the browser has emptied, is given back."""
        unsent = self.chat_data["unsent"]
        return unsent and unsent["text"]

    @property
    def everything(self) -> list[bytes]:
        """All that is sent to the browser for this page, byte for byte."""
        protos = [node.proto for node in self.at._tree if getattr(node, "proto", None)]
        return [proto.SerializeToString(deterministic=True) for proto in protos]


@pytest.fixture
def it_is(house: House, monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the time all pages go by; it stands still at `house.now` until then."""
    hands = [house.now]
    for which in ("now", "wall"):
        monkeypatch.setattr(clock, which, lambda: hands[0])
    return lambda moment: hands.__setitem__(0, moment)


@pytest.fixture
def client(house: House, it_is: Callable[[datetime], None]) -> TestClient:
    """Somebody's browser at the plain doors; it follows no redirect by itself."""
    client = TestClient(doorway(), follow_redirects=False)
    client.headers.pop("user-agent")
    return client


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCall]:
    fake = FakeCall()
    monkeypatch.setattr(stage, "draw", fake.draw)
    stop = our_end.End.stop
    monkeypatch.setattr(our_end.End, "stop", lambda end: (fake.stop(), stop(end)))
    yield fake
    ROOMS._rooms.clear()


@pytest.fixture
def new_tab(
    it_is: Callable[[datetime], None], call: FakeCall, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Tab]:
    """Opens a tab: cookies, path, and the query as keywords."""
    tabs._tabs.clear()  # nobody's page of an earlier test is open
    current: list[Tab] = []
    monkeypatch.setattr(people, "cookies", lambda: dict(current[-1].jar))
    # AppTest has one name for the sessions of all tabs.
    monkeypatch.setattr(people, "session_id", lambda: current[-1].session_id)
    # Looking for packaged components takes a second for every tab; we have none.
    monkeypatch.setattr(
        BidiComponentManager, "discover_and_register_components", lambda *_, **__: None
    )

    def opened(jar: dict[str, str], path: str, **query: str) -> Tab:
        tab = Tab(jar, current.append)
        tab.at.query_params.update(query)
        return tab.go_to(path)

    return opened


@pytest.fixture
def visitor(new_tab: Callable[..., Tab]) -> Callable[..., Tab]:
    """Opens the link of a planned appointment in a new tab of a browser."""

    def opened(planned: Planned, device: str = DEVICE, **query: str) -> Tab:
        key = access.link_key(planned.secret)
        return new_tab(link_jar(planned.secret, device), "termin", **{"t": key, **query})

    return opened


@pytest.fixture
def advisor(new_tab: Callable[..., Tab]) -> Callable[..., Tab]:
    """Opens a staff page in a new tab, signed in as Anna unless `login` says otherwise."""

    def opened(path: str, login: str = "anna", **query: str) -> Tab:
        token = staff_sessions.sign_in(clock.now(), login, PASSWORD)
        return new_tab({"beratung": token}, path, **query)

    return opened


@pytest.fixture
def desk(advisor: Callable[..., Tab]) -> Callable[[Planned], Tab]:
    """Opens the desk of a planned appointment."""
    return lambda planned: advisor("beratung", termin=str(planned.appointment_id))


@pytest.fixture
def later(monkeypatch):
    """Moves the time the doors count by."""
    ahead = [0.0]
    monkeypatch.setattr(windows, "monotonic", lambda: time.monotonic() + ahead[0])
    return lambda seconds: ahead.__setitem__(0, ahead[0] + seconds)
