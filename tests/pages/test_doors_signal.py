"""POST /signal: who may set up a call, with what, and which of two offers counts."""

import asyncio
from types import SimpleNamespace

import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription
from streamlit.runtime.app_session import AppSessionState
from streamlit_webrtc import session_info
from streamlit_webrtc.webrtc import WebRtcWorker

from core.media import loop
from core.media.room import ROOMS, Room
from core.office import hosting
from pages.doors import limits, signal
from pages.parts import tabs, worker
from tests.conftest import NOW
from tests.core.media.packets import until
from tests.core.media.peers import NOWHERE
from tests.jars import link_jar


@pytest.fixture(autouse=True)
def media():
    """The media loop, as in the served app; nobody has signalled yet."""
    limits.storage.reset()
    worker.prepare()
    with loop.running():
        yield
        ROOMS._rooms.clear()


def offer(others=0):
    """What a browser offers."""

    async def made():
        browser = RTCPeerConnection(NOWHERE)
        for kind in ("video", "audio"):
            browser.addTransceiver(kind)
            for _ in range(others):
                browser.addTransceiver(kind, direction="recvonly")
        await browser.setLocalDescription(await browser.createOffer())
        await browser.close()
        return browser.localDescription.sdp

    return asyncio.run(made())


@pytest.fixture
def waiting(house, visitor, client):
    """The stage of somebody who waits, and their browser at the door."""
    planned = house.plan()
    house.waiting(planned)
    client.cookies.update(link_jar(planned.secret))
    stage = visitor(planned).at.session_state["stage"]
    yield SimpleNamespace(stage=stage, tab=stage.tab, planned=planned)
    stage.end.stop()


def sent(client, tab, **more):
    answer = client.post("/signal", json={"tab": tab, **more})
    return answer.status_code, answer.json()


def refused(status, code):
    return status, {"error": code}


def test_an_offer_is_answered_and_a_worker_stands_behind_the_line(client, waiting):
    status, said = sent(client, waiting.tab, offer=offer(others=1))
    assert (status, list(said)) == (200, ["answer"])
    answer = RTCSessionDescription(said["answer"], "answer")
    assert answer.sdp.count("m=video") == answer.sdp.count("m=audio") == 2
    assert waiting.stage.end.worker.pc.line is waiting.stage.line


def test_addresses_that_come_later_reach_the_same_worker(client, waiting):
    sent(client, waiting.tab, offer=offer())
    pc = waiting.stage.end.worker.pc
    late = {
        "candidate": "candidate:1 1 udp 1 192.0.2.1 5000 typ relay raddr 0.0.0.0 rport 0",
        "sdpMid": "0",
        "sdpMLineIndex": 0,
    }
    assert sent(client, waiting.tab, candidates=[late]) == (200, {})
    until(lambda: pc._candidates == 1)


def test_nobody_reaches_the_call_of_somebody_elses_tab(client, waiting, house):
    client.cookies.clear()
    assert sent(client, waiting.tab, offer=offer()) == refused(404, "unknown_tab")
    client.cookies.update(link_jar(house.plan().secret))
    assert sent(client, waiting.tab, offer=offer()) == refused(404, "unknown_tab")
    client.cookies.update(link_jar(waiting.planned.secret, "E" * 43))
    assert sent(client, waiting.tab, offer=offer()) == refused(404, "unknown_tab")
    assert waiting.stage.end.worker is None


def test_a_tab_that_is_gone_is_unknown(client, waiting):
    assert sent(client, tabs.new_id(), offer=offer()) == refused(404, "unknown_tab")


def test_who_may_not_sit_there_any_more_gets_no_answer(client, waiting, house):
    hosting.open_room(house.advisor, NOW, waiting.planned.appointment_id, {})
    hosting.end(house.advisor, NOW, waiting.planned.appointment_id)
    assert sent(client, waiting.tab, offer=offer()) == refused(403, "not_allowed")


def test_a_closed_line_is_not_opened_again(client, waiting):
    waiting.stage.line.close()
    assert sent(client, waiting.tab, offer=offer()) == refused(403, "not_allowed")


def test_nobody_has_a_line_for_a_screen_by_asking(client, waiting):
    assert sent(client, waiting.tab, offer=offer(), screen=True) == refused(403, "not_allowed")


@pytest.mark.parametrize(
    "wrong",
    [
        {"offer": ""},
        {"offer": "v=0"},
        {"offer": "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n"},
        {"offer": 1},
        {"offer": "", "more": 1},
        {"candidates": [{"candidate": "candidate:1"}]},
        {"candidates": [{"candidate": "x" * 401}]},
        {"candidates": [{"candidate": "1 1 udp 1 192.0.2.1 5000 typ host"}] * 41},
    ],
)
def test_what_no_page_of_ours_sends_is_refused(client, waiting, wrong):
    sent(client, waiting.tab, offer=offer())
    assert sent(client, waiting.tab, **wrong) == refused(400, "malformed")


@pytest.mark.parametrize("sdp", [offer(others=4), offer().replace("m=audio", "m=application")])
def test_more_than_a_talk_needs_is_refused(client, waiting, sdp):
    assert sent(client, waiting.tab, offer=sdp) == refused(400, "malformed")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"offer": "v=0"}', b"\xff"])
