"""Which addresses and ports a browser is told; every socket here is a real one."""

import asyncio
import re

import aioice.ice
import pytest
import uvloop
from aiortc import RTCSessionDescription

from core.media import ice, wire
from core.media.connection import Connection, connecting
from core.media.ice import NotAnnounced, announced, on_our_ports
from core.media.room import Room
from core.media.standins import Silence
from core.settings import Settings
from tests.core.media.peers import NOWHERE, Browser, until
from tests.ports import free_ports

HERE, NAT = "127.0.0.1", "127.0.0.2"
BLUE = (60, 210, 110)
CANDIDATE = "a=candidate:f{n} 1 udp 2130706431 {host} 40000 typ host\r\n"
loops = pytest.mark.parametrize("make", [asyncio.new_event_loop, uvloop.new_event_loop])


@pytest.fixture
def given(monkeypatch):
    """Settings for this test; what `prepare` changes is changed back."""
    monkeypatch.setattr(aioice.ice, "get_host_addresses", aioice.ice.get_host_addresses)

    def give(**values):
        made = Settings(_env_file=None, **values)
        monkeypatch.setattr(ice, "settings", lambda: made)

    return give


async def gathered():
    connection = aioice.ice.Connection(ice_controlling=False)
    await connection.gather_candidates()
    told = [(each.type, each.host) for each in connection.local_candidates]
    await connection.close()
    return told


async def opened(address=(HERE, 0)):
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, address)
    return transport


def port_of(transport):
    return transport.get_extra_info("sockname")[1]


def test_without_settings_aioice_chooses(given):
    given()
    before = aioice.ice.get_host_addresses
    ice.prepare()
    assert aioice.ice.get_host_addresses is before


def test_only_the_addresses_that_are_set_are_told(given):
    given(media_addresses=f"{HERE},{NAT}")
    ice.prepare()
    assert asyncio.run(gathered()) == [("host", HERE), ("host", NAT)]


def test_an_address_of_another_machine_is_refused_at_start(given):
    given(media_addresses=f"{HERE},203.0.113.7")
    with pytest.raises(NotAnnounced, match="cannot listen on all of BERATUNGSRAUM_MEDIA_ADDR"):
        ice.prepare()


def test_an_aioice_that_asks_somebody_else_for_addresses_is_refused_at_start(given, monkeypatch):
    given(media_addresses=HERE)
    real = aioice.ice.Connection.get_component_candidates

    async def others(self, component, addresses, timeout=5):
        return await real(self, component, [NAT])

    monkeypatch.setattr(aioice.ice.Connection, "get_component_candidates", others)
    with pytest.raises(NotAnnounced, match="BERATUNGSRAUM_MEDIA_ADDRESSES"):
        ice.prepare()


def test_an_aioice_that_makes_its_sockets_in_another_way_is_refused_at_start(given, monkeypatch):
    given(media_ports=free_ports(3))
    monkeypatch.setattr(ice, "on_our_ports", lambda loop: loop)
    with pytest.raises(NotAnnounced, match="does not keep to BERATUNGSRAUM_MEDIA_PORTS"):
        ice.prepare()


@loops
def test_ports_are_those_of_the_range_until_none_is_left_and_one_is_free_again(given, make, caplog):
    first, last = free_ports(3)
    given(media_ports=f"{first}-{last}")

    async def scene():
        taken = [await opened() for _ in range(3)]
        assert sorted(map(port_of, taken)) == list(range(first, last + 1))
        with pytest.raises(OSError, match="no port of BERATUNGSRAUM_MEDIA_PORTS is free"):
            await opened()
        assert [record.message for record in caplog.records] == [
            "no port of BERATUNGSRAUM_MEDIA_PORTS is free: somebody cannot join"
        ]
        freed = port_of(taken[1])
        taken.pop(1).close()
        await asyncio.sleep(0)  # the loop closes it in its next round
        taken.append(await opened())
        assert port_of(taken[-1]) == freed
        for each in taken:
            each.close()

    with asyncio.Runner(loop_factory=lambda: on_our_ports(make())) as runner:
        runner.run(scene())


@loops
def test_a_socket_that_asks_for_one_port_gets_it(given, make):
    first, last = free_ports(3)
    given(media_ports=f"{first}-{first}")

    async def scene():
        wanted = await opened((HERE, last))
        assert port_of(wanted) == last
        wanted.close()

    with asyncio.Runner(loop_factory=lambda: on_our_ports(make())) as runner:
        runner.run(scene())


@loops
def test_without_a_range_the_loop_stays_as_it_is(given, make):
    given()
    loop = make()
    before = loop.create_datagram_endpoint
    assert on_our_ports(loop).create_datagram_endpoint == before
    loop.close()


def test_when_no_port_is_left_the_answer_names_none_and_nothing_breaks(given):
    first, _ = free_ports(1)
    given(media_addresses=HERE, media_ports=f"{first}-{first}")
    ice.prepare()

    async def scene():
        on_our_ports(asyncio.get_running_loop())
        occupied = await opened()
        with connecting(Room().new_line("guest:1")):
            connection = Connection(NOWHERE)
        connection.addTrack(Silence("audio"))
        await connection.setLocalDescription(await connection.createOffer())
        assert connection.localDescription.sdp.count("a=candidate:") == 0
        await connection.close()
        occupied.close()

    asyncio.run(scene())


def test_without_a_public_address_the_answer_stays_as_it_is(given):
    given(media_addresses=HERE)
    assert announced(CANDIDATE) == CANDIDATE


def test_the_public_address_stands_beside_the_one_it_leads_to(given):
    given(media_addresses="10.0.0.5,fd00::5", media_public_address="203.0.113.7")
    inside = CANDIDATE.format(n=1, host="10.0.0.5")
    other = CANDIDATE.format(n=2, host="fd00::5")
    lines = announced("v=0\r\n" + inside + other).split("\r\n")
    assert [lines[0], lines[1], lines[3], lines[4]] == ["v=0", inside[:-2], other[:-2], ""]
    assert re.fullmatch(
        r"a=candidate:[0-9a-f]{32} 1 udp 2130706430 203\.0\.113\.7 40000 typ host", lines[2]
    )


class Nat(asyncio.DatagramProtocol):
    """Passes what comes to one port of the public address on, and the answers back."""

    def __init__(self, inside):
        self.inside, self.outside = inside, None

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        if address == self.inside:
            self.transport.sendto(data, self.outside)
        else:
            self.outside = address
            self.transport.sendto(data, self.inside)


def test_a_browser_that_reaches_only_the_public_address_sees_its_own_picture(given):
    """Neither end is told an address of the other that leads anywhere, but the NAT's."""
    given(media_addresses=HERE, media_public_address=NAT)
    ice.prepare()
    wire.prepare()

    async def scene():
        browser = Browser(Room().new_line("guest:1"), BLUE, 440)
        near, far = browser.near, browser.far
        await near.setLocalDescription(await near.createOffer())
        offer = near.localDescription.sdp.replace(f" {HERE} ", " 0f-1e.local ")
        await far.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await far.setLocalDescription(await far.createAnswer())
        answer = re.sub(rf"a=candidate:.* {HERE} .*\r\n", "", far.localDescription.sdp)
        port = int(re.search(rf"{NAT} (\d+) typ host", answer)[1])
        nat, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: Nat((HERE, port)), (NAT, port)
        )
        await near.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        await until(lambda: browser.sees(BLUE))
        await browser.hang_up()
        nat.close()

    asyncio.run(scene())
