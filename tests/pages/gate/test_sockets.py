"""Who gets a WebSocket, how many, and what may be said in it: the app as it is really served."""

import random
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection
from websockets.typing import Subprotocol

from core import access, clock
from core.office import closing, staff_sessions
from pages.gate import socket_limits as limits
from tests.browser.raw import RawPage, raw_page
from tests.browser.server import serve
from tests.jars import link_jar
from tests.pages.live import SECONDS, Site, code, say

RERUN = BackMsg(rerun_script={}).SerializeToString()
DONE = ForwardMsg.FINISHED_SUCCESSFULLY
TERMS = "Nutzungsbedingungen"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve(tmp_path_factory.mktemp("site")) as served:
        yield Site(served)


def test_whoever_has_a_live_seat_gets_in(site: Site) -> None:
    for jar in (site.guest(), site.staff(), {**site.staff(), **site.guest()}):
        with site.connect(jar):
            pass


def test_whoever_has_none_does_not(site: Site) -> None:
    secret = access.new_secret()
    [(name, value)] = site.guest().items()
    forged = [
        {},
        {"x": "y"},
        {"beratung": "short"},
        {"beratung": secret},
        {"termin_0123456789": value},
        {name: f"{secret}.{secret}"},
        {name: value.partition(".")[0]},
        link_jar(secret),
        {f"_streamlit_{number}": secret for number in range(20)},
    ]
    assert [site.refused(jar) for jar in forged] == [403] * len(forged)


def test_a_seat_that_is_over_opens_nothing_any_more(site: Site) -> None:
    invited = site.served.plan()
    guest = link_jar(invited.link.rpartition("/")[2])
    with site.connect(guest):
        pass
    closing.cancel(site.served.advisor, clock.now(), invited.appointment_id)
    expired = site.guest(-timedelta(hours=3))
    staff = site.staff()
    staff_sessions.sign_out(site.served.advisor, clock.now(), staff["beratung"])
    assert [site.refused(jar) for jar in (guest, expired, staff)] == [403] * 3


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", None, "https://localhost:{port}"]
)
def test_a_foreign_page_does_not_get_in_with_good_cookies(site: Site, origin: str | None) -> None:
    port = site.served.base_url.rpartition(":")[2]
    assert site.refused(site.guest(), origin=origin and origin.format(port=port)) == 403


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/termin/_stcore/stream",
        "/_stcore/stream/",
        "/x",
        "/%5fstcore/stream",
        "/_stcore/%73tream",
        "/_stcore%2fstream",
    ],
)
def test_there_is_one_socket_and_no_other(site: Site, path: str) -> None:
    assert site.refused(site.guest(), path=path) == 404


def session(site: Site, jar: dict[str, str], known: str = "") -> str:
    """The id of the session a visitor gets who names a known one."""
    offered = [Subprotocol(each) for each in ("streamlit", "x", known) if each]
    query = f"t={next(iter(jar)).removeprefix('termin_')}"
    run = BackMsg(rerun_script={"page_name": "termin", "query_string": query})
    with site.connect(jar, subprotocols=offered) as socket:
        socket.send(run.SerializeToString())
        while True:
            message = ForwardMsg.FromString(bytes(socket.recv(SECONDS)))
            if message.HasField("new_session"):
                begun = message.new_session.initialize.session_id
            if message.HasField("script_finished") and message.script_finished == DONE:
                return begun


def test_a_session_is_found_again_by_its_own_browser_and_by_no_other(site: Site) -> None:
    own, other = site.guest(), site.guest()
    begun = session(site, own)
    stolen = session(site, other, begun)
    assert stolen != begun
    assert session(site, own, begun) == begun
    assert session(site, other, stolen) == stolen


def test_refusals_leave_no_line_in_the_log(site: Site) -> None:
    before = site.served.log()
    for _ in range(20):
        assert site.refused({}) == 403
    assert site.served.log() == before


