"""Nothing talks to anybody else: neither the browsers nor the server, in a whole journey."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Browser, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from core.media.transport import addresses
from core.settings import ROOT
from tests.browser.audited import RECORD
from tests.browser.people import Advisor, Person, Visitor, wait_until
from tests.browser.server import LOGIN, PASSWORD, Served, serve
from tests.browser.test_journey import everybody_has_left, meet

AUDITED = [sys.executable, "-m", "tests.browser.audited", "run", "app.py"]
CONNECTIONS = """
async () => Promise.all((window.connections ?? []).map(async (connection) => ({
  iceServers: connection.given?.iceServers,
  configured: connection.getConfiguration().iceServers,
  reports: [...(await connection.getStats()).values()],
})))
"""
PROBES = """
import socket, sys
from pathlib import Path
from tests.browser.audited import install

install(Path(sys.argv[1]))
with socket.socket() as closed:
    closed.bind(("127.0.0.1", 0))
    with socket.socket() as caller:
        print(closed.getsockname()[1], caller.connect_ex(closed.getsockname()))
with socket.socket(type=socket.SOCK_DGRAM) as sender:
    sender.sendto(b"not written down", ("127.9.9.9", 9))
    sender.sendmsg([b"not written down"], [], 0, ("127.9.9.8", 9))
socket.getaddrinfo("127.9.9.7", 9)
socket.gethostbyname("127.9.9.6")
"""


@dataclass
class Journey:
    """What was seen of one whole journey."""

    served: Served
    requests: list[str] = field(default_factory=list)
    connections: list[dict[str, Any]] = field(default_factory=list)
    record: list[list[Any]] = field(default_factory=list)
    intruder: int = 0

    def candidates(self, kind: str) -> list[dict[str, Any]]:
        """The candidates of every pair that either browser has tried."""
        found = []
        for connection in self.connections:
            reports = {report["id"]: report for report in connection["reports"]}
            pairs = [each for each in reports.values() if each["type"] == "candidate-pair"]
            found += [reports[pair[f"{kind}CandidateId"]] for pair in pairs]
        return found


@pytest.fixture(scope="module")
def journey(clients: Browser, office: Browser, tmp_path_factory: pytest.TempPathFactory) -> Journey:
    """Both walk the whole way once, on a server that is listened to."""
    folder = tmp_path_factory.mktemp("audited")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(RECORD, str(folder / "record"))
        with serve(folder, AUDITED) as served:
            seen = Journey(served)
            walk(clients, office, seen)
            seen.intruder = knock_from_elsewhere(served)
    seen.record = recorded(folder / "record")  # the server has stopped: nothing comes on top
    return seen


def knock_from_elsewhere(served: Served) -> int:
    """The HTTP status another site's page gets when it opens Streamlit's WebSocket."""
    address = served.base_url.replace("http", "ws") + "/_stcore/stream"
    with pytest.raises(InvalidStatus) as refused:
        connect(address, origin=Origin("https://elsewhere.example"))
    return refused.value.response.status_code


def walk(clients: Browser, office: Browser, seen: Journey) -> None:
    visitor = Visitor(clients, seen.served.base_url)
    advisor = Advisor(office, seen.served.base_url)
    try:
        advisor.signs_in(LOGIN, PASSWORD)
        meet(visitor, advisor, seen.served.plan())
        advisor.writes("Guten Tag")
        expect(visitor.page.locator("ol.chat li")).to_contain_text("Guten Tag")
        wait_until(lambda: all(talking(connections(p)) for p in (visitor, advisor)), "media")
        seen.connections = connections(visitor) + connections(advisor)
        advisor.ends_for_all()
        everybody_has_left(visitor, advisor)
        seen.requests = visitor.requests + advisor.requests
    finally:
        visitor.leave()
        advisor.leave()


def connections(person: Person) -> list[dict[str, Any]]:
    """Every RTCPeerConnection in any frame: its servers and its statistics."""
    return [one for frame in person.page.frames for one in frame.evaluate(CONNECTIONS)]


def talking(connections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The pairs of addresses through which media has come."""
    return [
        report
        for connection in connections
        for report in connection["reports"]
        if report["type"] == "candidate-pair" and report["bytesReceived"] > 10_000
    ]


