"""POST /signal: who may set up a call, with what, and which of two offers counts."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import SimpleNamespace

import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription
from streamlit.runtime.app_session import AppSessionState
from streamlit_webrtc import session_info
from streamlit_webrtc.webrtc import WebRtcWorker

from core.media.rooms.live_rooms import ROOMS
from core.media.rooms.room import Room
from core.media.transport import connection, loop, peer
from core.office import hosting
from pages.call import our_end, worker
from pages.doors import signal
from pages.tabs import refusals
from pages.tabs import tab as tabs
from tests.conftest import NOW
from tests.core.media.ends import until
from tests.core.media.peers import NOWHERE
from tests.jars import link_jar


@pytest.fixture(autouse=True)
def media():
    """The media loop, as in the served app; nobody has signalled yet."""
    signal._budgets._budgets.clear()
    worker.prepare()
    with loop.running():
        yield
        ROOMS._rooms.clear()


def living():
    """Connections that are heard at the port."""
    return loop.port().members


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
    yield SimpleNamespace(stage=stage, tab=stage.tab.id, planned=planned)
    stage.close()
    until(lambda: living() == [])


OFFER = offer()


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
    assert living() == [waiting.stage.end.worker.pc]


def test_nobody_reaches_the_call_of_somebody_elses_tab(client, waiting, house):
    client.cookies.clear()
    assert sent(client, waiting.tab, offer=OFFER) == refused(404, "unknown_tab")
    client.cookies.update(link_jar(house.plan().secret))
    assert sent(client, waiting.tab, offer=OFFER) == refused(404, "unknown_tab")
    client.cookies.update(link_jar(waiting.planned.secret, "E" * 43))
    assert sent(client, waiting.tab, offer=OFFER) == refused(404, "unknown_tab")
    assert waiting.stage.end.worker is None


def test_a_tab_that_is_gone_is_unknown(client, waiting):
    assert sent(client, "x" * 22, offer=OFFER) == refused(404, "unknown_tab")


def test_who_may_not_sit_there_any_more_gets_no_answer(client, waiting, house):
    hosting.open_room(house.advisor, NOW, waiting.planned.appointment_id, {})
    hosting.end(house.advisor, NOW, waiting.planned.appointment_id)
    assert sent(client, waiting.tab, offer=OFFER) == refused(403, "not_allowed")


def test_a_closed_line_is_not_opened_again(client, waiting):
    waiting.stage.line.close()
    assert sent(client, waiting.tab, offer=OFFER) == refused(403, "not_allowed")


def test_nobody_has_a_line_for_a_screen_by_asking(client, waiting):
    assert sent(client, waiting.tab, offer=OFFER, screen=True) == refused(403, "not_allowed")


@pytest.mark.parametrize(
    "wrong",
    [
        {"offer": ""},
        {"offer": "v=0"},
        {"offer": "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n"},
        {"offer": 1},
        {"offer": "", "more": 1},
        {"candidates": [{"candidate": "candidate:1"}]},
        {"offer": "", "candidates": []},
        {"little": "yes"},
        {},
    ],
)
def test_what_no_page_of_ours_sends_is_refused(client, waiting, wrong):
    sent(client, waiting.tab, offer=OFFER)
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
    said = []
    while not said or said[-1][0] == 200:
        said.append(sent(client, waiting.tab, offer=OFFER))
        assert len(said) < 500
    assert said[-1] == refused(429, "too_many")
    assert len(living()) == 1


def test_the_next_offer_ends_the_older_worker(client, waiting):
    sent(client, waiting.tab, offer=OFFER)
    older = waiting.stage.end.worker
    assert sent(client, waiting.tab, offer=OFFER)[0] == 200
    until(lambda: older.pc.connectionState == "closed")
    assert waiting.stage.end.worker.pc.connectionState != "closed"


def test_a_tab_asks_for_little_data_and_no_longer(client, waiting):
    seen = []
    for little in (True, False):
        assert sent(client, waiting.tab, little=little) == (200, {})
        seen.append(waiting.stage.line.little)
    assert seen == [True, False]


def test_a_connection_that_never_comes_about_is_given_up(client, waiting, monkeypatch):
    monkeypatch.setattr(connection, "UP_SECONDS", 0.0)
    assert sent(client, waiting.tab, offer=OFFER)[0] == 200
    until(lambda: waiting.stage.end.worker is None)
    assert living() == []


def test_of_too_many_tabs_of_a_person_the_oldest_hangs_up():
    made = [Call(number, "guest:7") for number in range(tabs.MOST_CALLS + 2)]
    other = Call(-1, "guest:8")
    for each in [other, *made]:
        tabs.begin_call(each.tab, each)
    until(lambda: [each.closed for each in made] == [True] * 2 + [False] * tabs.MOST_CALLS)
    assert not other.closed
    assert [each.tab.call for each in made] == [None, None, *made[2:]]


class Call:
    """What the registry needs of a call."""

    def __init__(self, number: int, seat: str) -> None:
        self.number, self.seat, self.closed = number, seat, False
        self.tab = tabs.begin("digest")

    def close(self) -> None:
        self.closed = True


def test_who_hangs_up_has_no_worker_left(client, waiting):
    sent(client, waiting.tab, offer=OFFER)
    pc = waiting.stage.end.worker.pc
    waiting.stage.line.release()
    assert waiting.stage.end.worker is None
    until(lambda: (pc.connectionState, living()) == ("closed", []))


def test_an_offer_that_is_refused_ends_nothing(client, waiting):
    sent(client, waiting.tab, offer=OFFER)
    older = waiting.stage.end.worker
    assert sent(client, waiting.tab, offer="v=0") == refused(400, "malformed")
    assert (waiting.stage.end.worker, living()) == (older, [older.pc])


# --- Our end of one line: whatever happens, one connection lives, or none -------------------------


@pytest.fixture
def end():
    """Our end of somebody's line, and no thread of an earlier test."""
    made = our_end.End(Room().new_line("guest:1"))
    our_end._stopping.submit(int).result()  # from here on it has its thread
    before = threading.active_count()
    yield made
    made.line.close()
    made.stop()
    until(lambda: living() == [])
    until(lambda: threading.active_count() <= before)


