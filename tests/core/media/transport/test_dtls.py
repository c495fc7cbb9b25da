"""The encryption of one connection, end to end and without a network."""

import asyncio

import pytest
from aiortc.rtcdtlstransport import SRTP_PROFILES

from core.media.transport import dtls
from core.media.transport.dtls import MOST_A_SECOND, MOST_WAITING, Dtls
from tests.core.media.peers import until

NOW = 1000.0
HELLO = b"\x16\xfe\xfd" + bytes(60)
ANOTHER = ("sha-256", ":".join(["00"] * 32))


class Two:
    """Two ends that send to each other; `told` says of each what it was told."""

    def __init__(self, lost=0):
        self.told, self.lost = ([], []), lost
        self.ends = [
            Dtls(True, lambda data: self.feed(1, data)),
            Dtls(False, lambda data: self.feed(0, data)),
        ]

    def feed(self, to, data):
        if self.lost > 0:
            self.lost -= 1
        else:
            self.ends[to].feed(data, NOW)

    def begin(self, *fingerprints):
        given = fingerprints or [end.fingerprint for end in reversed(self.ends)]
        for end, fingerprint, told in zip(self.ends, given, self.told, strict=True):
            end.begin(fingerprint, told.append)

    async def end(self):
        await asyncio.gather(*(each.end() for each in self.ends))


def test_both_ends_have_keys_that_open_what_the_other_has_closed():
    async def scene():
        two = Two()
        two.begin()
        await until(lambda: two.told == ([True], [True]))
        (received, sent), (its_received, its_sent) = (each.sessions for each in two.ends)
        plain = b"\x80\x60\x00\x01" + bytes(8) + b"hello"
        assert its_received.unprotect(sent.protect(plain)) == plain
        assert received.unprotect(its_sent.protect(plain)) == plain
        await two.end()

    asyncio.run(scene())


@pytest.mark.parametrize("whose", [0, 1])
def test_who_has_another_certificate_than_announced_gets_no_keys(whose):
    async def scene():
        two = Two()
        given = [end.fingerprint for end in reversed(two.ends)]
        given[whose] = ANOTHER
        two.begin(*given)
        await until(lambda: bool(two.told[whose]))
        assert two.told[whose] == [False]
        assert two.ends[whose].sessions == (None, None)
        await two.end()

    asyncio.run(scene())


def test_a_greeting_that_gets_lost_comes_again_by_itself():
    async def scene():
        two = Two(lost=1)
        two.begin()
        await until(lambda: two.told == ([True], [True]))
        await two.end()

    asyncio.run(scene())


@pytest.mark.parametrize("whose", [0, 1])
def test_the_other_end_hears_the_goodbye(whose):
    async def scene():
        two = Two()
        two.begin()
        await until(lambda: two.told == ([True], [True]))
        await two.ends[whose].end()
        await until(lambda: two.told[1 - whose] == [True, False])
        assert two.told[whose] == [True]
        await two.end()

    asyncio.run(scene())


def test_whoever_ends_before_it_began_or_in_the_middle_or_twice_leaves_no_task():
    async def scene():
        never, middle = Dtls(True, lambda _data: None), Dtls(True, lambda _data: None)
        middle.begin(ANOTHER, lambda _there: None)
        await asyncio.sleep(0)
        for each in (never, middle, middle):
            await each.end()
        await until(lambda: asyncio.all_tasks() == {asyncio.current_task()})

    asyncio.run(scene())


def test_only_so_many_datagrams_wait():
    end = Dtls(False, lambda _data: None)
    fed = [end.feed(HELLO, NOW) for _ in range(MOST_WAITING + 3)]
    assert fed == [True] * MOST_WAITING + [False] * 3


