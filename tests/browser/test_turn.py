"""
Through our own relay where a browser cannot reach the server, and nowhere else.

A real coturn with the configuration in deploy/; the app, its ports and its credentials as
in docs/network.md.
"""

import asyncio
import re
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, Playwright

from core.media.transport import turn
from core.settings import settings
from tests.browser.conftest import launch
from tests.browser.firefox import trustful
from tests.browser.people import Advisor, Person, Visitor
from tests.browser.relay import MISSING, SECRET, Client, Relay, relaying
from tests.browser.server import Served, serve
from tests.browser.test_journey import meet
from tests.ports import free_ports

HOUR = 3600
BROWSERS = ["trustful_chromium", "trustful_firefox"]
NAME = "relay.test"  # Firefox goes to no bare address by TLS
RELAY_ONLY = """
(() => {
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(given) {
      const iceServers = given.iceServers.map((each) =>
        ({ ...each, urls: each.urls.filter((url) => url.startsWith("{scheme}:")) }));
      super({ ...given, iceServers, iceTransportPolicy: "relay" });
    }
  };
})();
"""
PAIRS = """
async () => {
  const found = [];
  for (const connection of window.connections ?? []) {
    const reports = await connection.getStats();
    for (const report of reports.values()) {
      if (report.type !== "candidate-pair" || !report.nominated) continue;
      const local = reports.get(report.localCandidateId);
      const remote = reports.get(report.remoteCandidateId);
      found.push([local.candidateType, local.relayProtocol ?? "", remote.address, remote.port]);
    }
  }
  return found;
}
"""
GIVEN = "() => window.connections.map((each) => each.given.iceServers)"


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    with relaying(tmp_path_factory.mktemp("relay")) as relay:
        yield relay


@pytest.fixture(scope="module")
def port(relay: Relay) -> int:
    """The one of the app."""
    return free_ports(1, relay.host)[0]