def during(monkeypatch, before=None, after=None):
    """What happens while the next offer is answered: before the media loop has it, or after."""
    process = WebRtcWorker.process_offer

    def meanwhile(self, *args, **kwargs):
        monkeypatch.setattr(WebRtcWorker, "process_offer", process)
        if before is not None:
            before()
        answered = process(self, *args, **kwargs)
        if after is not None:
            after()
        return answered

    monkeypatch.setattr(WebRtcWorker, "process_offer", meanwhile)


def test_offers_in_quick_succession_leave_one_connection_and_no_thread(end):
    for _ in range(20):
        end.answer(OFFER)
    until(lambda: living() == [end.worker.pc])
    until(lambda: not [each for each in threading.enumerate() if "process_offer" in each.name])


def test_of_offers_at_once_exactly_one_lives(end):
    def answered():
        try:
            return end.answer(OFFER)
        except refusals.Refusal:
            return None

    with ThreadPoolExecutor(8) as threads:
        answers = [each.result() for each in [threads.submit(answered) for _ in range(16)]]
    until(lambda: living() == [end.worker.pc])
    assert end.worker.pc.agent.ufrag in "".join(filter(None, answers))


@pytest.mark.parametrize("when", ["before", "after"])
def test_who_is_overtaken_by_a_newer_offer_hears_so(end, monkeypatch, when):
    newer = []
    during(monkeypatch, **{when: lambda: newer.append(end.answer(OFFER))})
    with pytest.raises(refusals.Superseded):
        end.answer(OFFER)
    until(lambda: living() == [end.worker.pc])
    assert end.worker.pc.answer == newer[0]


