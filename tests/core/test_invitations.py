"""The invitation: what it says, and that it reaches one mailbox or says that it did not."""

import socket
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.controller import Controller

from core import delivery, invitations
from core.access import new_secret
from core.delivery import NotSent
from core.invitations import Invitation
from core.office import planning
from core.records import Guest
from core.refused import Reason, Refused
from core.settings import Settings
from core.text import BadText, person_name
from tests.conftest import HOUR, NOW
from tests.hostile import HOSTILE

HEADERS = ["Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted"]
BODY_HEADERS = ["MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Language"]
BAD_MAILS = [
    *(Reason.BAD_MAIL, Reason.SEVERAL_MAILS, Reason.SPACE_IN_MAIL, Reason.LETTER_IN_MAIL),
]
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


@contextmanager
def listening(mailbox: Mailbox) -> Iterator[Settings]:
    """A mail server on this machine, and the settings that lead to it."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield settings_for(controller.port)
    controller.stop()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Settings]:
    with listening(mailbox) as found:
        yield found


class Sack:
    """A mail server's handler that keeps what comes over the wire, as it is."""

    def __init__(self) -> None:
        self.sender = ""
        self.raw = b""

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        self.sender, self.raw = envelope.mail_from, envelope.original_content
        return "250 OK"


@pytest.fixture(params=[False, True], ids=["8BITMIME", "7 bits"])
def wire(request: pytest.FixtureRequest) -> Iterator[tuple[Sack, int]]:
    """A mail server that takes 8 bits, and one that does not; its port."""
    sack = Sack()
    controller = Controller(sack, hostname="127.0.0.1", port=free_port(), decode_data=request.param)
    controller.start()
    yield sack, controller.port
    controller.stop()


# With the longest a line of quoted-printable breaks in the secret, with others in the name.
PLACES = [
    "http://localhost:8501",
    "https://video.example.com",
    "https://videotermin.jobcenter-musterstadt.example.com",
    "https://videotermin.jobcenter-landkreis-musterstadt-am-beispielsee.example.com/beratung",
    "https://xn--jobcenter-kln-rmb.example.com:8443/termine=neu",
    "https://" + ".".join(["a" * 60] * 3) + ".example.com",
]


@pytest.mark.parametrize("place", PLACES)
def test_whatever_breaks_lines_on_the_way_breaks_no_link(wire, place):
    sack, port = wire
    settings = settings_for(port, base_url=place)
    link = invitations.link_to(settings, new_secret())
    invitation = Invitation("Zoë Łukasz", "k@example.com", "Jobcenter", "0", NOW, NOW, link)
    delivery.send(invitations.compose(invitation, settings, NOW), settings)
    mail = message_from_bytes(sack.raw, policy=default)
    assert mail.get_content().splitlines().count(link) == 1
    body = sack.raw.partition(b"\r\n\r\n")[2]
    assert b64decode(body).decode().splitlines().count(link) == 1
    assert max(map(len, body.splitlines())) <= 76
    assert (sack.raw.isascii(), mail.defects) == (True, [])


@pytest.mark.parametrize("place", PLACES)
def test_a_person_who_opens_the_file_reads_the_whole_link(tmp_path, place):
    outbox = Settings(_env_file=None, outbox=tmp_path, base_url=place)
    link = invitations.link_to(outbox, new_secret())
    invitation = Invitation("Zoë Łukasz", "k@example.com", "Jobcenter", "0", NOW, NOW, link)
    delivery.send(invitations.compose(invitation, outbox, NOW), outbox)
    [file] = tmp_path.glob("*.eml")
    assert file.read_text().splitlines().count(link) == 1
    assert message_from_bytes(file.read_bytes(), policy=default).defects == []