def test_a_person_has_a_few_tabs_and_the_next_one_waits_its_turn(site: Site) -> None:
    jar, other = site.guest(), site.guest()
    with ExitStack() as open_:
        tabs = [open_.enter_context(site.connect(jar)) for _ in range(limits.SOCKETS)]
        assert site.refused(jar) == 429
        open_.enter_context(site.connect(other))
        tabs[0].close()
        open_.enter_context(site.connect(jar))
        # Somebody with two seats takes whichever has room.
        for _ in range(limits.SOCKETS - 1):
            open_.enter_context(site.connect({**jar, **other}))
        assert site.refused({**jar, **other}) == 429


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ("text", limits.NO_TEXT),
        (b"\xff\xff\xff\xff", limits.NOT_READABLE),
        (RERUN + b"\0" * limits.MAX_BYTES, limits.TOO_LARGE),
    ],
)
def test_what_no_page_of_ours_says_ends_the_connection(
    site: Site, frame: bytes | str, expected: int
) -> None:
    assert site.closed(site.guest(), frame) == expected


def test_a_frame_of_megabytes_ends_the_connection_while_it_is_still_being_sent(site: Site) -> None:
    with site.connect(site.guest()) as socket, pytest.raises(ConnectionClosed) as closed:
        say(socket, b"x" * 2_000_000)
    # The network may throw away the reason together with what nobody has read.
    assert closed.value.rcvd is None or closed.value.rcvd.code == limits.TOO_LARGE


@pytest.mark.parametrize(
    "message",
    [
        {"clear_cache": True},
        {"load_git_info": True},
        {"set_run_on_save": True},
        {"app_heartbeat": True},
        {"debug_disconnect_websocket": True},
        {"debug_shutdown_runtime": True},
        {"file_urls_request": {"request_id": "x"}},
        {},
    ],
)
def test_an_order_no_page_of_ours_gives_is_not_heard(site: Site, message: dict) -> None:
    with site.connect(site.guest()) as socket:
        socket.send(BackMsg(**message).SerializeToString())
        with pytest.raises(TimeoutError):
            socket.recv(0.3)
        socket.send(RERUN)
        assert socket.recv(SECONDS) != b""


def test_random_frames_kill_nothing_and_disturb_nobody(site: Site) -> None:
    chance, jar = random.Random(3), site.guest()
    before = site.served.log()
    with raw_page(site.served.base_url, site.guest()) as honest:
        first = honest.run("termin", "")
        for _ in range(8):
            frames = [chance.randbytes(chance.randrange(1, 400)) for _ in range(200)]
            assert site.closed(jar, *frames) == limits.NOT_READABLE
            assert honest.run("termin", "") == first
    assert site.served.log() == before


def test_a_flood_waits_is_cut_off_in_the_end_and_disturbs_nobody(site: Site) -> None:
    health = f"{site.served.base_url}/_stcore/health"
    answered = 0

    def flood() -> None:
        nonlocal answered
        while True:
            for _ in range(20):
                socket.send(RERUN)
            urllib.request.urlopen(health, timeout=SECONDS).read()
            answered += 1
            time.sleep(0.2)  # so fast, and no faster: a hundred a second

    with site.connect(site.guest()) as socket:
        assert code(flood) == limits.POLICY
    assert answered >= limits.PRESSED_SECONDS  # it was borne for a while, and nobody noticed


@pytest.fixture
def start(site: Site) -> Iterator[RawPage]:
    """The Startseite, drawn."""
    jar = site.guest()
    with raw_page(site.served.base_url, jar) as page:
        assert TERMS in page.run("termin", f"t={next(iter(jar)).removeprefix('termin_')}")
        yield page


def press_and_part(page: RawPage) -> str:
    """A press anywhere else: all of the page is drawn, though only a part of it was asked for."""
    part = page.parts.pop()  # redrawn it has another id
    return page.run_part(part, [WidgetState(id=page.widgets["Weiter"], trigger_value=True)])


