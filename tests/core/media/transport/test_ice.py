"""Our end of ICE without a network: which pair is used, what may go where, and until when."""

import pytest

from core.media.transport import ice, stun
from core.media.transport.ice import (
    CONSENT_SECONDS,
    FACTOR,
    MOST_CHECKS,
    MOST_PAIRS,
    MOST_STRANGE_CHECKS,
    Agent,
)
from core.media.transport.pair import HELD_SECONDS
from tests.core.media.transport import checks
from tests.core.media.transport.checks import CONTROLLED, attribute

HERE, THERE = ("192.0.2.1", 1), ("192.0.2.2", 2)


class Endpoint:
    """A socket that keeps what it is given."""

    def __init__(self):
        self.sent, self.forgotten, self.takes = [], [], True

    def send(self, data, address):
        self.sent.append((data, address))
        return self.takes

    def forget(self, pair):
        self.forgotten.append(pair.address)


class Scene:
    """A browser of ufrag iw8Y, and our end of its connection."""

    def __init__(self):
        self.endpoint, self.selections = Endpoint(), 0
        self.agent = Agent("iw8Y", lambda *_: None, self.select)

    def select(self):
        self.selections += 1

    def check(self, address=HERE, now=0.0, password=None, endpoint=None, **wish):
        username = self.agent.username.decode()
        data = checks.check(username, password or self.agent.pwd, **wish)
        return self.agent.check(stun.read(data), data, endpoint or self.endpoint, address, now)

    @property
    def answers(self):
        return [checks.read(data, self.agent.pwd) for data, _address in self.endpoint.sent]


@pytest.fixture
def scene():
    return Scene()


def test_every_connection_has_names_and_passwords_that_nobody_can_guess():
    made = [Agent("iw8Y", lambda *_: None, lambda: None) for _ in range(100)]
    assert len({each.ufrag for each in made}) == len({each.pwd for each in made}) == 100
    # RFC 8445, 5.3: at least 24 bits and 128 bits.
    assert {(len(each.ufrag), len(each.pwd)) for each in made} == {(18, 48)}
    assert {each.username == f"{each.ufrag}:iw8Y".encode() for each in made} == {True}


def test_an_authentic_check_is_answered_with_where_it_came_from(scene):
    assert scene.check().address == HERE
    [answer] = scene.answers
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == HERE


def test_a_check_with_another_password_is_not_answered_and_leaves_nothing(scene):
    assert scene.check(password="x" * 48) is None
    assert (scene.endpoint.sent, scene.agent._pairs, scene.agent.pair) == ([], {}, None)


def test_nothing_is_used_before_the_browser_has_said_so(scene):
    scene.check()
    assert (scene.agent.pair, scene.selections) == (None, 0)
    assert not scene.agent.send(b"\x16 hello")
    assert len(scene.endpoint.sent) == 1  # the answer


def test_what_the_browser_nominates_is_used_from_then_on(scene):
    scene.check()
    pair = scene.check(nominates=True)
    assert (scene.agent.pair, scene.selections) == (pair, 1)
    scene.check(nominates=True)
    assert (scene.agent.pair, scene.selections) == (pair, 1)


def test_who_nominates_another_address_is_followed_there_and_back(scene):
    for address in (HERE, THERE, HERE):
        scene.check(address, nominates=True)
        scene.agent.send(b"media")
        assert scene.endpoint.sent[-1] == (b"media", address)


def test_the_same_address_at_another_of_ours_is_another_pair(scene):
    one, other = scene.check(), scene.check(endpoint=Endpoint())
    assert one is not other
    assert one is scene.check()


def test_who_takes_themselves_for_controlled_is_told_of_the_conflict_and_uses_nothing(scene):
    scene.check(nominates=True, role=CONTROLLED)
    [answer] = scene.answers
    assert answer.attributes["ERROR-CODE"] == (487, "Role Conflict")
    assert (scene.agent.pair, scene.selections) == (None, 0)


def test_what_has_to_be_understood_and_is_not_is_refused_and_uses_nothing(scene):
    scene.check(nominates=True, more=attribute(0x0033, b"what"))
    [answer] = scene.answers
    assert answer.attributes["ERROR-CODE"] == (420, "Unknown Attribute")
    assert scene.agent.pair is None


def test_of_too_many_addresses_the_one_that_was_quiet_for_longest_is_forgotten(scene):
    places = [("192.0.2.1", number) for number in range(MOST_PAIRS + 2)]
    for now, place in enumerate(places[:MOST_PAIRS]):
        scene.check(place, float(now))
    scene.check(places[0], 100.0)
    for place in places[MOST_PAIRS:]:
        scene.check(place, 101.0)
    assert scene.endpoint.forgotten == places[1:3]
    assert len(scene.agent._pairs) == MOST_PAIRS