def test_a_line_that_was_closed_meanwhile_leaves_no_worker(end, monkeypatch):
    during(monkeypatch, after=end.line.close)
    with pytest.raises(refusals.NotAllowed):
        end.answer(OFFER)
    assert end.worker is None
    until(lambda: living() == [])


@pytest.mark.parametrize("when", ["before", "after"])
def test_whoever_hangs_up_in_the_middle_of_an_offer_leaves_no_connection(end, monkeypatch, when):
    during(monkeypatch, **{when: end.stop})
    with pytest.raises(refusals.Refusal):
        end.answer(OFFER)
    assert end.worker is None
    until(lambda: living() == [])


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_page_that_goes_in_the_middle_of_an_offer_leaves_no_connection(end, monkeypatch, when):
    """Its session's end is the worker's: streamlit-webrtc calls `stop` from a thread of its own."""
    during(monkeypatch, **{when: lambda: end.worker.stop()})
    with suppress(refusals.Refusal):  # it may have been answered already
        end.answer(OFFER)
    until(lambda: (end.worker, living()) == (None, []))


def test_an_answer_that_does_not_come_in_time_is_a_refusal_and_leaves_nothing(end, monkeypatch):
    monkeypatch.setattr(worker, "SECONDS", 0.01)
    goes_on = threading.Event()
    loop.current().call_soon_threadsafe(goes_on.wait)
    try:
        with pytest.raises(refusals.Busy):
            end.answer(OFFER)
    finally:
        goes_on.set()
    until(lambda: (end.worker, living()) == (None, []))


def test_a_mistake_of_ours_while_an_offer_is_answered_leaves_nothing(end, monkeypatch):
    async def broken(*_):
        raise KeyError

    monkeypatch.setattr(peer.Peer, "createAnswer", broken)
    with pytest.raises(KeyError):
        end.answer(OFFER)
    until(lambda: (end.worker, living()) == (None, []))


def test_a_stop_that_fails_half_way_leaves_nothing(end):
    """As streamlit-webrtc's does when an offer has just begun."""
    end.answer(OFFER)
    its = end.worker
    its._process_offer_thread = threading.Thread()
    with pytest.raises(RuntimeError, match="cannot join thread before it is started"):
        its.stop()
    until(lambda: (end.worker, living()) == (None, []))


def test_whoever_hangs_up_twice_or_without_a_call_breaks_nothing(end):
    end.stop()
    end.answer(OFFER)
    for _ in range(2):
        end.stop()
    until(lambda: living() == [])


def test_a_connection_that_has_ended_by_itself_is_nobodys_worker(end):
    end.answer(OFFER)
    loop.current().call_soon_threadsafe(end.worker.pc.shut)
    until(lambda: (end.worker, living()) == (None, []))
    assert end.answer(OFFER)


def test_the_end_of_a_screen_is_not_the_end_of_its_persons_call(end):
    screen = end.beside(Room().new_line("screen:1", screen_of="guest:1"))
    end.answer(OFFER)
    screen.answer(OFFER)
    until(lambda: {*living()} == {end.worker.pc, screen.worker.pc})
    screen.stop()
    until(lambda: living() == [end.worker.pc])


def test_when_the_server_goes_down_every_connection_has_ended():
    kept = our_end.End(Room().new_line("guest:1"))
    with loop.running():
        kept.answer(OFFER)
        its = kept.worker.pc
    assert its.connectionState == "closed"
    kept.stop()


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
    end = our_end.End(line)
    assert end._session == worker.Session("session 1", "")  # and nothing of the run
    sessions = {"session 1": SimpleNamespace(session=session)}
    runtime = SimpleNamespace(_session_mgr=SimpleNamespace(get_session_info=sessions.get))
    monkeypatch.setattr(session_info.Runtime, "instance", lambda: runtime)
    end.answer(OFFER)
    session._state = AppSessionState.SHUTDOWN_REQUESTED
    until(lambda: (end.worker, living()) == (None, []))