def recorded(file: Path) -> list[list[Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def own_addresses() -> set[str]:
    """Every IP address of this machine, without the names of its interfaces."""
    kinds = (socket.AF_INET, socket.AF_INET6)
    every = [one for each in psutil.net_if_addrs().values() for one in each]
    return {one.address.split("%")[0] for one in every if one.family in kinds}


def is_ours(host: str | None) -> bool:
    """True for an address of this machine; any name but localhost is foreign."""
    if host in (None, "", "localhost"):
        return True
    try:
        address = ip_address(host.split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified or str(address) in own_addresses()


def foreign(requests: list[str], base_url: str) -> list[str]:
    """The addresses among `requests` that are not at the served host."""
    here = urlsplit(base_url).netloc
    parts = [(url, urlsplit(url.removeprefix("blob:"))) for url in requests]
    return [url for url, part in parts if part.scheme != "data" and part.netloc != here]


def test_the_browsers_ask_only_the_served_host(journey: Journey) -> None:
    here = urlsplit(journey.served.base_url).netloc
    assert foreign(journey.requests, journey.served.base_url) == []
    assert any(url.startswith(f"ws://{here}/") for url in journey.requests)
    assert any(url.startswith(f"http://{here}/termin/") for url in journey.requests)


def test_no_connection_is_given_a_server_to_ask(journey: Journey) -> None:
    assert len(journey.connections) >= 2
    for connection in journey.connections:
        assert connection["iceServers"] == []
        assert connection["configured"] == []


def test_picture_and_sound_go_straight_between_addresses_of_this_machine(journey: Journey) -> None:
    remote, local = journey.candidates("remote"), journey.candidates("local")
    assert remote
    for candidate in remote:
        assert is_ours(candidate["address"]), candidate
    assert {each["candidateType"] for each in remote + local} <= {"host", "prflx"}


def test_the_record_has_the_servers_own_media(journey: Journey) -> None:
    sent_to = {port for event, _, port in journey.record if event == "socket.sendto"}
    pairs = talking(journey.connections)
    ports = {each["id"]: each["port"] for each in journey.candidates("local")}
    assert len(pairs) >= 2
    for pair in pairs:
        assert ports[pair["localCandidateId"]] in sent_to


def test_another_sites_page_is_refused_before_streamlit_asks_anybody(journey: Journey) -> None:
    assert journey.intruder == 403


def test_the_server_sends_to_nobody_else_and_looks_nobody_up(journey: Journey) -> None:
    # UDP: by that the system says which address it would use, and sends nothing.
    asked = [["socket.connect", host, addresses.ANY_PORT] for host in addresses.ELSEWHERE.values()]
    record = [entry for entry in journey.record if entry not in asked]
    assert [entry for entry in record if not is_ours(entry[1])] == []


@pytest.mark.parametrize(
    "host",
    ["198.51.100.1", "224.0.0.251", "ff02::fb", "2001:db8::1", "stun.l.google.com", "a.local"],
)
def test_these_are_foreign(host: str) -> None:
    assert not is_ours(host)


def test_these_are_ours() -> None:
    """One test for all: the machine's addresses may change while tests are collected."""
    hosts = ["127.0.0.1", "127.9.9.9", "::1", "localhost", *own_addresses()]
    assert [host for host in hosts if not is_ours(host)] == []


def test_the_hook_records_what_is_sent_and_looked_up(tmp_path: Path) -> None:
    file = tmp_path / "record"
    done = subprocess.run(
        [sys.executable, "-c", PROBES, str(file)],
        cwd=ROOT,
        env=os.environ,
        check=True,
        capture_output=True,
        text=True,
    )
    port, error = map(int, done.stdout.split())
    assert error != 0
    assert recorded(file) == [
        ["socket.connect", "127.0.0.1", port],
        ["socket.sendto", "127.9.9.9", 9],
        ["socket.sendmsg", "127.9.9.8", 9],
        ["socket.getaddrinfo", "127.9.9.7", 0],
        ["socket.gethostbyname", "127.9.9.6", 0],
    ]
    assert "not written down" not in file.read_text(encoding="utf-8")
