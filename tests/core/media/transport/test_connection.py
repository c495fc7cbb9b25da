"""What a connection takes in and sends, without a network: only the handshake is left out."""

import asyncio
from contextlib import suppress
from types import SimpleNamespace

import pylibsrtp
import pytest
from aiortc.rtp import (
    RtcpByePacket,
    RtcpPsfbPacket,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    RtcpSenderInfo,
    RtcpSrPacket,
    pack_remb_fci,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from pylibsrtp import Policy, Session

from core.media.packets.feedback import HIGHEST, HIGHEST_SCREEN
from core.media.packets.parts import Part
from core.media.rooms.room import Room
from core.media.transport import connection, incoming, offer, stun
from core.media.transport.connection import UP_SECONDS, Closed
from core.media.transport.ice import CONSENT_SECONDS
from core.media.transport.incoming import LONGEST_RTCP, MOST_PACKETS, MOST_SOURCES, RTCP_BYTES
from core.media.transport.peer import Peer
from core.media.transport.port import Port
from tests.core.media.ends import packet
from tests.core.media.packets.test_rtp import written
from tests.core.media.transport import checks
from tests.core.media.transport.offers import OFFERS
from tests.core.media.transport.wires import LOOPBACK, clock

NOW = 1000.0
VP8, OPUS = 96, 111  # as in Chromium's offer
HERE, THERE = ("192.0.2.1", 1), ("192.0.2.2", 2)
REPORT = bytes(RtcpRrPacket(ssrc=7))


def session(direction, key=b"k"):
    return Session(
        Policy(
            key=key * 28,
            ssrc_type=direction,
            srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
        )
    )


class Keys:
    """In place of the handshake: the keys are there from the beginning."""

    fingerprint, has_begun, ended = ("sha-256", ":".join(["AB"] * 32)), False, 0

    def __init__(self):
        self.sessions = session(Policy.SSRC_ANY_INBOUND), session(Policy.SSRC_ANY_OUTBOUND, b"o")

    def begin(self, fingerprint, ended):
        self.has_begun = True
        ended(True)

    def feed(self, datagram, now):
        return True

    async def end(self):
        self.ended += 1


class Endpoint:
    """A socket that keeps what it is given, and no more than it takes."""

    def __init__(self):
        self.sent, self.takes = [], True

    def send(self, data, address):
        if self.takes:
            self.sent.append((data, address))
        return self.takes

    def forget(self, pair):
        pass


class Scene:
    """A browser that has just connected, and our end of it."""

    def __init__(self, screen=False):
        self.port, self.endpoint = Port([LOOPBACK], 0), Endpoint()
        self.line = Room().new_line("guest:1", screen_of="staff:1" if screen else None)
        self.far = Peer(self.line, offer.read(OFFERS["chromium-1"]), self.port)
        self.keys = self.far._dtls = Keys()
        self.near = session(Policy.SSRC_ANY_OUTBOUND)
        self.closed = 0
        self.far.on_closed = self._count

    def _count(self):
        self.closed += 1

    def check(self, address=HERE, now=NOW, nominates=False):
        """A check of the browser, as the port hands it over."""
        agent = self.far.agent
        data = checks.check(agent.username.decode(), agent.pwd, nominates=nominates)
        return agent.check(stun.read(data), data, self.endpoint, address, now)

    def connect(self):
        self.far.open()
        self.check(nominates=True)

    def media(self, number=0, now=NOW, **differs):
        """One encrypted packet of this browser; whether it was taken."""
        return self.far.take(self.protected(number, **differs), now)

    def protected(self, number=0, **differs):
        sent = packet(number, **{"payload_type": VP8} | differs)
        return self.near.protect(written(sent))

    def report(self, now=NOW, data=REPORT):
        return self.far.take(self.near.protect_rtcp(data), now)

    @property
    def newest(self):
        return self.line.inlets[Part.PICTURE]._newest


def played(scene, connects=True, **more):
    """Plays a scene on a loop; nothing may be left of it."""

    async def play():
        here = Scene(**more)
        if connects:
            here.connect()
        scene(here)
        here.far.shut()
        while here.port.members:
            await asyncio.sleep(0)
        here.port.close()

    asyncio.run(play())


def test_who_has_keys_is_up_and_its_line_is_plugged_in():
    def scene(here):
        assert (here.far.is_up, here.far.connectionState) == (True, "connected")
        assert here.line.connection is here.far
        assert {*here.line.inlets} == {Part.PICTURE, Part.SOUND}
        assert [{*place} for place in here.line.places] == [
            {Part.PICTURE, Part.SOUND},
            {Part.PICTURE},
        ]
        assert here.media(1)
        assert here.line.room.lines["guest:1"] is here.line

    played(scene)


def test_more_packets_than_any_browser_sends_are_dropped_until_the_second_is_over():
    def scene(here):
        taken = [here.media(number) for number in range(1, MOST_PACKETS + 51)]
        assert (sum(taken), here.newest) == (MOST_PACKETS, MOST_PACKETS)
        assert not here.report()
        assert here.far.dropped.total() == 51
        here.far.beat(here.far._born + 2.0)
        assert here.media(MOST_PACKETS + 60)

    played(scene)


def bits_taken(here):
    """How many bits a second are taken at most, of the largest packets."""
    payload, count = bytes(1200), 1000
    return 8 * 1200 * sum(here.media(number, payload=payload) for number in range(count))


@pytest.mark.parametrize(("screen", "asked"), [(False, HIGHEST), (True, HIGHEST_SCREEN)])
def test_a_browser_may_send_twice_the_bits_it_is_asked_for_and_no_more(screen, asked):
    def scene(here):
        taken = bits_taken(here)
        assert 0.9 < taken / (incoming.BITS * asked + incoming.SOUND_BITS) <= 1.01
        assert here.far.dropped.total() > 0

    played(scene, screen=screen)


def test_of_one_browser_only_so_many_sources_are_heard():
    def scene(here):
        heard = [here.media(1, ssrc=100 + number) for number in range(MOST_SOURCES + 3)]
        assert heard == [True] * MOST_SOURCES + [False] * 3
        assert here.far.dropped == {"too many sources": 3}
        assert here.media(2, ssrc=100)

    played(scene)


def test_sources_that_prove_nothing_take_nobodys_place():
    def scene(here):
        for number in range(2 * MOST_SOURCES):
            assert not here.far.take(written(packet(1, ssrc=100 + number)) + bytes(16), NOW)
        assert here.media(1)

    played(scene)


def test_garbage_in_a_browsers_name_uses_up_nothing_of_what_it_may_send():
    """Anyone who forges its address has no keys; with its SSRC, with others, with reports."""

    def scene(here):
        assert here.media(1)
        for number in range(2 * MOST_PACKETS):
            for ssrc in (1, number):
                here.far.take(written(packet(number & 0xFFFF, ssrc=ssrc)) + bytes(1000), NOW)
            here.far.take(REPORT + bytes(500), NOW)
        assert here.media(2)
        assert here.report()

    played(scene)


def test_reports_of_too_many_sources_are_dropped_too():
    def scene(here):
        told = [here.report(data=bytes(RtcpRrPacket(ssrc=n))) for n in range(MOST_SOURCES + 2)]
        assert told == [True] * MOST_SOURCES + [False] * 2
        assert here.far.dropped == {"too many sources": 2}

    played(scene)


def test_rtcp_beyond_what_any_browser_sends_is_dropped():
    """A report that asks for a thousand packets costs as much as fifty packets of a picture."""
    longer = bytes(RtcpByePacket(sources=[7] * 31))

    def scene(here):
        count = 2 * RTCP_BYTES // len(longer)
        taken = [here.report(data=longer) for _ in range(count)]
        assert 0 < sum(taken) * len(longer) <= RTCP_BYTES + len(longer)
        assert taken == sorted(taken, reverse=True)
        assert here.far.dropped == {"too much RTCP": count - sum(taken)}
        assert here.report(NOW + 1.0)

    played(scene)


def test_a_report_that_is_longer_than_any_is_dropped():
    def scene(here):
        assert not here.far.take(REPORT + bytes(LONGEST_RTCP), NOW)
        assert here.far.dropped == {"too much RTCP": 1}

    played(scene)


def test_what_cannot_be_read_is_dropped_and_counted():
    def scene(here):
        here.far.take(b"\x80\x60", NOW)
        here.far.take(here.near.protect(b"\xb0" + written(packet(1))[1:]), NOW)
        here.report(data=b"\x80\xc8\0\7" + bytes(4))
        here.media(2, payload_type=55)
        assert here.far.dropped == {"malformed": 3, "unknown payload type": 1}

    played(scene)


@pytest.mark.parametrize("data", [b"\x80\x60" + bytes(40), b"\x80\xc8" + bytes(40)])
def test_what_cannot_be_decrypted_is_counted(data):
    def scene(here):
        assert not here.far.take(data, NOW)
        assert (here.far.dropped, here.line.failures) == ({"not decrypted": 1}, 0)

    played(scene)


def test_what_comes_twice_is_taken_once():
    def scene(here):
        data = here.protected(1)
        assert [here.far.take(data, NOW) for _ in range(2)] == [True, False]
        assert here.far.dropped == {"not decrypted": 1}

    played(scene)


def test_a_connection_that_was_left_behind_says_nothing_more():
    def scene(here):
        here.line.plug(object(), asyncio.get_running_loop())
        assert not here.media(1)
        assert not here.report()
        assert here.far.dropped == {"of a connection left behind": 2}
        assert here.line.inlets == {}
        assert not here.far.beat(NOW)

    played(scene)


def test_before_there_are_keys_media_goes_nowhere():
    def scene(here):
        here.far.open()
        pair = here.check()
        pair.take(pair, here.protected(1), NOW)
        assert here.far.dropped == {"of a connection left behind": 1}
        assert (here.line.connection, here.line.began) == (None, None)

    played(scene, connects=False)


def test_what_cannot_be_sent_is_dropped_and_counted():
    def scene(here):
        before = len(here.endpoint.sent)
        here.far.send(written(packet(1)))
        here.far.send(b"!")
        here.far.send(bytes(1400))
        here.endpoint.takes = False
        here.far.send(written(packet(2)))
        assert len(here.endpoint.sent) == before + 1
        assert here.far.dropped == {"not encrypted": 2, "not sent": 1}

    played(scene)


def test_what_is_sent_is_encrypted():
    def scene(here):
        plain = written(packet(1))
        here.far.send(plain)
        secret, address = here.endpoint.sent[-1]
        assert (address, plain[12:] in secret) == (HERE, False)
        assert session(Policy.SSRC_ANY_INBOUND, b"o").unprotect(secret) == plain

    played(scene)


def test_a_mistake_of_ours_while_a_packet_is_served_is_told_once_and_ends_nothing(caplog):
    def scene(here):
        here.line.put = raising(KeyError)
        assert here.media(1) is here.media(2) is False
        assert (here.line.failures, len(caplog.records)) == (2, 1)
        assert here.far.is_up

    played(scene)


@pytest.mark.parametrize("name", ["beat", "feedback"])
def test_a_mistake_of_ours_in_the_beat_stops_no_other_beat(name, caplog):
    def scene(here):
        if name == "beat":
            here.line.beat = raising(KeyError)
        else:
            here.line.feedback.due = raising(KeyError)
        assert here.far.beat(NOW)
        assert here.line.failures == 1

    played(scene)


def raising(problem):
    def refuse(*_):
        raise problem

    return refuse


def test_who_only_reports_is_there_too():
    def scene(here):
        assert here.report()
        assert here.line.room.lines["guest:1"] is here.line

    played(scene)


REPORTS = [
    REPORT,
    bytes(RtcpByePacket(sources=[7])),
    bytes(RtcpSrPacket(ssrc=7, sender_info=RtcpSenderInfo(1, 2, 3, 4))),
    bytes(RtcpRtpfbPacket(fmt=1, ssrc=7, media_ssrc=1, lost=[5, 6, 70])),
    bytes(RtcpPsfbPacket(fmt=1, ssrc=7, media_ssrc=1)),
    bytes(RtcpPsfbPacket(fmt=15, ssrc=7, media_ssrc=0, fci=pack_remb_fci(300_000, [1]))),
]


@st.composite
def reports(draw):
    """Reports of browsers, one behind the other, with some bytes changed or left out."""
    data = bytearray(b"".join(draw(st.lists(st.sampled_from(REPORTS), min_size=1, max_size=3))))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data) - 1))
        data[at : at + draw(st.integers(0, 4))] = draw(st.binary(max_size=4))
        data = data or bytearray(b"\x80")
    return bytes(data[:600])


