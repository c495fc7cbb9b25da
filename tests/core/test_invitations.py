"""The invitation: what it says, and that it reaches one mailbox or says that it did not."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.controller import Controller

from core import invitations
from core.invitations import Invitation, NotSent
from core.office import planning
from core.records import Guest
from core.refused import Reason, Refused
from core.settings import Settings
from core.text import BadText, person_name
from tests.conftest import HOUR, NOW
from tests.hostile import HOSTILE

HEADERS = ["Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted"]
BODY_HEADERS = ["MIME-Version", "Content-Type", "Content-Transfer-Encoding"]
LINK = "https://video.example.com/termin/secret"


class Mailbox:
    """A mail server's handler that keeps what it gets, or refuses it."""

    def __init__(self, answer: str = "250 OK") -> None:
        self.answer = answer
        self.got: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        mail = message_from_bytes(envelope.content, policy=default)
        self.got.append((envelope.rcpt_tos, mail))
        return self.answer


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Settings]:
    """A mail server on this machine, and the settings that lead to it."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield settings_for(controller.port)
    controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def settings_for(port: int, security: str = "none") -> Settings:
    return Settings(
        _env_file=None,
        base_url="https://video.example.com/",
        mail_from="videotermin@jobcenter.example.com",
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_security=security,
    )


def mail_for(name: str = "Karla Beispiel", email: str = "karla@example.com") -> EmailMessage:
    invitation = Invitation(name, email, "Jobcenter Musterstadt", "0123 456", NOW, NOW + HOUR, LINK)
    return invitations.compose(invitation, settings_for(25), NOW)


def test_the_mail_says_when_where_and_whom_to_call():
    mail = mail_for()
    assert [str(mail["Subject"]), str(mail["To"])] == [
        "Ihr Videotermin",
        "karla@example.com",
    ]
    assert mail["Date"].datetime == NOW
    assert mail["Message-ID"].endswith("@video.example.com>")
    paragraphs = mail.get_content().split("\n\n")
    assert paragraphs[0] == "Guten Tag Karla Beispiel,"
    assert paragraphs[1].replace("\n", " ") == (
        "hier ist der Link zu Ihrem Videotermin am Montag, 23. November 2026 "
        "um 09:00 Uhr (bis 10:00 Uhr):"
    )
    assert paragraphs[2] == LINK
    assert paragraphs[-2:] == [
        "Klappt etwas nicht? Rufen Sie uns an: 0123 456",
        "Jobcenter Musterstadt\n",
    ]


def test_a_cancellation_says_what_does_not_take_place_and_whom_to_ask():
    invitation = Invitation("Karla Beispiel", "karla@example.com", "Jobcenter", "0123", NOW, NOW)
    mail = invitations.cancellation(invitation, settings_for(25), NOW)
    assert [str(mail["Subject"]), str(mail["To"])] == [
        "Ihr Videotermin ist abgesagt",
        "karla@example.com",
    ]
    assert mail.get_content().split("\n\n") == [
        "Guten Tag Karla Beispiel,",
        "Ihr Videotermin am Montag, 23. November 2026 um 09:00 Uhr findet nicht statt.",
        "Sie müssen nichts tun. Wir melden uns bei Ihnen.",
        "Haben Sie Fragen? Rufen Sie uns an: 0123",
        "Jobcenter\n",
    ]


def test_the_link_starts_with_the_address_of_the_installation():
    assert invitations.link_to(settings_for(25), "abc") == "https://video.example.com/termin/abc"


def test_a_mail_server_gets_the_mail_for_one_mailbox(server, mailbox):
    invitations.send(mail_for("Zoë, Łukasz <x>"), server)
    [(recipients, mail)] = mailbox.got
    assert recipients == ["karla@example.com"]
    assert str(mail["To"]) == "karla@example.com"
    assert mail.get_content().splitlines()[0] == "Guten Tag Zoë, Łukasz <x>,"
    assert mail.get_content().splitlines().count(LINK) == 1


def test_a_server_that_refuses_the_mail_is_told(server, mailbox):
    mailbox.answer = "451 Try again later"
    with pytest.raises(NotSent) as problem:
        invitations.send(mail_for(), server)
    assert str(problem.value) == "SMTPDataError"


def test_a_port_where_nobody_listens_is_told():
    with pytest.raises(NotSent) as problem:
        invitations.send(mail_for(), settings_for(free_port()))
    assert str(problem.value) == "ConnectionRefusedError"


def test_a_mail_never_leaves_in_the_clear_when_encryption_is_asked_for(server, mailbox):
    with pytest.raises(NotSent) as problem:
        invitations.send(mail_for(), settings_for(server.smtp_port, "starttls"))
    assert str(problem.value) == "SMTPNotSupportedError"
    with pytest.raises(NotSent):
        invitations.send(mail_for(), settings_for(server.smtp_port, "tls"))
    assert mailbox.got == []


def test_without_a_mail_server_the_mail_is_put_into_the_outbox(tmp_path):
    outbox = Settings(_env_file=None, outbox=tmp_path / "out" / "box")
    for _ in range(2):
        invitations.send(mail_for(), outbox)
    mails = [
        message_from_bytes(path.read_bytes(), policy=default)
        for path in outbox.outbox.glob("*.eml")
    ]
    assert [str(mail["To"]) for mail in mails] == ["karla@example.com"] * 2


def test_an_outbox_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotSent):
        invitations.send(mail_for(), Settings(_env_file=None, outbox=tmp_path / "file"))


def assert_one_recipient(mail: EmailMessage, email: str) -> None:
    sent = message_from_bytes(mail.as_bytes(), policy=default)
    assert sorted(sent.keys()) == sorted(HEADERS + BODY_HEADERS)
    assert [address.addr_spec for address in sent["To"].addresses] == [email]
    assert sent.defects == []


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_refused_or_changes_nothing_but_the_name(house, text):
    try:
        cleaned = person_name(text)
    except BadText:
        cleaned = None
    try:
        planned = planning.plan(house.advisor, NOW, text, "k@example.com", NOW, NOW + HOUR)
    except Refused as refused:
        assert (cleaned, refused.reason) == (None, Reason.BAD_NAME)  # noqa: PT017
        return
    name = house.row(Guest, planned.guest_id).name
    assert name == cleaned
    mail = mail_for(name)
    assert_one_recipient(mail, "karla@example.com")
    assert mail.get_content().splitlines()[0] == f"Guten Tag {name},"


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_address_is_refused_or_one_plain_mailbox(house, text):
    try:
        planned = planning.plan(house.advisor, NOW, "Karla", text, NOW, NOW + HOUR)
    except Refused as refused:
        assert refused.reason == Reason.BAD_MAIL  # noqa: PT017
        return
    email = house.row(Guest, planned.guest_id).email
    assert email.isascii()
    assert email.count("@") == 1
    assert_one_recipient(mail_for(email=email), email)


def test_an_umlaut_in_a_domain_arrives_as_every_server_reads_it(house):
    planned = planning.plan(house.advisor, NOW, "Karla", " k@Köln.de ", NOW, NOW + HOUR)
    email = house.row(Guest, planned.guest_id).email
    assert email == "k@xn--kln-sna.de"
    assert_one_recipient(mail_for(email=email), email)


def test_a_refused_appointment_leaves_nothing_behind(house):
    with pytest.raises(Refused):
        planning.plan(house.advisor, NOW, "Karla", "no address", NOW, NOW + timedelta(hours=1))
    assert house.trail() == []
