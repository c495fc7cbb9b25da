"""The one door to streamlit-webrtc: names it needs, exact versions, no server elsewhere."""

import re
from importlib.metadata import version
from types import SimpleNamespace

import pytest
from aiortc import RTCConfiguration
from streamlit_webrtc import component, config, webrtc
from streamlit_webrtc.component import WebRtcStreamerContext

from core.media import loop
from core.media.connection import Connection
from core.office import hosting
from core.settings import ROOT
from pages.parts import call as door
from tests.conftest import NOW
from tests.core.media.packets import End


@pytest.fixture
def registered(monkeypatch):
    """What `prepare` has registered with a runtime that is not real."""
    components = []
    registry = SimpleNamespace(register_component=components.append)
    monkeypatch.setattr(door, "get_instance", lambda: SimpleNamespace(component_registry=registry))
    return components


def test_the_pinned_streamlit_webrtc_has_everything_the_call_needs(registered):
    door.prepare()
    assert registered == [component._component_func]


@pytest.fixture
def without(monkeypatch):
    """A streamlit-webrtc in which one private name has gone."""
    real = WebRtcStreamerContext.__getattribute__

    def remove(name):
        def get(context, wanted):
            if wanted == name:
                raise AttributeError(name)
            return real(context, wanted)

        monkeypatch.setattr(WebRtcStreamerContext, "__getattribute__", get)

    return remove


@pytest.mark.parametrize("name", ["_last_rendered_run_count"])
def test_the_start_is_refused_and_names_what_is_missing(registered, without, name):
    without(name)
    with pytest.raises(door.LibraryChanged, match=f"streamlit-webrtc has changed: {name}$"):
        door.prepare()
    assert registered == []


@pytest.mark.parametrize(
    ("module", "name"),
    [(component, name) for name in door._PRIVATE_FUNCTIONS]
    + [(webrtc, name) for name in door._REPLACED],
)
def test_the_start_is_refused_when_what_we_call_or_replace_is_missing(
    registered, monkeypatch, module, name
):
    monkeypatch.delattr(module, name)
    with pytest.raises(door.LibraryChanged, match=f"streamlit-webrtc has changed: {name}$"):
        door.prepare()
    assert registered == []


def test_connections_are_ours_and_run_on_the_media_loop(registered):
    door.prepare()
    assert webrtc.RTCPeerConnection is Connection
    with loop.running():
        assert webrtc.get_global_event_loop() is loop.current()


def test_every_private_name_used_is_one_that_is_checked():
    source = (ROOT / "pages" / "parts" / "call.py").read_text(encoding="utf-8")
    used = set(re.findall(r"(?:context|component)\.(_[a-z_]+|enhance_\w+)", source))
    assert used == {*door._PRIVATE, *door._PRIVATE_FUNCTIONS}


@pytest.mark.parametrize("package", ["streamlit", "streamlit-webrtc", "aiortc", "aioice"])
def test_what_is_installed_is_exactly_what_is_pinned(package):
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if re.match(rf"{package}[^\w-]", line)]
    assert pins == [f"{package}=={version(package)}"]


def test_the_server_end_asks_no_stun_server():
    built = config.compile_rtc_configuration(door.RTC)
    assert isinstance(built, RTCConfiguration)
    assert built.iceServers == []


def test_the_browser_end_gets_what_it_is_given_and_nobody_keeps_it(registered):
    door.prepare()
    relay = {"iceServers": [{"urls": ["turn:relay.example.com"], "credential": "for one seat"}]}
    for given in (door.RTC, relay):
        assert component.enhance_frontend_rtc_configuration(given) == given
    assert component.enhance_frontend_rtc_configuration is dict  # no cache


def test_every_word_on_the_call_is_a_german_sentence_of_ours():
    known = set(component.Translations.__annotations__)
    words = door._translations()
    assert set(words) <= known
    assert words["start"] == door.start_label() == "Kamera und Mikrofon einschalten"
    assert [key for key, sentence in words.items() if not sentence.strip()] == []


def test_hanging_up_empties_the_context_and_keeps_it(house, visitor, call):
    planned = house.plan()
    house.talking(planned)
    tab = visitor(planned)
    context, line = tab.at.session_state["call"], call.line
    End(line).film()
    hosting.end(house.advisor, NOW, planned.appointment_id)
    tab.run().run()
    assert tab.at.session_state["call"] is context
    assert (context._get_worker(), context.state.playing) == (None, False)
    assert (call.stops, line.started, "stage" in tab.at.session_state) == (1, -1, False)
