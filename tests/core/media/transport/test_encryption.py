"""
What protects picture and sound on the wire, and what is left when a call ends, shown with
aiortc as the browser and every socket a real one. Source: OWASP ASVS 5.0, V17.2 and V11.6.1.
"""

import asyncio
import os
import random
import re
import secrets

import pytest
import uvloop
from aiortc import RTCSessionDescription
from cryptography.hazmat.primitives.asymmetric import ec

from core.media.rooms.room import Room
from core.media.transport.offer import read
from core.media.transport.peer import Peer
from tests.core.media.peers import HERE, Browser, until
from tests.core.media.transport import checks
from tests.core.media.transport.wires import Wire, opened

BLUE = (60, 210, 110)


class Call:
    """A browser that shows a colour to our end of its connection, at a port of its own."""

    def __init__(self, scene):
        self.port, self.scene = scene.port, scene
        self.browser = Browser(Room().new_line("guest:1"), BLUE, 600)

    @property
    def far(self):
        return self.browser.far

    async def begin(self):
        await self.browser.call(self.port)
        await self.more()

    async def more(self):
        """Until ten more pictures have come back."""
        enough = len(self.browser.seen) + 10
        await until(lambda: len(self.browser.seen) >= enough)
        assert self.browser.sees(BLUE)

    async def hang_up(self):
        """Whatever has become of the call."""
        await self.browser.near.close()
        self.far.shut()
        for each in self.browser.pumps:
            each.cancel()
        await asyncio.gather(*self.browser.pumps, return_exceptions=True)

    @property
    def dtls(self):
        return self.browser.transport


def run(scene):
    async def play():
        async with opened(HERE) as here:
            call = Call(here)
            try:
                await scene(call)
            finally:
                if call.far is not None:
                    await call.hang_up()
            await forgotten(call)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as the app does
        runner.run(play())


async def forgotten(call):
    """Nothing of any connection is left at the port, and nothing goes on by itself."""
    [endpoint] = call.port._endpoints
    await until(lambda: call.port.members == [] and endpoint._pairs == {})
    await until(lambda: asyncio.all_tasks() == {asyncio.current_task()})


def other_fingerprint(description):
    return re.sub(r"(?<=a=fingerprint:sha-)(\d+) [0-9A-F]{2}", r"\1 00", description)


def test_who_has_another_certificate_than_announced_is_not_heard():
    async def scene(call):
        near = call.browser.near
        await near.setLocalDescription(await near.createOffer())
        sent = near.localDescription.sdp
        forged = other_fingerprint(sent)
        assert forged != sent
        call.browser.far = Peer(call.browser.line, read(forged), call.port)
        call.far.open()
        await near.setRemoteDescription(answer_of(call.far))
        await until(lambda: call.far.connectionState == "closed")
        assert (call.browser.seen, call.browser.line.began) == ([], None)

    run(scene)


def answer_of(far, change=str):
    return RTCSessionDescription(change(far.answer), "answer")


def test_a_browser_does_not_speak_to_who_has_another_certificate_than_we_said():
    async def scene(call):
        near = call.browser.near
        await near.setLocalDescription(await near.createOffer())
        call.browser.far = Peer(call.browser.line, read(near.localDescription.sdp), call.port)
        call.far.open()
        await near.setRemoteDescription(answer_of(call.far, other_fingerprint))
        await until(lambda: near.connectionState == "failed")
        assert call.browser.line.began is None

    run(scene)


def test_who_announces_the_right_certificate_is_heard_and_by_gcm():
    async def scene(call):
        await call.begin()
        for ssl in (call.dtls._ssl, call.far._dtls._transport._ssl):
            assert ssl.get_selected_srtp_profile() == b"SRTP_AEAD_AES_256_GCM"
            assert ssl.get_cipher_name() == "ECDHE-ECDSA-AES128-GCM-SHA256"
            assert ssl.get_protocol_version_name() == "DTLSv1.2"

    run(scene)


def test_every_connection_has_a_fresh_key_on_p_256():
    async def scene(call):
        await call.begin()
        first = call.dtls._ssl.get_peer_certificate(as_cryptography=True).public_key()
        await call.hang_up()
        call.browser = Browser(Room().new_line("guest:1"), BLUE, 600)
        await call.begin()
        second = call.dtls._ssl.get_peer_certificate(as_cryptography=True).public_key()
        assert [type(key.curve) for key in (first, second)] == [ec.SECP256R1, ec.SECP256R1]
        assert first.public_numbers() != second.public_numbers()

    run(scene)