@settings(max_examples=300, deadline=None)
@given(reports(), st.binary(max_size=40))
def test_whatever_a_browser_reports_under_its_own_key_is_no_mistake_of_ours(report, rest):
    def scene(here):
        here.report(data=report.ljust(8, b"\0"))
        here.report(data=report[:8].ljust(8, b"\0") + rest)
        assert here.line.failures == 0
        assert here.media(1)

    played(scene)


@settings(max_examples=300, deadline=None)
@given(
    st.binary(min_size=1, max_size=60),
    st.integers(0, 255),
    st.sampled_from([VP8, VP8 + 1, 102, OPUS, 55]),
)
def test_whatever_a_browser_sends_under_its_own_key_is_no_mistake_of_ours(data, first, number):
    """Any first byte that is RTP at all: padding, header extensions, sources."""

    def scene(here):
        plain = bytes([0x80 | first & 0x3F, number]) + bytes(6) + b"\0\0\0\x07" + data
        with suppress(pylibsrtp.Error):  # what libsrtp cannot encrypt, no browser sends
            here.far.take(here.near.protect(plain), NOW)
        pair = here.far.agent.pair
        pair.take(pair, data, NOW)
        assert here.line.failures == 0
        assert here.media(1, ssrc=8)

    played(scene)


# --- Where the browser is -------------------------------------------------------------------------


