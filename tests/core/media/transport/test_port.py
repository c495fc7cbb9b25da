"""Whose datagram is it? Every socket here is a real one."""

import asyncio
import errno
import os
import secrets
import socket

import pytest
import uvloop

from core.media.transport import endpoint as endpoints
from core.media.transport import port as ports
from core.media.transport import strangers, stun
from core.media.transport.answer import Candidate
from core.media.transport.endpoint import AT_ONCE, LARGEST
from core.media.transport.ice import (
    FACTOR,
    MOST_CHECKS,
    MOST_PAIRS,
    MOST_STRANGE_CHECKS,
    Agent,
)
from core.media.transport.pair import HELD_SECONDS
from core.media.transport.port import Port
from core.media.transport.strangers import MOST_OF_A_HOST
from core.media.transport.udp import CannotListen
from tests.core.media.peers import until
from tests.core.media.transport import checks
from tests.core.media.transport.wires import ELSEWHERE, LOOPBACK, Member, clock, opened
from tests.ports import free_ports

MEDIA, HELLO = b"\x80\x60 media", b"\x16\xfe\xfd hello"
ABROAD = "203.0.113.7"


def run(scene, *hosts, **more):
    async def play():
        async with opened(*hosts, **more) as here:
            await scene(here)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as the app does
        runner.run(play())


def test_an_authentic_check_is_answered_with_the_address_it_came_from():
    async def scene(here):
        member, wire = here.member(), here.wire()
        wire.send(member.check())
        answer = checks.read(await wire.get(), member.agent.pwd)
        assert answer.attributes["XOR-MAPPED-ADDRESS"] == wire.address

    run(scene)


def test_what_comes_from_there_afterwards_goes_to_that_connection_and_to_no_other():
    async def scene(here):
        one, other = here.member(), here.member()
        wires = [here.wire(), here.wire()]
        for member, wire in zip((one, other), wires, strict=True):
            wire.send(member.check())
            await wire.get()
            wire.send(MEDIA, HELLO)
        await until(lambda: len(one.taken) == len(other.taken) == 2)
        for member, wire in zip((one, other), wires, strict=True):
            assert [data for _pair, data in member.taken] == [MEDIA, HELLO]
            assert {pair.address for pair, _data in member.taken} == {wire.address}

    run(scene)