FORGED = {
    "sound of somebody else": lambda call: b"\x80\x60" + secrets.token_bytes(170),
    "half a header": lambda call: b"\x80\x60\x01",
    "one byte": lambda call: b"\x80",
    "a report": lambda call: b"\x80\xc8" + secrets.token_bytes(26),
    "half a report": lambda call: b"\x80\xc8\xff\xff",
    "a greeting of DTLS": lambda call: b"\x16\xfe\xfd" + secrets.token_bytes(60),
    "an alert of DTLS": lambda call: b"\x15\xfe\xfd" + bytes(8) + b"\x00\x02\x02\x28",
    "half a STUN message": lambda call: b"\x00\x01\x00\x00",
    "a STUN message with a broken attribute": lambda call: checks.header(4) + b"\x00\x24\x00\x00",
    "a check that nominates with another password": lambda call: checks.check(
        call.far.agent.username.decode(), "x" * 48, nominates=True
    ),
    "anything": lambda call: secrets.token_bytes(1 + secrets.randbelow(1200)),
    "nothing": lambda call: b"",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_forged_and_broken_datagrams_of_a_stranger_change_nothing(forge):
    async def scene(call):
        await call.begin()
        pair, stranger = call.far.agent.pair, call.scene.wire(HERE)
        for _ in range(200):
            stranger.send(forge(call))
        await call.more()
        assert (call.far.connectionState, call.far.agent.pair) == ("connected", pair)
        assert (stranger.got(), call.far.dropped) == ([], {})

    run(scene)


def test_only_addresses_that_have_proved_to_be_the_browsers_reach_the_encryption():
    async def scene(call):
        await call.begin()
        fed, taken = [], []
        call.far._dtls.feed = lambda data, now: fed.append(data) or True
        take = call.far.take
        call.far.take = lambda data, now: taken.append(data) or take(data, now)
        stranger, greeting = call.scene.wire(HERE), b"\x16\xfe\xfd" + bytes(60)
        stranger.send(greeting, b"\x80\x60 from a stranger")
        await call.more()
        assert (fed, b"\x80\x60 from a stranger" in taken) == ([], False)
        stranger.send(checks.check(call.far.agent.username.decode(), call.far.agent.pwd))
        await stranger.get()
        stranger.send(greeting)
        await until(lambda: fed == [greeting])

    run(scene)


async def moved(call, nominates):
    """The browser of a talk at another address, from which it has checked; its media is silent."""
    await call.begin()
    call.browser.lose(1.0, random.Random(1))
    agent, elsewhere = call.far.agent, call.scene.wire(HERE)
    elsewhere.send(checks.check(agent.username.decode(), agent.pwd, nominates=nominates))
    await elsewhere.get()
    return elsewhere


async def media_at(wire):
    """Until media has come there."""
    while (await wire.get())[0] != 0x90:
        pass


def test_a_browser_that_nominates_another_address_in_the_middle_of_a_talk_is_followed():
    async def scene(call):
        elsewhere = await moved(call, True)
        assert call.far.agent.pair.address == elsewhere.address
        call.far.send(b"\x90\x60" + bytes(40))
        await media_at(elsewhere)

    run(scene)


def test_a_browser_whose_media_comes_from_another_proven_address_is_followed():
    """From Wi-Fi to mobile: some send at once where they have checked, and nominate later."""

    async def scene(call):
        elsewhere = await moved(call, False)
        before = call.far.agent.pair
        assert before.address != elsewhere.address
        head = b"\x80\x60\x70\0" + bytes(4) + b"\0\0\0\x05"
        elsewhere.send(head + bytes(40))  # not encrypted
        elsewhere.send(call.dtls._tx_srtp.protect(head + bytes(40)))
        await until(lambda: call.far.agent.pair is not before)
        assert call.far.dropped["not decrypted"] == 1
        call.far.send(b"\x90\x60" + bytes(40))
        await media_at(elsewhere)

    run(scene)


BROKEN = {
    "noise instead of sound": lambda head: head + secrets.token_bytes(80),
    "no sound at all": lambda head: head,
    "more padding than there is": lambda head: b"\xa0" + head[1:] + b"\xff\xff",
    "somebody nobody has announced": lambda head: head[:8] + b"\x00\x00\x00\x01" + bytes(80),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_browser_that_sends_broken_media_under_its_own_key_ends_nothing(broken):
    async def scene(call):
        await call.begin()
        session, send = call.dtls._tx_srtp, call.dtls.transport._send
        for number in range(20):
            head = b"\x80\x60" + (30_000 + number).to_bytes(2, "big") + bytes(4) + b"\0\0\0\x05"
            await send(session.protect(broken(head)))
        await call.more()
        assert (call.far.connectionState, call.browser.line.failures) == ("connected", 0)

    run(scene)


# --- What is left ---------------------------------------------------------------------------------


def test_when_we_end_it_the_browser_hears_goodbye_and_nothing_is_left():
    async def scene(call):
        await call.begin()
        call.far.shut()
        await until(lambda: call.dtls.state == "closed")
        await forgotten_far(call)

    run(scene)


def test_when_the_browser_ends_it_nothing_is_left():
    async def scene(call):
        await call.begin()
        await call.browser.near.close()
        await forgotten_far(call)
        assert call.far.connectionState == "closed"

    run(scene)


async def forgotten_far(call):
    [endpoint] = call.port._endpoints
    await until(lambda: call.port.members == [] and endpoint._pairs == {})


async def at_the_door(call):
    """A browser's wire, and our end of a connection that is open for it."""
    near = call.browser.near
    await near.setLocalDescription(await near.createOffer())
    call.browser.far = Peer(call.browser.line, read(near.localDescription.sdp), call.port)
    call.far.open()
    return call.scene.wire(HERE)


def test_what_is_shut_before_anything_came_leaves_nothing():
    async def scene(call):
        await at_the_door(call)
        call.far.shut()
        assert call.port.members == []

    run(scene)


def test_what_is_shut_after_a_check_leaves_nothing():
    async def scene(call):
        wire, agent = await at_the_door(call), call.far.agent
        wire.send(checks.check(agent.username.decode(), agent.pwd))
        await wire.get()
        call.far.shut()
        await forgotten_far(call)

    run(scene)


def test_what_is_shut_in_the_middle_of_the_handshake_leaves_nothing():
    async def scene(call):
        wire, agent = await at_the_door(call), call.far.agent
        wire.send(checks.check(agent.username.decode(), agent.pwd, nominates=True))
        await wire.get()
        greeting = await wire.get()
        assert greeting[0] == 22  # a handshake has begun
        call.far.shut()
        await forgotten_far(call)

    run(scene)


def test_who_is_at_the_door_again_finds_the_place_of_the_older_connection_taken_over():
    """A page that is reloaded may come from the same address and port."""

    async def scene(call):
        wire = await at_the_door(call)
        older = call.far
        wire.send(checks.check(older.agent.username.decode(), older.agent.pwd, nominates=True))
        await wire.get()
        newer = Peer(call.browser.line, older._offer, call.port)
        newer.open()
        wire.send(checks.check(newer.agent.username.decode(), newer.agent.pwd, nominates=True))
        older.shut()
        [endpoint] = call.port._endpoints
        await until(lambda: call.port.members == [newer])
        await until(lambda: [pair.agent for pair in endpoint._pairs.values()] == [newer.agent])
        newer.shut()
        await forgotten_far(call)

    run(scene)


# --- Behind a NAT ---------------------------------------------------------------------------------


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


def test_a_browser_that_reaches_only_the_public_address_sees_its_own_picture():
    """The browser is told no address of ours that leads anywhere, but the NAT's."""

    async def play():
        nat_host = "127.0.0.2"
        async with opened("127.0.0.1", outside=nat_host) as here:
            call = Call(here)
            near = call.browser.near
            await at_the_door(call)
            [inside, outside] = here.port.candidates
            assert (outside.host, outside.port) == (nat_host, inside.port)
            nat, _ = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: Nat((inside.host, inside.port)), (nat_host, outside.port)
            )
            only = re.compile(rf"a=candidate:.* {re.escape(inside.host)} .*\r\n")
            await near.setRemoteDescription(answer_of(call.far, lambda sdp: only.sub("", sdp)))
            await call.more()
            assert call.far.agent.pair.address[0] == nat_host
            await call.hang_up()
            nat.close()

    asyncio.run(play())


def test_a_datagram_larger_than_any_is_not_sent_on():
    """The system may join or cut nothing: what is too large is left at the port."""

    async def scene(call):
        await call.begin()
        wire = Wire(call.port, HERE)
        agent = call.far.agent
        wire.send(checks.check(agent.username.decode(), agent.pwd))
        await wire.get()
        wire.send(b"\x80" + bytes(3000))
        await call.more()
        assert call.far.dropped == {}
        wire.close()

    run(scene)


def test_no_connection_has_a_socket_of_its_own():
    """There is none to leave behind, whatever becomes of the connection."""

    async def scene(call):
        await at_the_door(call)
        before = os.listdir("/proc/self/fd")
        made = [Peer(Room().new_line("guest:1"), call.far._offer, call.port) for _ in "12345"]
        for each in made:
            each.open()
        assert os.listdir("/proc/self/fd") == before
        for each in made:
            each.shut()

    run(scene)