def test_a_browser_whose_media_comes_another_way_is_followed_there():
    """From Wi-Fi to mobile and back: what is sent goes where the last media came from."""

    def scene(here):
        pairs = [here.check(address) for address in (HERE, THERE)]
        for number, pair in enumerate((pairs[1], pairs[0], pairs[1])):
            pair.take(pair, here.protected(number + 1), NOW)
            here.far.send(written(packet(number)))
            assert here.endpoint.sent[-1][1] == pair.address

    played(scene)


def test_the_handshake_is_not_begun_anew_by_another_way():
    def scene(here):
        here.keys.begin = raising(AssertionError)
        here.check(THERE, nominates=True)
        assert here.far.agent.pair.address == THERE

    played(scene)


FALSE = {
    "forged": lambda here: written(packet(9, payload_type=VP8)) + bytes(16),
    "come before": lambda here: here.old,
    "a greeting of DTLS": lambda here: b"\x16\xfe\xfd" + bytes(60),
    "nothing we know": lambda here: b"\x50" + bytes(60),
    "of a TURN channel": lambda here: b"\x40\x00" + bytes(60),
}


@pytest.mark.parametrize("false", FALSE.values(), ids=FALSE)
def test_only_media_that_proves_itself_leads_elsewhere(false):
    def scene(here):
        used, other = here.check(HERE), here.check(THERE)
        here.old = here.protected(1)
        used.take(used, here.old, NOW)
        other.take(other, false(here), NOW)
        assert here.far.agent.pair is used

    played(scene)