def test_the_address_in_use_is_not_forgotten_for_others(scene):
    used = scene.check(now=0.0, nominates=True)
    for number in range(10, 10 + 2 * MOST_PAIRS):
        scene.check(("192.0.2.1", number), 1.0 + number)
    assert used.address not in scene.endpoint.forgotten
    assert scene.agent.pair is used
    assert len(scene.agent._pairs) == MOST_PAIRS


def test_only_so_many_checks_a_second_are_looked_at():
    agent = Scene().agent
    heard = [agent.hears(False, 5.0 + number / 1000) for number in range(MOST_CHECKS + 2)]
    assert heard == [True] * MOST_CHECKS + [False] * 2
    assert agent.hears(False, 6.0)
    strange = [agent.hears(True, 5.0) for _ in range(MOST_STRANGE_CHECKS + 1)]
    assert strange == [True] * MOST_STRANGE_CHECKS + [False]


def test_an_address_is_held_only_while_it_is_the_one_in_use(scene):
    """Nobody holds sixteen of a relay's with one connection."""
    scene.agent.follow(scene.check(HERE))
    one = scene.agent.pair
    assert one.is_held(one.heard + HELD_SECONDS - 1)
    assert not one.is_held(one.heard + HELD_SECONDS)
    scene.agent.follow(scene.check(THERE))
    assert not one.is_held(one.heard)


def test_before_there_are_keys_an_address_gets_at_most_three_times_what_came_from_it(scene):
    pair = scene.check(nominates=True)
    allowed = FACTOR * pair.come - pair.gone
    assert scene.agent.send(bytes(allowed - 10))
    assert not scene.agent.send(bytes(11))
    assert scene.agent.send(bytes(10))
    assert not scene.agent.send(b"x")
    assert sum(len(data) for data, _address in scene.endpoint.sent) == FACTOR * pair.come


def test_what_came_from_one_address_allows_nothing_at_another(scene):
    for _ in range(10):
        scene.check(HERE)
    pair = scene.check(THERE, nominates=True)
    assert not scene.agent.send(bytes(FACTOR * pair.come))


def test_an_address_whose_allowance_is_spent_gets_no_answer_to_a_check_either(scene):
    """Never more: the next check brings its own allowance."""
    pair = scene.check(nominates=True)
    scene.agent.send(bytes(FACTOR * pair.come - pair.gone))
    scene.check()
    assert pair.gone <= FACTOR * pair.come


def test_once_there_are_keys_everything_may_go(scene):
    scene.agent.follow(scene.check(nominates=True))
    assert all(scene.agent.send(bytes(1200)) for _ in range(100))


def test_an_address_that_appears_after_the_keys_proves_itself_before_it_gets_everything(scene):
    scene.agent.follow(scene.check(nominates=True))
    pair = scene.check(THERE, nominates=True)
    for _ in range(100):
        scene.agent.send(bytes(1200))
    gone = sum(len(data) for data, address in scene.endpoint.sent if address == THERE)
    assert gone <= FACTOR * pair.come
    scene.agent.follow(pair)  # media under its keys has come from there
    assert scene.agent.send(bytes(1200))


def test_what_the_system_does_not_take_is_told(scene):
    scene.check(nominates=True)
    scene.endpoint.takes = False
    assert not scene.agent.send(b"x")


def test_an_end_that_has_checked_nothing_for_half_a_minute_wants_nothing_more(scene):
    """RFC 7675, 5.1."""
    scene.check(now=100.0, nominates=True)
    assert scene.agent.consents(100.0 + CONSENT_SECONDS - 0.1)
    assert not scene.agent.consents(100.0 + CONSENT_SECONDS)
    scene.check(now=129.0)
    assert scene.agent.consents(129.0 + CONSENT_SECONDS - 0.1)


def test_checks_from_elsewhere_are_no_consent_for_the_address_in_use(scene):
    scene.check(HERE, 100.0, nominates=True)
    scene.check(THERE, 129.0)
    assert not scene.agent.consents(130.0)


def test_a_forged_check_is_no_consent(scene):
    scene.check(now=100.0, nominates=True)
    scene.check(now=129.0, password="x" * 48)
    assert not scene.agent.consents(130.0)


def test_nobody_who_has_not_chosen_yet_has_ended_anything(scene):
    scene.check(now=100.0)
    assert scene.agent.consents(1000.0)


def test_whoever_closes_forgets_every_pair_and_sends_nothing(scene):
    for number in range(3):
        scene.check(("192.0.2.1", number), nominates=True)
    scene.agent.close()
    scene.agent.close()
    assert len(scene.endpoint.forgotten) == 3
    assert (scene.agent._pairs, scene.agent.pair) == ({}, None)
    assert not scene.agent.send(b"x")


def test_a_check_of_a_browser_with_two_networks_and_a_relay_finds_room():
    assert ice.MOST_PAIRS >= 3 * 2 * 2  # two networks and a relay, IPv4 and IPv6, two of ours