@pytest.mark.parametrize(
    "typed",
    [
        "termin@köln.de",
        "Jobcenter Köln <termin@köln.de>",
        "Jobcenter, Köln <termin@köln.de>",
        "Jobcenter (Mitte) a.b. <termin@köln.de>",
        f"{'Grüße, ' * 8} <termin@köln.de>",
    ],
)
def test_the_sender_arrives_as_one_mailbox(wire, typed):
    sack, port = wire
    settings = settings_for(port, mail_from=typed)
    invitation = Invitation("Karla", "k@example.com", "Jobcenter", "0", NOW, NOW, LINK)
    delivery.send(invitations.compose(invitation, settings, NOW), settings)
    mail = message_from_bytes(sack.raw, policy=default)
    [address] = mail["From"].addresses
    assert (sack.sender, address.addr_spec) == ("termin@xn--kln-sna.de",) * 2
    assert address.display_name == typed.rpartition("<")[0].strip()
    assert sack.raw.isascii()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def settings_for(port: int, security: str = "none", **values: str) -> Settings:
    ours = {
        "base_url": "https://video.example.com/",
        "mail_from": "videotermin@jobcenter.example.com",
    }
    return Settings(
        _env_file=None,
        **{**ours, **values},
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_security=security,
    )


def mail_for(name: str = "Karla Beispiel", email: str = "karla@example.com") -> EmailMessage:
    invitation = Invitation(name, email, "Jobcenter Musterstadt", "0123 456", NOW, NOW + HOUR, LINK)
    return invitations.compose(invitation, settings_for(25), NOW)


def text_of(mail: EmailMessage) -> str:
    return mail.get_content().replace("\r\n", "\n")


def test_the_mail_says_when_where_and_whom_to_call():
    mail = mail_for()
    assert [str(mail["Subject"]), str(mail["To"])] == [
        "Ihr Videotermin",
        "karla@example.com",
    ]
    assert mail["Date"].datetime == NOW
    assert mail["Message-ID"].endswith("@video.example.com>")
    paragraphs = text_of(mail).split("\n\n")
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
    assert text_of(mail).split("\n\n") == [
        "Guten Tag Karla Beispiel,",
        "Ihr Videotermin am Montag, 23. November 2026 um 09:00 Uhr findet nicht statt.",
        "Sie müssen nichts tun. Wir melden uns bei Ihnen.",
        "Haben Sie Fragen? Rufen Sie uns an: 0123",
        "Jobcenter\n",
    ]


def test_the_link_starts_with_the_address_of_the_installation():
    assert invitations.link_to(settings_for(25), "abc") == "https://video.example.com/termin/abc"


def test_a_mail_server_gets_the_mail_for_one_mailbox(server, mailbox):
    delivery.send(mail_for("Zoë, Łukasz <x>"), server)
    [(recipients, mail)] = mailbox.got
    assert recipients == ["karla@example.com"]
    assert str(mail["To"]) == "karla@example.com"
    assert mail.get_content().splitlines()[0] == "Guten Tag Zoë, Łukasz <x>,"
    assert mail.get_content().splitlines().count(LINK) == 1


def test_a_server_that_refuses_the_mail_is_told(server, mailbox):
    mailbox.answer = "451 Try again later"
    with pytest.raises(NotSent) as problem:
        delivery.send(mail_for(), server)
    assert str(problem.value) == "SMTPDataError"


def test_a_port_where_nobody_listens_is_told():
    with pytest.raises(NotSent) as problem:
        delivery.send(mail_for(), settings_for(free_port()))
    assert str(problem.value) == "SMTPConnectError"


def test_a_mail_never_leaves_in_the_clear_when_encryption_is_asked_for(server, mailbox):
    with pytest.raises(NotSent) as problem:
        delivery.send(mail_for(), settings_for(server.smtp_port, "starttls"))
    assert str(problem.value) == "SMTPException"
    with pytest.raises(NotSent):
        delivery.send(mail_for(), settings_for(server.smtp_port, "tls"))
    assert mailbox.got == []


def test_without_a_mail_server_the_mail_is_put_into_the_outbox(tmp_path):
    outbox = Settings(_env_file=None, outbox=tmp_path / "out" / "box")
    for _ in range(2):
        delivery.send(mail_for(), outbox)
    mails = [
        message_from_bytes(path.read_bytes(), policy=default)
        for path in outbox.outbox.glob("*.eml")
    ]
    assert [str(mail["To"]) for mail in mails] == ["karla@example.com"] * 2


def test_an_outbox_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotSent):
        delivery.send(mail_for(), Settings(_env_file=None, outbox=tmp_path / "file"))


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
        assert refused.reason in BAD_MAILS  # noqa: PT017
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