FORGED = {
    "sound": lambda member: b"\x80\x60" + secrets.token_bytes(170),
    "half a header": lambda member: b"\x80\x60\x01",
    "a report": lambda member: b"\x80\xc8" + secrets.token_bytes(26),
    "a greeting of DTLS": lambda member: HELLO,
    "half a check": lambda member: member.check()[:24],
    "a check with a broken attribute": lambda member: checks.header(4) + b"\x00\x24\x00\x08",
    "a check that proves nothing": lambda member: checks.header(0),
    "a check with another password": lambda member: member.check("x" * 48),
    "a check with the other's password": lambda member: member.check("iw8Y" * 6),
    "a check that names nobody": lambda member: checks.check("nobody:iw8Y", member.agent.pwd),
    "a check that names half of it": lambda member: checks.check(
        member.agent.ufrag, member.agent.pwd
    ),
    "a check the other way round": lambda member: checks.check(
        f"iw8Y:{member.agent.ufrag}", member.agent.pwd
    ),
    "an answer": lambda member: stun.success(
        stun.Request(secrets.token_bytes(12), b""), (LOOPBACK, 1), member.agent.pwd.encode()
    ),
    "more than any check has": lambda member: member.check(
        more=checks.attribute(checks.NETWORK_INFO, bytes(600))
    ),
    "more than any packet has": lambda member: b"\x80" + bytes(3000),
    "anything": lambda member: secrets.token_bytes(1 + secrets.randbelow(1200)),
    "nothing": lambda member: b"",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_stranger_gets_not_one_byte_and_leaves_nothing_behind(forge):
    async def scene(here):
        member, stranger = here.member(), here.wire()
        for _ in range(100):
            stranger.send(forge(member))
        await here.settled()
        assert stranger.got() == []
        assert (member.taken, member.agent._pairs, member.selections) == ([], {}, 0)
        [endpoint] = here.port._endpoints
        assert stranger.address not in endpoint._pairs

    run(scene)


def test_a_stranger_is_looked_at_only_as_far_as_needed(monkeypatch):
    """Proof costs most, so it is asked for only of who names a living connection."""
    asked, real = [], stun.is_authentic

    def counted(data, request, password):
        asked.append(request.username)
        return real(data, request, password)

    monkeypatch.setattr(stun, "is_authentic", counted)

    async def scene(here):
        member, stranger = here.member(), here.wire()
        for name, forge in FORGED.items():
            if "password" not in name:
                stranger.send(forge(member))
        await here.settled()
        assert member.agent.username not in asked
        assert len(asked) == 1  # of `settled` itself
        stranger.send(member.check("x" * 48))
        await here.settled()
        assert asked.count(member.agent.username) == 1

    run(scene)


def test_what_is_dropped_is_counted_by_its_reason():
    async def scene(here):
        member, stranger = here.member(), here.wire()
        stranger.send(MEDIA, b"", checks.check("nobody:iw8Y", "x" * 24), member.check("x" * 48))
        await here.settled()
        assert here.port.dropped == {"no check": 2, "names nobody": 1, "not authentic": 1}

    run(scene)


def test_of_the_checks_that_name_a_connection_only_so_many_a_second_are_looked_at(monkeypatch):
    hands = clock(monkeypatch, endpoints)

    async def scene(here):
        member, stranger, browser = here.member(), here.wire(), here.wire()
        for _ in range(MOST_CHECKS + 5):
            stranger.send(member.check("x" * 48))
        browser.send(member.check())
        await here.settled()
        wrong, rest = MOST_STRANGE_CHECKS, MOST_CHECKS + 6 - MOST_STRANGE_CHECKS
        assert here.port.dropped == {"not authentic": wrong, "too many checks": rest}
        assert browser.got() == []
        hands.now += 1
        browser.send(member.check())
        await browser.get()

    run(scene)


def test_a_guest_who_floods_keeps_nobody_at_the_same_host_from_joining(monkeypatch):
    """Such as everybody who comes by the relay, or from behind the same router."""
    clock(monkeypatch, endpoints)

    async def scene(here):
        six_tabs, wire, browser = [here.member() for _ in range(12)], here.wire(), here.wire()
        for member in six_tabs:
            for _ in range(2 * MOST_CHECKS):
                wire.send(member.check("x" * 48))
            await here.settled()
        browser.send(here.member().check())
        await browser.get()

    run(scene)


def test_a_host_that_floods_stops_nobody_elsewhere(monkeypatch):
    clock(monkeypatch, endpoints)

    async def scene(here):
        members = [here.member() for _ in range(MOST_OF_A_HOST // MOST_STRANGE_CHECKS + 2)]
        wire, browser = here.wire(), here.wire("127.0.0.2")
        for member in members[:-1]:
            for _ in range(MOST_STRANGE_CHECKS):
                wire.send(member.check("x" * 48))
            await here.settled()
        assert here.port.dropped["not authentic"] == MOST_OF_A_HOST
        wire.send(members[-1].check())
        browser.send(members[-1].check())
        await browser.get()
        assert wire.got() == []

    run(scene)


def test_of_all_strangers_together_only_so_many_a_second_are_looked_at(monkeypatch):
    hands = clock(monkeypatch, endpoints)
    monkeypatch.setattr(strangers, "MOST_STRANGERS", 10)

    async def scene(here):
        member, wires = here.member(), [here.wire(f"127.0.1.{n}") for n in range(1, 13)]
        for wire in wires:
            wire.send(member.check("x" * 48))
        await until(lambda: here.port.dropped.total() == 12)
        assert here.port.dropped == {"not authentic": 10, "too many checks": 2}
        hands.now += 1
        wires[0].send(member.check())
        await wires[0].get()

    run(scene)


def test_who_has_proved_to_be_there_is_no_stranger_any_more(monkeypatch):
    clock(monkeypatch, endpoints)
    monkeypatch.setattr(strangers, "MOST_STRANGERS", 1)

    async def scene(here):
        member, wire = here.member(), here.wire()
        for _ in range(5):
            wire.send(member.check())
            await wire.get()

    run(scene)


def test_hosts_are_not_remembered_without_end(monkeypatch):
    monkeypatch.setattr(strangers, "HOSTS_KEPT", 4)

    async def scene(here):
        member = here.member()
        for number in range(1, 12):
            wire = here.wire(f"127.0.1.{number}")
            wire.send(member.check("x" * 48))
        await here.settled()
        assert len(here.port.strangers._hosts) <= 4

    run(scene)


def test_datagrams_that_name_nobody_are_not_remembered_at_all():
    async def scene(here):
        for number in range(1, 12):
            here.wire(f"127.0.1.{number}").send(checks.check("nobody:iw8Y", "x" * 24), MEDIA)
        await here.settled()
        assert [*here.port.strangers._hosts] == [ELSEWHERE]  # of `settled` itself

    run(scene)


@pytest.mark.parametrize("data", [b"", b"\x80" + bytes(LARGEST)], ids=["nothing", "too much"])
def test_from_a_known_address_nothing_and_too_much_are_left(data):
    async def scene(here):
        member, wire = here.member(), here.wire()
        wire.send(member.check())
        await wire.get()
        wire.send(data, MEDIA)
        await until(lambda: bool(member.taken))
        assert [each for _pair, each in member.taken] == [MEDIA]

    run(scene)


def test_the_largest_packet_arrives_whole():
    async def scene(here):
        member, wire = here.member(), here.wire()
        wire.send(member.check())
        await wire.get()
        wire.send(b"\x80" + bytes(LARGEST - 1))
        await until(lambda: bool(member.taken))
        assert len(member.taken[0][1]) == LARGEST

    run(scene)


def test_after_so_many_datagrams_everything_else_has_its_turn():
    async def scene(here):
        wire = here.wire()
        wire.send(*[MEDIA] * (3 * AT_ONCE))
        [endpoint] = here.port._endpoints
        seen = []
        for _ in range(3):
            endpoint._drain()
            seen.append(here.port.dropped["no check"])
        assert seen == [AT_ONCE, 2 * AT_ONCE, 3 * AT_ONCE]

    run(scene)


# --- Where a browser is ---------------------------------------------------------------------------


def test_a_browser_that_nominates_another_address_is_followed_there():
    async def scene(here):
        member, wires = here.member(), [here.wire(), here.wire("127.0.0.2")]
        for wire in (*wires, wires[0]):
            wire.send(member.check(nominates=True))
            await wire.get()
            member.agent.send(MEDIA)
            assert await wire.get() == MEDIA
        assert [wire.got() for wire in wires] == [[], []]

    run(scene)


def test_an_address_that_another_connection_proves_is_that_ones_from_then_on():
    """Such as a browser's that starts over from the same port, or of the next one behind a NAT."""

    async def scene(here):
        older, newer, wire = here.member(), here.member(), here.wire()
        for member in (older, newer):
            wire.send(member.check(nominates=True))
            await wire.get()
        wire.send(MEDIA)
        await until(lambda: bool(newer.taken))
        assert older.taken == []

    run(scene)


def rtp(ssrc: bytes, payload: bytes) -> bytes:
    return b"\x80\x60" + bytes(6) + ssrc + payload


def test_a_browser_is_followed_to_an_address_that_nobody_knows_by_media_under_its_keys_alone():
    """A NAT has forgotten it: the browser does not know, and its next check takes seconds."""
    own, forged = rtp(b"ssrc", b"own"), rtp(b"ssrc", b"forged")

    async def scene(here):
        member, before, after = here.member(), here.wire(), here.wire()
        before.send(member.check(nominates=True))
        await before.get()
        came = []
        member.take = lambda data, _now: came.append(data) or data == own
        here.port.sends(b"ssrc", member)
        after.send(rtp(b"else", b"own"), forged)
        await until(lambda: came == [forged])
        assert member.agent.pair.address == before.address
        after.send(own)
        await until(lambda: member.agent.pair.address == after.address)
        assert member.agent.send(MEDIA)
        assert await after.get() == MEDIA
        assert here.port.dropped["of nobody"] == 1

    run(scene)


def test_of_two_connections_with_the_same_ssrc_the_second_takes_nothing_from_the_first():
    async def scene(here):
        first, second = here.member(), here.member()
        for member in (first, second):
            here.port.sends(b"ssrc", member)
        assert here.port.sender_of(b"ssrc") is first
        here.port.remove(second)
        assert here.port.sender_of(b"ssrc") is first
        here.port.remove(first)
        assert here.port.sender_of(b"ssrc") is None
        here.port.sends(b"ssrc", first)  # its last packet, after it is gone
        assert here.port.sender_of(b"ssrc") is None

    run(scene)


def test_nobody_takes_the_address_of_a_browser_that_has_shown_lately_that_it_is_there(monkeypatch):
    """A check of one's own with somebody else's address as its sender would silence them."""

    async def scene(here):
        hands = clock(monkeypatch, endpoints)
        victim, forger, wire = here.member(), here.member(), here.wire()
        wire.send(victim.check(nominates=True))
        await wire.get()
        victim.agent.follow(victim.agent.pair)
        wire.send(forger.check(nominates=True))
        await until(lambda: here.port.dropped["in somebody else's name"] == 1)
        wire.send(MEDIA)
        await until(lambda: bool(victim.taken))
        assert (forger.taken, forger.agent.pair) == ([], None)
        hands.now += HELD_SECONDS  # and now it has been silent for long
        wire.send(forger.check(nominates=True))
        await until(lambda: forger.agent.pair is not None)

    run(scene)


def test_when_the_older_connection_ends_the_newer_keeps_the_address():
    async def scene(here):
        older, newer, wire = here.member(), here.member(), here.wire()
        for member in (older, newer):
            wire.send(member.check(nominates=True))
            await wire.get()
        here.port.remove(older)
        wire.send(MEDIA)
        await until(lambda: bool(newer.taken))

    run(scene)


def test_a_connection_whose_address_was_taken_gets_it_back_by_proving_it_again():
    async def scene(here):
        one, other, wire = here.member(), here.member(), here.wire()
        for member in (one, other, one):
            wire.send(member.check())
            await wire.get()
        wire.send(MEDIA)
        await until(lambda: bool(one.taken))
        assert other.taken == []

    run(scene)


def test_who_only_names_a_connection_does_not_take_its_address():
    async def scene(here):
        member, other, wire = here.member(), here.member(), here.wire()
        wire.send(member.check())
        await wire.get()
        wire.send(other.check("x" * 48), MEDIA)
        await until(lambda: bool(member.taken))

    run(scene)


def test_of_too_many_addresses_of_a_browser_the_oldest_are_strangers_again():
    async def scene(here):
        member, wires = here.member(), [here.wire() for _ in range(MOST_PAIRS + 3)]
        for wire in wires:
            wire.send(member.check())
            await wire.get()
        [endpoint] = here.port._endpoints
        assert {*endpoint._pairs} == {wire.address for wire in wires[3:]}

    run(scene)


def test_a_connection_that_is_removed_leaves_nothing_and_is_heard_no_more():
    async def scene(here):
        member, wires = here.member(), [here.wire() for _ in range(3)]
        for wire in wires:
            wire.send(member.check(nominates=True))
            await wire.get()
        for _ in range(2):
            here.port.remove(member)
        [endpoint] = here.port._endpoints
        assert (here.port.members, endpoint._pairs, member.agent._pairs) == ([], {}, {})
        for wire in wires:
            wire.send(member.check(), MEDIA)
        await here.settled()
        assert [wire.got() for wire in wires] == [[], [], []]
        assert member.taken == []

    run(scene)


def test_before_there_are_keys_three_times_what_came_is_the_most_that_goes():
    async def scene(here):
        member, wire = here.member(), here.wire()
        check = member.check(nominates=True)
        wire.send(check)
        await wire.get()
        for _ in range(100):
            member.agent.send(HELLO)
        await here.settled()
        rest = sum(map(len, wire.got()))
        assert 0 < rest < FACTOR * len(check)

    run(scene)


def test_ipv6_is_answered_and_heard():
    async def scene(here):
        member, wire = here.member(), here.wire("::1")
        wire.send(member.check(nominates=True))
        answer = checks.read(await wire.get(), member.agent.pwd)
        assert answer.attributes["XOR-MAPPED-ADDRESS"] == wire.address[:2]
        wire.send(MEDIA)
        await until(lambda: bool(member.taken))
        assert member.agent.send(MEDIA)
        assert await wire.get() == MEDIA

    run(scene, "::1")


def test_both_families_have_a_socket_of_their_own_and_a_browser_may_go_from_one_to_the_other():
    async def scene(here):
        member, wires = here.member(), [here.wire(), here.wire("::1")]
        for wire in wires:
            wire.send(member.check(nominates=True))
            await wire.get()
            member.agent.send(MEDIA)
            assert await wire.get() == MEDIA
        assert len(member.agent._pairs) == 2

    run(scene, LOOPBACK, "::1")


def test_what_an_earlier_datagram_met_on_its_way_ends_nothing():
    """Some systems tell a socket when nobody listened where it has sent to (ICMP)."""

    async def scene(here):
        [endpoint], member, wire = here.port._endpoints, here.member(), here.wire()
        receive = endpoint._receive

        def refused(size):
            endpoint._receive = receive
            raise ConnectionRefusedError

        endpoint._receive = refused
        wire.send(member.check())
        await wire.get()

    run(scene)


# --- Every second ---------------------------------------------------------------------------------


def test_every_connection_is_looked_after_again_and_again(monkeypatch):
    monkeypatch.setattr(ports, "LOOK_EVERY", 0.01)

    async def scene(here):
        members = [here.member(), here.member()]
        await until(lambda: min(len(each.looked) for each in members) > 3)

    run(scene)


def test_who_leaves_while_all_are_looked_after_stops_nobody(monkeypatch):
    monkeypatch.setattr(ports, "LOOK_EVERY", 0.01)

    async def scene(here):
        first, last = here.member(), here.member()
        first.look = lambda now: here.port.remove(first)
        await until(lambda: len(last.looked) > 3)
        assert here.port.members == [last]

    run(scene)


def test_a_mistake_of_ours_in_one_connection_stops_nobody_from_being_looked_after(monkeypatch):
    monkeypatch.setattr(ports, "LOOK_EVERY", 0.01)

    async def scene(here):
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        first, last = here.member(), here.member()

        def broken(now):
            raise KeyError

        first.look = broken
        async with asyncio.timeout(1):
            while len(last.looked) < 3:
                await asyncio.sleep(0.01)

    run(scene)


# --- Listening ------------------------------------------------------------------------------------


def test_the_port_that_is_set_is_the_one_of_every_address():
    number, _ = free_ports(1)
    port = Port([LOOPBACK, "::1"], number)
    assert port.candidates == [Candidate(LOOPBACK, number), Candidate("::1", number)]
    port.close()


def test_without_a_number_each_address_has_any_free_port():
    port = Port([LOOPBACK, "127.0.0.2"], 0)
    assert [each.host for each in port.candidates] == [LOOPBACK, "127.0.0.2"]
    assert min(each.port for each in port.candidates) > 1023
    port.close()


def taken(number):
    occupied = socket.socket(type=socket.SOCK_DGRAM)
    occupied.bind((LOOPBACK, number))
    return occupied


def test_a_port_that_is_taken_is_a_sentence():
    number, _ = free_ports(1)
    with taken(number), pytest.raises(CannotListen) as refused:
        Port([LOOPBACK], number)
    assert str(refused.value) == (
        f"UDP port {number} of 127.0.0.1 is taken: another BERATUNGSRAUM_MEDIA_PORT is needed"
    )


def test_an_address_of_another_machine_is_a_sentence():
    with pytest.raises(CannotListen) as refused:
        Port([ABROAD], 0)
    assert str(refused.value) == (
        "203.0.113.7 is no address of this machine: BERATUNGSRAUM_MEDIA_ADDRESSES is wrong"
    )


def test_whoever_cannot_have_all_addresses_keeps_none():
    number, _ = free_ports(1)
    with pytest.raises(CannotListen):
        Port([LOOPBACK, ABROAD], number)
    taken(number).close()


def test_a_machine_without_ipv6_gets_a_sentence_and_keeps_no_socket(monkeypatch):
    real, number = socket.socket, free_ports(1)[0]

    def without_ipv6(family, *more):
        if family == socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, os.strerror(errno.EAFNOSUPPORT))
        return real(family, *more)

    with monkeypatch.context() as patch:
        patch.setattr(socket, "socket", without_ipv6)
        with pytest.raises(CannotListen):
            Port([LOOPBACK, "::1"], number)
    taken(number).close()


def test_a_port_may_be_closed_before_it_is_open_and_twice():
    number, _ = free_ports(1)
    port = Port([LOOPBACK], number)
    port.close()
    port.close()
    taken(number).close()


def test_who_sends_at_a_closed_port_sends_nothing_and_breaks_nothing():
    async def scene(here):
        member, wire = here.member(), here.wire()
        wire.send(member.check(nominates=True))
        await wire.get()
        here.port.close()
        assert not member.agent.send(MEDIA)
        here.port.remove(member)

    run(scene)


@pytest.mark.parametrize(
    ("hosts", "outside", "told"),
    [
        ([LOOPBACK], None, [LOOPBACK]),
        ([LOOPBACK], ABROAD, [LOOPBACK, ABROAD]),
        ([LOOPBACK, "::1"], ABROAD, [LOOPBACK, "::1", ABROAD]),
        ([LOOPBACK, "::1"], "2001:db8::7", [LOOPBACK, "::1", "2001:db8::7"]),
        (["::1"], ABROAD, ["::1"]),
    ],
)
def test_told_are_our_addresses_and_beside_them_the_one_outside_with_the_same_port(
    hosts, outside, told
):
    number, _ = free_ports(1)
    port = Port(hosts, number, outside)
    assert port.candidates == [Candidate(host, number) for host in told]
    port.close()


def test_two_connections_of_one_browser_are_told_apart_by_our_own_names():
    """Also when a browser gives both the same name."""
    agents = [Agent("iw8Y", lambda *_: None, lambda: None) for _ in range(2)]
    assert len({each.username for each in agents}) == 2


def test_a_member_is_the_newest_of_its_name(monkeypatch):
    async def scene(here):
        member = Member(here.port)
        here.port.add(member)
        assert here.port.members == [member]

    run(scene)