def test_too_much_of_the_handshake_is_dropped_and_counted():
    def scene(here):
        here.keys.feed = lambda datagram, now: False
        pair = here.check()
        pair.take(pair, b"\x16\xfe\xfd" + bytes(60), NOW)
        assert here.far.dropped == {"too much DTLS": 1}

    played(scene)


# --- The end --------------------------------------------------------------------------------------


def test_however_it_ends_it_ends_once_and_whoever_made_it_is_told_once():
    def scene(here):
        for _ in range(3):
            here.far.shut()
        assert (here.closed, here.far.connectionState) == (1, "closed")
        assert here.line.connection is None

    played(scene)


def test_the_browser_is_told_goodbye_before_it_is_forgotten():
    async def play():
        here = Scene()
        here.connect()
        here.far.shut()
        assert (here.keys.ended, here.port.members) == (0, [here.far])
        await here.far._ending
        assert (here.keys.ended, here.port.members) == (1, [])
        assert here.far.agent._pairs == {}
        here.port.close()

    asyncio.run(play())


def test_a_goodbye_that_fails_leaves_nothing_either():
    async def play():
        here = Scene()
        here.connect()

        async def failing():
            raise OSError

        here.keys.end = failing
        here.far.shut()
        with pytest.raises(OSError):  # noqa: PT011
            await here.far._ending
        assert (here.port.members, here.far.agent._pairs) == ([], {})
        here.port.close()

    asyncio.run(play())


def test_what_was_shut_before_it_was_open_is_not_opened():
    def scene(here):
        here.far.shut()
        with pytest.raises(Closed):
            here.far.open()
        assert (here.port.members, here.closed, here.keys.ended) == ([], 1, 0)

    played(scene, connects=False)


def test_the_worker_is_told_too_that_it_is_over():
    async def play():
        here = Scene()
        await here.far.close()
        with pytest.raises(Closed):
            await here.far.setLocalDescription(await here.far.createAnswer())
        assert here.far.localDescription is None
        here.port.close()

    asyncio.run(play())


def test_the_worker_gets_the_answer_and_opens_the_connection_with_it():
    async def play():
        here = Scene()
        await here.far.setRemoteDescription(None)
        assert here.port.members == []
        answer = await here.far.createAnswer()
        await here.far.setLocalDescription(answer)
        assert (answer.type, answer.sdp) == ("answer", here.far.answer)
        assert (here.far.localDescription, here.port.members) == (answer, [here.far])
        await here.far.close()
        assert (here.port.members, here.far.iceConnectionState) == ([], "closed")
        here.port.close()

    asyncio.run(play())


def test_whoever_wants_to_hear_of_tracks_hears_nothing_and_none_are_there():
    def scene(here):
        heard = []

        @here.far.listens_to("track")
        def _listen(track):
            heard.append(track)

        here.media(1)
        assert (heard, here.far.getTransceivers()) == ([], [])

    played(scene)


