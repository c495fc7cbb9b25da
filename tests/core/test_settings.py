"""Settings come from the environment and refuse what would lead nowhere."""

from ipaddress import IPv4Address

import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

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


def logged():
    """What the log says of the settings as they are now."""
    settings.cache_clear()
    with capture_logs() as lines, pytest.raises(ValidationError):
        settings()
    return [(line["event"], line["where"], line["kind"]) for line in lines]


def test_the_log_says_which_settings_are_wrong_and_not_what_they_are(monkeypatch):
    monkeypatch.setenv("BERATUNGSRAUM_SMTP_PORT", "a very secret word")
    monkeypatch.setenv("BERATUNGSRAUM_MEDIA_PORT", "1023")
    wrong, number = "a setting is wrong", "Input should be a valid integer, unable to parse string"
    reserved = "Value error, media_port must be from 1024 to 65535"
    assert logged() == [
        (wrong, "BERATUNGSRAUM_SMTP_PORT", f"{number} as an integer"),
        (wrong, "BERATUNGSRAUM_MEDIA_PORT", reserved),
    ]
    monkeypatch.delenv("BERATUNGSRAUM_SMTP_PORT")
    monkeypatch.delenv("BERATUNGSRAUM_MEDIA_PORT")
    monkeypatch.setenv("BERATUNGSRAUM_TURN_URLS", "turn:turn.example.com")
    assert logged() == [(wrong, "", "Value error, turn_urls and turn_secret go together")]


def test_proxies_are_addresses_and_networks_with_commas_between(monkeypatch):
    monkeypatch.setenv("BERATUNGSRAUM_PROXIES", "::1, 10.1.0.0/16,192.168.0.1")
    read = [str(each) for each in Settings(_env_file=None).proxies]
    assert read == ["::1/128", "10.1.0.0/16", "192.168.0.1/32"]


@pytest.mark.parametrize("wrong", ["localhost", "10.1.0.0/33", "10.1.0.1/16", "*"])
def test_a_proxy_that_is_no_address_is_refused(wrong):
    with pytest.raises(ValidationError):
        Settings(_env_file=None, proxies=wrong)


def refused(**values):
    """The sentence that says why."""
    with pytest.raises(ValidationError) as problem:
        Settings(_env_file=None, **values)
    return "; ".join(each["msg"] for each in problem.value.errors())


def test_media_goes_to_the_addresses_and_the_port_that_are_set(monkeypatch):
    monkeypatch.setenv("BERATUNGSRAUM_MEDIA_ADDRESSES", "10.0.0.5, fd00::5")
    monkeypatch.setenv("BERATUNGSRAUM_MEDIA_PUBLIC_ADDRESS", "203.0.113.7")
    monkeypatch.setenv("BERATUNGSRAUM_MEDIA_PORT", "40000")
    read = Settings(_env_file=None)
    assert [str(each) for each in read.media_addresses] == ["10.0.0.5", "fd00::5"]
    assert str(read.media_public_address) == "203.0.113.7"
    assert read.media_port == 40000


def test_without_settings_media_has_the_port_that_is_documented_and_there_is_no_relay(monkeypatch):
    monkeypatch.delenv("BERATUNGSRAUM_MEDIA_PORT")
    read = Settings(_env_file=None)
    assert (read.media_addresses, read.media_public_address, read.media_port) == ((), None, 10_000)
    assert (read.turn_urls, read.turn_secret, read.turn_hours) == ((), None, 12)


@pytest.mark.parametrize(
    "wrong",
    [
        str(IPv4Address(0)),
        "::",
        "224.0.0.1",
        "ff02::1",
        "fe80::1",
        "media.example.com",
        "10.0.0.0/8",
    ],
)
def test_what_no_browser_can_send_to_is_refused(wrong):
    with pytest.raises(ValidationError):
        Settings(_env_file=None, media_addresses=wrong)


@pytest.mark.parametrize(
    "inside", ["", "fd00::5", "10.0.0.5,10.0.0.6"], ids=["none", "other kind", "two"]
)
def test_a_public_address_needs_exactly_one_it_leads_to(inside):
    sentence = refused(media_addresses=inside, media_public_address="203.0.113.7")
    assert sentence.endswith("media_public_address needs one such address in media_addresses")


@pytest.mark.parametrize("port", [0, 1024, 10_000, 65535])
def test_the_port_for_media_may_be_any_that_needs_no_root_or_whichever_is_free(port):
    assert Settings(_env_file=None, media_port=port).media_port == port


@pytest.mark.parametrize("wrong", [-1, 1, 443, 1023, 65536])
def test_a_port_that_is_none_or_roots_is_refused(wrong):
    assert refused(media_port=wrong).endswith("media_port must be from 1024 to 65535")


@pytest.mark.parametrize("wrong", ["", "x", "40000-40999", "1024.5"])
def test_what_is_no_port_is_refused(wrong):
    with pytest.raises(ValidationError):
        Settings(_env_file=None, media_port=wrong)


