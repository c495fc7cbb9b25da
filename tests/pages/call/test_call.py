"""The one door to streamlit-webrtc: names it needs, exact versions, no server elsewhere."""

import re
from importlib.metadata import version
from types import SimpleNamespace

import pytest
from streamlit_webrtc import webrtc

from core.media.rooms.room import Room
from core.office import hosting
from core.settings import ROOT
from pages.call import lacking, stage, worker
from pages.call.tab_call import TabCall
from pages.tabs import tab as tabs
from pages.ui import modules
from tests.conftest import NOW
from tests.core.media.ends import End


@pytest.fixture
def unprepared(monkeypatch):
    """What is replaced in here is put back."""
    monkeypatch.setattr(webrtc, worker._REPLACED, webrtc.RTCPeerConnection)


def test_a_worker_is_made_around_the_connection_that_is_given_and_around_no_other(unprepared):
    worker.prepare()
    given = object()
    with worker._given(given):
        assert webrtc.RTCPeerConnection(None) is given
    with pytest.raises(LookupError):
        webrtc.RTCPeerConnection(None)


def test_the_start_is_refused_when_what_we_replace_is_missing(monkeypatch):
    monkeypatch.delattr(webrtc, "RTCPeerConnection")
    changed = "streamlit-webrtc has changed: RTCPeerConnection$"
    with pytest.raises(worker.LibraryChanged, match=changed):
        worker.prepare()


@pytest.mark.parametrize("package", ["streamlit", "streamlit-webrtc", "aiortc"])
def test_what_is_installed_is_exactly_what_is_pinned(package):
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if re.match(rf"{package}[^\w-]", line)]
    assert pins == [f"{package}=={version(package)}"]


def test_the_server_end_asks_nobody_for_its_address(unprepared, monkeypatch):
    """Neither STUN nor TURN: what a connection is told of servers goes nowhere."""
    worker.prepare()
    made = []
    monkeypatch.setattr(worker.Worker, "__init__", lambda _self, **given: made.append(given))
    monkeypatch.setattr(worker.loop, "current", lambda: None)
    worker.made(object(), None)
    assert [each["rtc_configuration"] for each in made] == [None]


def test_every_word_of_the_stage_is_a_sentence_and_every_one_is_used():
    script = "".join(
        code.decode()
        for name, code in modules.MODULES.items()
        if name.startswith("call/") and name != "call/share.js"
    )
    words = stage._words()
    assert [key for key, sentence in words.items() if not sentence.strip()] == []
    assert [key for key in words if f"words.{key}" not in script] == []
    assert sorted(set(re.findall(r"words\.(\w+)", script)) - set(words)) == []


def test_every_state_of_a_device_has_a_sentence_for_each_and_for_both():
    script = "".join(modules.MODULES[f"call/{name}.js"].decode() for name in ("asking", "devices"))
    known = re.search(r"const WRONG = \{(.*?)\};.*?const SOUGHT = \[(.*?)\]", script, re.DOTALL)
    states = {*re.findall(r'"(\w+)"', " ".join(known.groups())), "muted", "unable", "failed"}
    assert [set(each) for each in lacking.sentences().values()] == [states] * 3


def test_whoever_is_out_has_hung_up(house, visitor, call):
    planned = house.plan()
    house.talking(planned)
    tab = visitor(planned)
    line = call.line
    End(line).film()
    hosting.end(house.advisor, NOW, planned.appointment_id)
    tab.run().run()
    assert (call.stops > 0, line.closed, "stage" in tab.at.session_state) == (True, True, False)


def test_a_browser_is_told_which_call_has_ended_before_its_page_can_say_why():
    """Else it would miss the connection, and offer again for nothing."""
    tab, socket = tabs.begin("holder"), SimpleNamespace(wake=lambda: None)
    tab.listener.attach(socket)
    kept = TabCall(1, Room().new_line("guest:1"), None, [], tab)
    kept.line.release()
    assert {"over": kept.number} in tab.listener.take(socket)


def test_no_script_touches_what_a_browser_remembers_but_where_it_may_be_refused():
    """A browser may refuse to, by an error; tests/browser/test_kept.py."""
    touched = re.compile("(session|local)Storage")
    scripts = (ROOT / "pages").rglob("*.js")
    touching = [each.name for each in scripts if touched.search(each.read_text(encoding="utf-8"))]
    assert sorted(touching) == ["first.js", "kept.js"]
