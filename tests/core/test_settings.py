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
