"""The one door to streamlit-webrtc: names it needs, exact versions, no server elsewhere."""

import re
from importlib.metadata import version
from types import SimpleNamespace

import pytest
from aiortc import RTCConfiguration
from streamlit_webrtc import component, config
from streamlit_webrtc.component import WebRtcStreamerContext

from core.settings import ROOT
from pages.parts import call


@pytest.fixture
def registered(monkeypatch):
    """What `prepare` has registered with a runtime that is not real."""
    components = []
    registry = SimpleNamespace(register_component=components.append)
    monkeypatch.setattr(call, "get_instance", lambda: SimpleNamespace(component_registry=registry))
    return components


def test_the_pinned_streamlit_webrtc_has_everything_the_call_needs(registered):
    call.prepare()
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


@pytest.mark.parametrize("name", ["_get_worker", "_last_rendered_run_count"])
def test_the_start_is_refused_and_names_what_is_missing(registered, without, name):
    without(name)
    with pytest.raises(call.LibraryChanged, match=f"streamlit-webrtc has changed: {name}$"):
        call.prepare()
    assert registered == []


def test_the_start_is_refused_when_the_browser_end_is_missing(registered, monkeypatch):
    monkeypatch.delattr(component, "_component_func")
    with pytest.raises(call.LibraryChanged):
        call.prepare()
    assert registered == []


def test_every_private_name_used_is_one_that_is_checked():
    source = (ROOT / "pages" / "parts" / "call.py").read_text(encoding="utf-8")
    used = set(re.findall(r"(?:context|component)\.(_[a-z_]+)", source))
    assert used == {*call._PRIVATE, "_component_func"}


@pytest.mark.parametrize("package", ["streamlit", "streamlit-webrtc", "aiortc", "aioice"])
def test_what_is_installed_is_exactly_what_is_pinned(package):
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if re.match(rf"{package}[^\w-]", line)]
    assert pins == [f"{package}=={version(package)}"]


def test_the_server_end_asks_no_stun_server():
    built = config.compile_rtc_configuration(call.RTC)
    assert isinstance(built, RTCConfiguration)
    assert built.iceServers == []


def test_the_browser_end_asks_no_stun_server():
    assert component.enhance_frontend_rtc_configuration(call.RTC) == {"iceServers": []}


def test_every_word_on_the_call_is_a_german_sentence_of_ours():
    known = set(component.Translations.__annotations__)
    words = call._translations()
    assert set(words) <= known
    assert words["start"] == call.start_label() == "Kamera und Mikrofon einschalten"
    assert [key for key, sentence in words.items() if not sentence.strip()] == []