@pytest.mark.parametrize("asked", [press_and_part, RawPage.again])
def test_a_whole_page_has_its_price_whatever_was_asked_for(
    start: RawPage, asked: Callable[[RawPage], str]
) -> None:
    pages, began = 12, time.monotonic()
    for _ in range(pages):
        assert TERMS in asked(start)
    could = limits.FRAMES_AT_ONCE + limits.FRAMES_A_SECOND * (time.monotonic() - began)
    assert could >= (pages - 1) * limits.WHOLE_PAGE


def test_a_part_that_there_is_not_has_nothing_drawn(start: RawPage) -> None:
    for part in ("0" * 32, "x", *(each[::-1] for each in start.parts)):
        with pytest.raises(TimeoutError):
            start.run_part(part, seconds=0.3)
    assert TERMS in start.again()


# By a browser masked with nothing: an empty message, and a text that no page of ours sends.
EMPTY, TEXT = b"\x82\x80\0\0\0\0", b"\x81\x81\0\0\0\0x"


@contextmanager
def by_hand(site: Site) -> Iterator[socket.socket]:
    """A connection that answers nothing by itself, not even a close."""
    port = int(site.served.base_url.rpartition(":")[2])
    headers = {
        "Host": f"localhost:{port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Protocol": "streamlit",
        "Origin": site.served.base_url,
        "Cookie": "; ".join(f"{name}={value}" for name, value in site.guest().items()),
    }
    lines = ["GET /_stcore/stream HTTP/1.1", *(f"{name}: {headers[name]}" for name in headers)]
    with socket.create_connection(("localhost", port), timeout=SECONDS) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += connection.recv(1)
        assert answer.startswith(b"HTTP/1.1 101")
        yield connection


def keeps_on_sending(connection: socket.socket) -> float:
    """Ten thousand empty messages a second until the connection is gone; after how many seconds."""
    began = time.monotonic()
    with suppress(OSError):
        while time.monotonic() < began + SECONDS:
            connection.sendall(EMPTY * 100)
            time.sleep(0.01)
    return time.monotonic() - began


def test_what_comes_after_the_server_has_closed_is_counted_too(site: Site) -> None:
    with by_hand(site) as connection:
        connection.sendall(TEXT)
        assert connection.recv(2) == b"\x88\x02"  # a close with a code, and no more
        assert keeps_on_sending(connection) < 2


def test_a_heap_of_messages_at_once_ends_the_connection_and_disturbs_nobody(site: Site) -> None:
    with site.connect(site.guest()) as honest, by_hand(site) as connection:
        connection.sendall(EMPTY * 20_000)
        assert keeps_on_sending(connection) < 2
        honest.send(RERUN)
        assert honest.recv(SECONDS) != b""


def pieces(socket: ClientConnection) -> None:
    """A message in many pieces, all of them empty."""
    socket.send(iter([b""] * (limits.CONTROL_AT_ONCE + 2)))


def pings(socket: ClientConnection) -> None:
    for _ in range(limits.CONTROL_AT_ONCE + 1):
        socket.ping()


def pongs(socket: ClientConnection) -> None:
    for _ in range(limits.CONTROL_AT_ONCE + 1):
        socket.pong(b"x" * 125)


@pytest.mark.parametrize("hurry", [pings, pongs, pieces])
def test_too_much_beside_messages_ends_the_connection_at_once_and_disturbs_nobody(
    site: Site, hurry: Callable[[ClientConnection], None]
) -> None:
    def speak() -> None:
        for _ in range(10):
            hurry(socket)
            socket.send(RERUN)
        say(socket)

    before, jar = site.served.log(), site.guest()
    with site.connect(site.guest()) as honest:
        with site.connect(jar) as socket, pytest.raises(ConnectionClosed) as closed:
            speak()
        assert closed.value.rcvd is None
        honest.send(RERUN)
        assert honest.recv(SECONDS) != b""
    assert site.served.log() == before


def test_a_few_pings_are_answered(site: Site) -> None:
    with site.connect(site.guest()) as socket:
        answers = [socket.ping() for _ in range(limits.CONTROL_AT_ONCE)]
        assert [answer.wait(SECONDS) for answer in answers] == [True] * limits.CONTROL_AT_ONCE
        socket.send(RERUN)
        assert socket.recv(SECONDS) != b""