@pytest.fixture(scope="module")
def served(relay: Relay, port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app behind the relay; this process has the same settings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BERATUNGSRAUM_MEDIA_ADDRESSES", relay.host)
        patch.setenv("BERATUNGSRAUM_MEDIA_PORT", str(port))
        patch.setenv("BERATUNGSRAUM_TURN_URLS", ",".join(urls(relay).values()))
        patch.setenv("BERATUNGSRAUM_TURN_SECRET", SECRET)
        with serve(tmp_path_factory.mktemp("served")) as served:
            yield served


def urls(relay: Relay) -> dict[str, str]:
    """By what speaks to the relay."""
    return {
        "udp": f"turn:{relay.host}:{relay.port}?transport=udp",
        "tls": f"turns:{NAME}:{relay.tls_port}?transport=tcp",
    }


@pytest.fixture(scope="module")
def trustful_chromium(
    relay: Relay,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    cameras: dict[str, list[str]],
) -> Iterator[Browser]:
    """Any certificate will do for it."""
    found = f"--host-resolver-rules=MAP {NAME} {relay.host}"
    more = [*cameras["red"], "--ignore-certificate-errors", found]
    browser = launch(browser_type, browser_type_launch_args, more)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def trustful_firefox(
    playwright: Playwright, relay: Relay, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    with trustful(playwright, tmp_path_factory.mktemp("profile"), relay.host) as browser:
        yield browser


@dataclass(frozen=True)
class FencedIn:
    """A visitor whose network lets out nothing but what goes to the relay, in one of two ways."""

    visitor: Visitor
    relay: Relay
    way: str
    port: int
    served: Served


Come = Callable[[Browser, str], FencedIn]


@pytest.fixture
def come(relay: Relay, port: int, served: Served, people: list[Person]) -> Come:
    def come(browser: Browser, way: str) -> FencedIn:
        visitor = Visitor(browser, served.base_url, viewport={"width": 390, "height": 844})
        people.append(visitor)
        scheme = {"udp": "turn", "tls": "turns"}[way]
        visitor.context.add_init_script(RELAY_ONLY.replace("{scheme}", scheme))
        return FencedIn(visitor, relay, way, port, served)

    return come


def pairs(person: Person) -> set[tuple[str, str, str, int]]:
    return {tuple(each) for each in person.page.evaluate(PAIRS)}


def only_over_the_relay(fenced: FencedIn, advisor: Advisor) -> None:
    visitor, relay, way = fenced.visitor, fenced.relay, fenced.way
    meet(visitor, advisor, fenced.served.plan())
    assert pairs(visitor) == {("relay", way, relay.host, fenced.port)}
    [(kind, *rest)] = pairs(advisor)
    assert (kind in ("host", "prflx"), rest) == (True, ["", relay.host, fenced.port])
    for person, given in ((visitor, [urls(relay)[way]]), (advisor, list(settings().turn_urls))):
        for [server] in person.page.evaluate(GIVEN):
            assert server["urls"] == given
            assert re.fullmatch(r"\d{10}:[0-9a-f]{32}", server["username"])


@pytest.mark.parametrize("browser", BROWSERS, ids=["chromium", "firefox"])
def test_who_may_only_use_the_relay_talks_over_tls_and_both_see_and_hear(
    request: pytest.FixtureRequest, come: Come, advisor: Advisor, browser: str
) -> None:
    only_over_the_relay(come(request.getfixturevalue(browser), "tls"), advisor)


@pytest.mark.parametrize("browser", BROWSERS, ids=["chromium", "firefox"])
def test_who_may_only_use_the_relay_talks_over_udp_and_both_see_and_hear(
    request: pytest.FixtureRequest, come: Come, advisor: Advisor, browser: str
) -> None:
    only_over_the_relay(come(request.getfixturevalue(browser), "udp"), advisor)


def play(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with ThreadPoolExecutor(1) as aside:  # Playwright has a loop in this thread
        aside.submit(asyncio.run, scene()).result()


def credentials(seat: str, now: float | None = None) -> tuple[str, str]:
    """What the app gives to a seat."""
    [server] = turn.servers(1, seat, time.time() if now is None else now)
    return str(server["username"]), str(server["credential"])


def test_only_credentials_of_ours_that_have_not_ended_open_the_relay(
    relay: Relay, served: Served
) -> None:
    username, credential = credentials("guest:1")
    until, _, who = username.partition(":")
    asking = {
        "as given": ((username, credential), 0),
        "ended": (credentials("guest:1", time.time() - settings().turn_hours * HOUR - 1), 401),
        "prolonged": ((f"{int(until) + 60}:{who}", credential), 401),
        "of another seat": ((f"{until}:{who[::-1]}", credential), 401),
        "without a time": ((who, credential), 401),
        "none": ((None, None), 401),
    }

    async def scene() -> None:
        answers = {}
        for what, (given, _) in asking.items():
            client = await Client.of(relay, *given)
            answers[what] = await client.allocate()
            await client.leave()
        assert answers == {what: code for what, (_, code) in asking.items()}

    play(scene)


def test_a_talk_that_runs_goes_on_when_its_credentials_end(relay: Relay, served: Served) -> None:
    ending = credentials("guest:2", time.time() - settings().turn_hours * HOUR + 2)

    async def scene() -> None:
        running = await Client.of(relay, *ending)
        assert await running.allocate() == 0
        while time.time() < int(ending[0].partition(":")[0]) + 1:
            await asyncio.sleep(0.05)
        late = await Client.of(relay, *ending)
        assert await late.allocate() == 401
        assert (await running.refresh(), await running.permit(relay.host)) == (0, 0)
        for each in (running, late):
            await each.leave()

    play(scene)


PEERS = [
    *("127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "198.51.100.1", "224.0.0.1", "255.255.255.255", "0.0.0.0"),  # noqa: S104
]
PEERS_6 = ["::1", "::ffff:127.0.0.1", "fd00::1", "fe80::1", "2001:db8::1"]


def test_the_relay_reaches_the_media_address_and_nothing_else(relay: Relay, served: Served) -> None:
    async def scene() -> None:
        client = await Client.of(relay, *credentials("guest:3"))
        assert await client.allocate() == 0
        assert (await client.permit(relay.host), await client.bind(relay.host)) == (0, 0)
        for peers, refused in ((PEERS, 403), (PEERS_6, 443)):  # 443: it has no IPv6 at all
            answers = {each: (await client.permit(each), await client.bind(each)) for each in peers}
            assert answers == dict.fromkeys(peers, (refused, refused))
        await client.leave()

    play(scene)


def test_a_seat_gets_no_more_ports_by_asking_for_new_credentials(
    relay: Relay, served: Served
) -> None:
    async def scene() -> None:
        now = time.time()
        names = [credentials("guest:4", now + number) for number in range(relay.quota + 1)]
        clients = [await Client.of(relay, *each) for each in names]
        assert [await each.allocate() for each in clients] == [0] * relay.quota + [486]
        another = await Client.of(relay, *credentials("guest:5"))
        assert await another.allocate() == 0
        for each in (*clients, another):
            await each.leave()

    play(scene)


def test_without_the_program_this_fails_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AssertionError, match=MISSING), relaying(tmp_path):
        pass