def test_a_body_that_is_no_message_is_refused(client, body):
    answer = client.post("/signal", content=body)
    assert (answer.status_code, answer.json()) == refused(400, "malformed")


def test_a_body_that_is_too_long_is_refused(client, waiting):
    long = "a" * signal.MAX_BYTES
    assert sent(client, waiting.tab, offer=long) == refused(413, "too_large")


def test_a_tab_that_offers_without_end_is_slowed_down(client, waiting):
    for _ in range(limits.SIGNALS.amount):
        assert sent(client, waiting.tab, candidates=[]) == refused(400, "malformed")
    assert sent(client, waiting.tab, offer=offer()) == refused(429, "too_many")


def test_the_next_offer_ends_the_older_worker(client, waiting):
    sent(client, waiting.tab, offer=offer())
    older = waiting.stage.end.worker
    assert sent(client, waiting.tab, offer=offer())[0] == 200
    until(lambda: older.pc.connectionState == "closed")
    assert waiting.stage.end.worker.pc.connectionState != "closed"


def test_of_two_offers_at_once_the_newer_wins(client, waiting, monkeypatch):
    first, newer = offer(), []
    process = WebRtcWorker.process_offer

    def overtaken(slow, *given, **more):
        monkeypatch.setattr(WebRtcWorker, "process_offer", process)
        newer.append(sent(client, waiting.tab, offer=offer())[0])
        return process(slow, *given, **more)

    monkeypatch.setattr(WebRtcWorker, "process_offer", overtaken)
    assert sent(client, waiting.tab, offer=first) == refused(409, "superseded")
    assert newer == [200]
    assert waiting.stage.end.worker.pc.connectionState != "closed"


def test_a_tab_asks_for_little_data_and_no_longer(client, waiting):
    seen = []
    for little in (True, False):
        assert sent(client, waiting.tab, little=little) == (200, {})
        seen.append(waiting.stage.line.little)
    assert seen == [True, False]


def test_a_connection_that_never_comes_about_is_given_up(client, waiting, monkeypatch):
    monkeypatch.setattr(worker, "UP_SECONDS", 0.1)
    assert sent(client, waiting.tab, offer=offer())[0] == 200
    until(lambda: waiting.stage.end.worker is None)


def test_a_line_that_was_closed_meanwhile_leaves_no_worker(client, waiting, monkeypatch):
    process = WebRtcWorker.process_offer

    def closing(self, *args, **kwargs):
        answer = process(self, *args, **kwargs)
        waiting.stage.line.close()
        return answer

    monkeypatch.setattr(WebRtcWorker, "process_offer", closing)
    assert sent(client, waiting.tab, offer=offer()) == refused(403, "not_allowed")
    assert waiting.stage.end.worker is None


def test_all_tabs_of_a_person_together_are_slowed_down():
    allowed = limits.SEAT_SIGNALS.amount
    assert [limits.may_signal(f"tab {n}", "guest:1") for n in range(allowed + 1)][-2:] == [
        True,
        False,
    ]
    assert limits.may_signal("tab", "guest:2")


def test_of_too_many_tabs_of_a_person_the_oldest_hangs_up():
    made = [Tab(f"tab {number}", "guest:7") for number in range(tabs.MOST + 2)]
    other = Tab("other", "guest:8")
    for each in [other, *made]:
        tabs.enter(each)
    until(lambda: [each.closed for each in made] == [True] * 2 + [False] * tabs.MOST)
    assert not other.closed


class Tab:
    """What the registry needs of a tab."""

    def __init__(self, tab: str, seat: str) -> None:
        self.tab, self.seat, self.closed = tab, seat, False

    def close(self) -> None:
        self.closed = True


def test_who_hangs_up_has_no_worker_left(client, waiting):
    sent(client, waiting.tab, offer=offer())
    pc = waiting.stage.end.worker.pc
    waiting.stage.line.release()
    assert (pc.connectionState, waiting.stage.end.worker) == ("closed", None)


class Session:
    """A session of Streamlit's that runs until it is told to end."""

    id = "session"
    _state = AppSessionState.APP_NOT_RUNNING
    _client_state = SimpleNamespace(page_script_hash="")


def test_with_the_session_of_the_page_its_worker_ends(monkeypatch):
    session = Session()
    run = SimpleNamespace(session_id="session 1", page_script_hash="")
    monkeypatch.setattr(worker, "get_script_run_ctx", lambda **_: run)
    line = Room().new_line("guest:1")
    end = worker.End(line)
    assert end._session == worker.Session("session 1", "")  # and nothing of the run
    sessions = {"session 1": SimpleNamespace(session=session)}
    runtime = SimpleNamespace(_session_mgr=SimpleNamespace(get_session_info=sessions.get))
    monkeypatch.setattr(session_info.Runtime, "instance", lambda: runtime)
    end.answer(offer())
    session._state = AppSessionState.SHUTDOWN_REQUESTED
    until(lambda: end.worker.pc.connectionState == "closed")