def test_a_connection_that_never_comes_about_is_given_up(monkeypatch):
    hands = clock(monkeypatch, connection, NOW)

    def scene(here):
        here.far.open()
        here.check()
        here.far.look(NOW + UP_SECONDS)
        assert here.closed == 0
        here.far.look(NOW + UP_SECONDS + 0.1)
        assert (here.closed, here.port.members) == (1, [])

    played(scene, connects=False)
    assert hands.now == NOW


def test_one_that_has_come_about_may_last(monkeypatch):
    clock(monkeypatch, connection, NOW)

    def scene(here):
        for later in range(0, 7200, 20):
            here.check(now=NOW + later)
            here.far.look(NOW + later)
        assert here.closed == 0

    played(scene)


def test_a_browser_that_has_checked_nothing_for_half_a_minute_is_gone(monkeypatch):
    clock(monkeypatch, connection, NOW)

    def scene(here):
        here.far.look(NOW + CONSENT_SECONDS - 1)
        assert here.closed == 0
        here.far.look(NOW + CONSENT_SECONDS)
        assert (here.closed, here.far.connectionState) == (1, "closed")

    played(scene)


def test_media_is_no_consent(monkeypatch):
    """RFC 7675: who could be made to send could be made to get, too."""
    clock(monkeypatch, connection, NOW)

    def scene(here):
        pair = here.far.agent.pair
        pair.take(pair, here.protected(1), NOW + CONSENT_SECONDS - 1)
        here.far.look(NOW + CONSENT_SECONDS)
        assert here.closed == 1

    played(scene)


def test_keys_that_come_too_late_change_nothing():
    def scene(here):
        here.far.open()
        here.far.shut()
        here.far._keys(True)
        assert (here.far.is_up, here.line.connection, here.closed) == (False, None, 1)

    played(scene, connects=False)


def test_who_has_outlived_its_line_is_ended_and_that_is_logged(caplog):
    """The watch over what lives and who sits: at the second look, for the first may come early."""

    def scene(here):
        here.line.close()
        here.far.look(NOW)
        assert (here.closed, caplog.messages) == (0, [])
        here.far.look(NOW)
        assert here.closed == 1
        assert caplog.messages == ["a connection has outlived its line"]

    played(scene)


def test_who_was_left_behind_for_a_newer_one_and_goes_on_is_ended(caplog):
    def scene(here):
        here.line.plug(SimpleNamespace(), asyncio.get_running_loop())
        for _ in range(2):
            here.far.look(NOW)
        assert here.closed == 1

    played(scene)


def test_without_keys_it_is_over():
    def scene(here):
        here.keys.begin = lambda fingerprint, ended: ended(False)
        here.connect()
        assert (here.closed, here.far.connectionState) == (1, "closed")

    played(scene, connects=False)


def test_the_end_of_an_older_connection_does_not_unplug_the_newer():
    def scene(here):
        newer = SimpleNamespace()
        here.line.plug(newer, asyncio.get_running_loop())
        here.far.shut()
        assert here.line.connection is newer

    played(scene)


def test_every_connection_has_keys_and_names_of_its_own():
    port = Port([LOOPBACK], 0)
    read = offer.read(OFFERS["chromium-3"])
    made = [Peer(Room().new_line("guest:1"), read, port) for _ in range(10)]
    for name in ("ice-ufrag", "ice-pwd", "fingerprint"):
        told = {line for each in made for line in each.answer.split("\r\n") if f"a={name}:" in line}
        assert len(told) == 10
    ssrcs = [number for each in made for pair in each._ssrcs for number in pair]
    assert len(set(ssrcs)) == len(ssrcs) == 10 * 2 * len(read.media)
    port.close()


def test_a_browser_is_told_the_addresses_of_the_port_and_no_other():
    port = Port([LOOPBACK, "::1"], 0, "203.0.113.7")
    far = Peer(Room().new_line("guest:1"), offer.read(OFFERS["chromium-1"]), port)
    told = [line.split() for line in far.answer.split("\r\n") if line.startswith("a=candidate:")]
    ours = [(each.host, str(each.port)) for each in port.candidates]
    assert [tuple(each[4:6]) for each in told] == ours * 3  # in each m-line
    assert len(ours) == 3
    port.close()


def test_srtp_refuses_what_is_too_long_by_the_error_that_is_caught():
    with pytest.raises((pylibsrtp.Error, ValueError)):
        session(Policy.SSRC_ANY_OUTBOUND).protect_rtcp(bytes(1400))
