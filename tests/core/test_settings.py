"""Settings come from the environment and refuse what would lead nowhere."""

import pytest
from pydantic import ValidationError

from core.settings import Settings, settings


def test_the_environment_is_read_with_its_prefix(monkeypatch):
    monkeypatch.setenv("BERATUNGSRAUM_BASE_URL", "https://video.example.com/termine/")
    monkeypatch.setenv("BASE_URL", "https://other.example.com")
    monkeypatch.setenv("BERATUNGSRAUM_SMTP_PORT", "587")
    read = Settings(_env_file=None)
    assert (read.address, read.https) == ("https://video.example.com/termine", True)
    assert read.smtp_port == 587


def test_without_an_environment_the_address_is_this_machine(monkeypatch):
    monkeypatch.delenv("BERATUNGSRAUM_BASE_URL", raising=False)
    read = Settings(_env_file=None)
    assert (read.address, read.https) == ("http://localhost:8501", False)


@pytest.mark.parametrize(
    "address",
    [
        "https://video.example.com/?a=b",
        "https://video.example.com/#a",
        "ftp://video.example.com",
        "video.example.com",
        "javascript:alert(1)",
        "",
    ],
)
def test_an_address_that_links_cannot_start_with_is_refused(address):
    with pytest.raises(ValidationError):
        Settings(_env_file=None, base_url=address)


@pytest.mark.parametrize(
    "address",
    [
        "http://video.example.com",
        "http://localhost.example.com",
        "http://127.0.0.2",
        "http://0.0.0.0:8501",
        "http://192.168.0.1:8501",
        "http://[::2]:8501",
        "http://localhost@video.example.com",
    ],
)
def test_http_is_refused_for_every_other_machine(address):
    with pytest.raises(ValidationError, match="base_url must be https"):
        Settings(_env_file=None, base_url=address)
    assert Settings(_env_file=None, base_url=address.replace("http", "https")).https is True


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"])
@pytest.mark.parametrize("port", ["", ":8501"])
def test_http_is_taken_for_this_machine(host, port):
    read = Settings(_env_file=None, base_url=f"http://{host}{port}")
    assert (read.address, read.https) == (f"http://{host.lower()}{port}", False)


def test_unknown_kinds_of_transport_are_refused(monkeypatch):
    monkeypatch.setenv("BERATUNGSRAUM_SMTP_SECURITY", "perhaps")
    with pytest.raises(ValidationError):
        Settings(_env_file=None)


def test_nobody_changes_settings_later_and_no_password_is_shown():
    read = Settings(_env_file=None, smtp_password="very secret")
    with pytest.raises(ValidationError):
        read.smtp_port = 26
    assert repr(read).count("very secret") == 0


def test_the_house_reads_its_settings_once(house):
    assert settings() is settings()
    assert settings().outbox == house.outbox


@pytest.mark.parametrize("days", [(1, 1, 1), (1, 30, 90), (90, 90, 90)])
def test_periods_of_keeping_may_rise_up_to_90_days(days):
    read = Settings(_env_file=None, chat_days=days[0], names_days=days[1], rest_days=days[2])
    assert (read.chat_days, read.names_days, read.rest_days) == days


@pytest.mark.parametrize(
    "days", [(0, 30, 90), (-1, 30, 90), (31, 30, 90), (1, 91, 90), (1, 30, 91), (1, 30, 29)]
)
def test_periods_of_keeping_that_end_too_late_or_not_in_order_are_refused(days):
    with pytest.raises(ValidationError, match="days must rise from chat_days over names_days"):
        Settings(_env_file=None, chat_days=days[0], names_days=days[1], rest_days=days[2])


def test_what_is_refused_is_not_repeated(monkeypatch):
    monkeypatch.setenv("BERATUNGSRAUM_SMTP_PORT", "a very secret word")
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None)
    assert str(refused.value).count("secret") == 0


def test_proxies_are_addresses_and_networks_with_commas_between(monkeypatch):
    monkeypatch.setenv("BERATUNGSRAUM_PROXIES", "::1, 10.1.0.0/16,192.168.0.1")
    read = [str(each) for each in Settings(_env_file=None).proxies]
    assert read == ["::1/128", "10.1.0.0/16", "192.168.0.1/32"]


@pytest.mark.parametrize("wrong", ["localhost", "10.1.0.0/33", "10.1.0.1/16", "*"])
def test_a_proxy_that_is_no_address_is_refused(wrong):
    with pytest.raises(ValidationError):
        Settings(_env_file=None, proxies=wrong)
