"""Which addresses and which port a browser is told, from the settings or from the system."""

import socket

import pytest

from core.media.transport import addresses
from core.media.transport.answer import Candidate
from core.media.transport.udp import CannotListen
from core.settings import Settings
from tests.ports import free_ports

HERE, NAT = "127.0.0.1", "127.0.0.2"


@pytest.fixture
def given(monkeypatch):
    """Settings for this test."""

    def give(**values):
        made = Settings(_env_file=None, **{"media_port": 0} | values)
        monkeypatch.setattr(addresses, "settings", lambda: made)

    return give


def told():
    port = addresses.port()
    candidates = port.candidates
    port.close()
    return candidates


def test_only_the_addresses_and_the_port_that_are_set_are_told(given):
    number, _ = free_ports(1)
    given(media_addresses=f"{HERE},{NAT}", media_port=number)
    assert told() == [Candidate(HERE, number), Candidate(NAT, number)]


def test_the_public_address_stands_beside_the_one_it_leads_to(given):
    number, _ = free_ports(1)
    given(media_addresses=f"{HERE},::1", media_public_address="203.0.113.7", media_port=number)
    hosts = [HERE, "::1", "203.0.113.7"]
    assert told() == [Candidate(host, number) for host in hosts]


def test_an_address_of_another_machine_is_refused_at_start(given):
    given(media_addresses=f"{HERE},203.0.113.7")
    with pytest.raises(CannotListen, match=r"203\.0\.113\.7 is no address of this machine"):
        addresses.port()


def test_a_port_that_is_taken_is_refused_at_start(given):
    number, _ = free_ports(1)
    given(media_addresses=HERE, media_port=number)
    with socket.socket(type=socket.SOCK_DGRAM) as occupied:
        occupied.bind((HERE, number))
        with pytest.raises(CannotListen, match=f"UDP port {number} of {HERE} is taken"):
            addresses.port()


def test_without_a_setting_the_one_towards_others_is_told(given, monkeypatch):
    given()
    monkeypatch.setattr(addresses, "own", lambda: [HERE])
    assert [each.host for each in told()] == [HERE]


def test_the_address_towards_others_is_one_of_this_machine():
    for host in addresses.own():
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as here:
            here.bind((host, 0))


class Asking:
    """A socket of a machine that reaches others from one address, or from none."""

    def __init__(self, hosts, family):
        self.host = hosts.get(family)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def connect(self, _address):
        if self.host is None:
            raise OSError

    def getsockname(self):
        return self.host, 40000


@pytest.mark.parametrize(
    ("hosts", "own"),
    [
        ({}, [HERE]),
        ({socket.AF_INET: "192.0.2.7"}, ["192.0.2.7"]),
        ({socket.AF_INET6: "2001:db8::7"}, ["2001:db8::7"]),
        (
            {socket.AF_INET: "192.0.2.7", socket.AF_INET6: "2001:db8::7"},
            ["192.0.2.7", "2001:db8::7"],
        ),
        ({socket.AF_INET: "169.254.1.1", socket.AF_INET6: "fe80::1"}, [HERE]),
        ({socket.AF_INET: "192.0.2.7", socket.AF_INET6: "fe80::1"}, ["192.0.2.7"]),
    ],
    ids=["alone", "IPv4", "IPv6", "both", "only this link", "IPv4 and this link"],
)
def test_of_each_family_the_one_way_out_counts_and_else_only_this_machine(hosts, own, monkeypatch):
    monkeypatch.setattr(socket, "socket", lambda family, _kind: Asking(hosts, family))
    assert addresses.own() == own


def test_nothing_is_sent_to_find_out(monkeypatch):
    """Connecting a UDP socket only asks the system for a way."""
    sent = []
    for name in ("send", "sendto", "sendmsg"):
        monkeypatch.setattr(socket.socket, name, lambda *given: sent.append(given))
    addresses.own()
    assert sent == []