def test_only_so_many_datagrams_a_second_are_taken():
    async def scene():
        end, told = Dtls(False, lambda _data: None), []
        end.begin(ANOTHER, told.append)
        taken = 0
        for _ in range(MOST_A_SECOND + 20):
            taken += end.feed(HELLO, NOW)
            await until(lambda: end._path.come.empty() or bool(told))
        assert taken <= MOST_A_SECOND
        assert end.feed(HELLO, NOW + 1)
        await end.end()

    asyncio.run(scene())


BROKEN = {
    "noise": b"\x16" + b"\xff" * 200,
    "a record of nothing": b"\x16\xfe\xfd" + bytes(10),
    "an alert": b"\x15\xfe\xfd" + bytes(8) + b"\x00\x02\x02\x28",
    "one byte": b"\x14",
    "application data": b"\x17\xfe\xfd" + bytes(8) + b"\x00\x04data",
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("begins", [True, False])
def test_what_is_broken_leads_to_no_keys_and_is_no_error_of_ours(broken, begins):
    async def scene():
        problems, told = [], []
        asyncio.get_running_loop().set_exception_handler(lambda _, said: problems.append(said))
        end = Dtls(begins, lambda _data: None)
        end.begin(ANOTHER, told.append)
        for _ in range(10):
            end.feed(broken, NOW)
            await asyncio.sleep(0)
        assert True not in told
        await end.end()
        assert problems == []

    asyncio.run(scene())


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_is_broken_in_the_middle_of_a_talk_is_no_error_of_ours(broken):
    async def scene():
        problems = []
        asyncio.get_running_loop().set_exception_handler(lambda _, said: problems.append(said))
        two = Two()
        two.begin()
        await until(lambda: two.told == ([True], [True]))
        for each in two.ends:
            each.feed(broken, NOW + 1)
        await until(lambda: all(each._path.come.empty() for each in two.ends))
        await asyncio.sleep(0)
        await two.end()
        assert problems == []

    asyncio.run(scene())


def test_whatever_aiortc_stumbles_over_is_the_end_of_that_connection(monkeypatch):
    async def scene():
        end, told = Dtls(False, lambda _data: None), []

        async def stumble(_expected):
            raise KeyError

        monkeypatch.setattr(end._transport, "start", stumble)
        end.begin(ANOTHER, told.append)
        await until(lambda: told == [False])
        await end.end()

    asyncio.run(scene())


def test_every_end_has_a_certificate_of_its_own():
    told = {Dtls(True, lambda _data: None).fingerprint for _ in range(20)}
    assert len(told) == 20
    assert {algorithm for algorithm, _value in told} == {dtls.ALGORITHM}


def test_of_a_chain_of_certificates_only_the_first_is_looked_at():
    """A guest's could be made to take a third of a second; the fingerprint says whose it is."""
    context = dtls._Certificate.generateCertificate()._create_ssl_context(SRTP_PROFILES)
    assert context.get_verify_depth() == 0


def test_a_handshake_brings_so_many_bytes_and_no_more():
    async def scene():
        end = Dtls(True, lambda _data: None)
        taken = [end.feed(bytes(8000), NOW + number) for number in range(3)]
        assert taken == [True, True, False]

    asyncio.run(scene())


def record(kind, size=20):
    return bytes([kind]) + b"\xfe\xfd" + bytes(8) + size.to_bytes(2, "big") + bytes(size)


@pytest.mark.parametrize(
    ("datagram", "taken"),
    [
        (record(21), True),
        (record(22), True),
        (record(20) + record(22), True),
        (record(23), False),
        (record(22) + record(23), False),
        (record(23) + record(22), False),
        (record(22) * 9, False),
        (record(22)[:-1], False),
        (b"\x16\xfe", False),
    ],
)
def test_after_the_keys_nothing_is_kept_that_nobody_reads(datagram, taken):
    async def scene():
        two = Two()
        two.begin()
        await until(lambda: two.told == ([True], [True]))
        end = two.ends[0]
        assert end.feed(datagram, NOW + 5) is taken
        await until(lambda: end._path.come.empty())
        assert two.told == ([True], [True])
        await two.end()

    asyncio.run(scene())
