"""The one door to streamlit-webrtc: names it needs, exact versions, no server elsewhere."""

import re
from importlib.metadata import version

import pytest
from streamlit_webrtc import webrtc

from core.media.connection import Connection
from core.office import hosting
from core.settings import ROOT
from pages.parts import stage, worker
from tests.conftest import NOW
from tests.core.media.packets import End


def test_connections_are_ours():
    worker.prepare()
    assert webrtc.RTCPeerConnection is Connection


@pytest.mark.parametrize("name", worker._REPLACED)
def test_the_start_is_refused_when_what_we_replace_is_missing(monkeypatch, name):
    monkeypatch.delattr(webrtc, name)
    with pytest.raises(worker.LibraryChanged, match=f"streamlit-webrtc has changed: {name}$"):
        worker.prepare()


def test_every_name_of_streamlit_webrtc_that_is_replaced_is_one_that_is_checked():
    source = (ROOT / "pages" / "parts" / "worker.py").read_text(encoding="utf-8")
    assert re.findall(r"streamlit_webrtc\.webrtc\.(\w+) =", source) == [*worker._REPLACED]


@pytest.mark.parametrize("package", ["streamlit", "streamlit-webrtc", "aiortc", "aioice"])
def test_what_is_installed_is_exactly_what_is_pinned(package):
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if re.match(rf"{package}[^\w-]", line)]
    assert pins == [f"{package}=={version(package)}"]


def test_the_server_end_asks_no_stun_server():
    assert worker.NOBODY.iceServers == []


def test_every_word_of_the_stage_is_a_sentence_and_every_one_is_used():
    script = stage._script()
    words = stage._words()
    assert [key for key, sentence in words.items() if not sentence.strip()] == []
    assert [key for key in words if f"words.{key}" not in script] == []
    assert sorted(set(re.findall(r"words\.(\w+)", script)) - set(words)) == []


def test_what_is_wrong_with_a_device_is_said_by_the_name_of_the_error():
    assert sorted(stage._problems()) == [
        "AbortError",
        "Error",
        "NoMediaDevices",
        "NotAllowedError",
        "NotFoundError",
        "NotReadableError",
        "OverconstrainedError",
    ]


def test_whoever_is_out_has_hung_up(house, visitor, call):
    planned = house.plan()
    house.talking(planned)
    tab = visitor(planned)
    line = call.line
    End(line).film()
    hosting.end(house.advisor, NOW, planned.appointment_id)
    tab.run().run()
    assert (call.stops > 0, line.started, "stage" in tab.at.session_state) == (True, -1, False)