@pytest.mark.parametrize("old", ["40000-40999", "40000-40000", ""])
def test_who_still_sets_a_range_of_ports_is_told_that_there_is_one(old):
    sentence = refused(media_ports=old)
    assert sentence.endswith("media_ports is no more: everybody uses one port, media_port")


SECRET = "0123456789abcdef0123456789abcdef"


def test_a_relay_has_addresses_and_a_secret_that_is_not_shown(monkeypatch):
    urls = "turn:turn.example.com, turns:[2001:db8::1]:443?transport=tcp"
    monkeypatch.setenv("BERATUNGSRAUM_TURN_URLS", urls)
    monkeypatch.setenv("BERATUNGSRAUM_TURN_SECRET", SECRET)
    read = Settings(_env_file=None)
    assert read.turn_urls == tuple(urls.split(", "))
    assert read.turn_secret.get_secret_value() == SECRET
    assert repr(read).count(SECRET) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        "turn.example.com",
        "stun:stun.example.com",
        "https://turn.example.com",
        "turn://turn.example.com",
        "turn:",
        "turn:turn.example.com:443?transport=tls",
        "turn:name@turn.example.com",
        "turn:a.example turns:",
    ],
)
def test_what_no_browser_takes_for_a_relay_is_refused(wrong):
    sentence = refused(turn_urls=wrong, turn_secret=SECRET)
    assert sentence.endswith("turn_urls must look like turns:host:443?transport=tcp")


def test_a_relay_and_its_secret_go_together():
    together = "turn_urls and turn_secret go together"
    assert refused(turn_urls="turn:a.example").endswith(together)
    assert refused(turn_urls="turn:a.example", turn_secret="").endswith(together)
    assert refused(turn_secret=SECRET).endswith(together)


def test_a_short_secret_is_refused():
    sentence = refused(turn_urls="turn:a.example", turn_secret=SECRET[:31])
    assert sentence.endswith("turn_secret must have at least 32 characters")


@pytest.mark.parametrize("hours", [0, 25])
def test_credentials_for_no_hour_or_more_than_a_day_are_refused(hours):
    with pytest.raises(ValidationError):
        Settings(_env_file=None, turn_hours=hours)


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("videotermin@localhost", "videotermin@localhost"),
        ("termin@jobcenter.example.com", "termin@jobcenter.example.com"),
        ("<termin@mailhost>", "termin@mailhost"),
        ("termin@köln.de", "termin@xn--kln-sna.de"),
        ("Jobcenter Köln <termin@köln.de>", "Jobcenter Köln <termin@xn--kln-sna.de>"),
        ("Jobcenter, Köln <termin@köln.de>", '"Jobcenter, Köln" <termin@xn--kln-sna.de>'),
        ('"Jobcenter (Mitte)" <termin@a.de> ', '"Jobcenter (Mitte)" <termin@a.de>'),
    ],
)
def test_the_sender_is_one_mailbox_with_or_without_a_name(typed, stands):
    assert Settings(_env_file=None, mail_from=typed).mail_from == stands


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "Jobcenter",
        "jörg@example.com",
        "a@example.com,",
        "a@example.com, b@example.com",
        "A <a@example.com>, B <b@example.com>",
        "a@example.com b@example.com",
        "a@example.com\r\nBcc: b@example.com",
        "A\r\nBcc: b@example.com <a@example.com>",
        "b@example.com <a@example.com>",
        "a@köln.de,b",
        "Team: a@example.com, b@example.com;",
        "=?utf-8?q?A?= <a@example.com>",
        f"{'Ä' * 61} <a@example.com>",
        f"{'Ä' * 30} <a@example.com>",  # Python would break it with a blank
        "a@[127.0.0.1]",
    ],
)
def test_a_sender_that_is_not_one_mailbox_is_refused(typed):
    sentence = "Value error, mail_from must be one address in ASCII, or: Name <address>"
    assert refused(mail_from=typed) == sentence


@pytest.mark.parametrize("phone", ["", "115", "030 23125-000", "+49 (0)30 23125-000"])
def test_the_number_for_everybody_is_one_number_or_none(phone):
    assert Settings(_env_file=None, help_phone=phone).help_phone == phone


@pytest.mark.parametrize(
    "phone", ["keine", "23125-000", "0123 456", "030 23125 / 23126", "030 23125 ext. 1", "112", "1"]
)
def test_a_number_that_a_phone_cannot_dial_is_refused(phone):
    sentence = "Value error, help_phone must be one number with its area code, or 115"
    assert refused(help_phone=phone) == sentence


@pytest.mark.parametrize("mail", ["keine", "a@b@c.de", "Bär@haus.example", "A <a@haus.example>"])
def test_an_address_for_barriers_that_no_mail_reaches_is_refused(mail):
    sentence = "Value error, must be one address in ASCII"
    assert refused(accessibility_mail=mail) == sentence


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://haus.example", "impressum", ""])
def test_an_impressum_that_no_browser_opens_is_refused(address):
    with pytest.raises(ValidationError):
        Settings(_env_file=None, imprint_url=address)
