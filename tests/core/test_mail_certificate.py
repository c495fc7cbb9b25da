"""Whom a mail is handed to: only a server whose certificate we can check."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from core import delivery
from core.delivery import NotSent
from tests.core.test_invitations import Mailbox, free_port, mail_for, settings_for


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of this machine, signed by nobody but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file = tmp_path / "server.pem"
    secret = key.private_bytes(pem, private, serialization.NoEncryption())
    file.write_bytes(secret + signed.public_bytes(pem))
    return file


@pytest.fixture
def server(certificate: Path) -> Iterator[tuple[int, Mailbox]]:
    """A mail server with STARTTLS: its port, and what has reached it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    mailbox = Mailbox()
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=free_port(), tls_context=context, require_starttls=True
    )
    controller.start()
    yield controller.port, mailbox
    controller.stop()


def test_a_server_nobody_vouches_for_gets_no_mail(server):
    port, mailbox = server
    with pytest.raises(NotSent) as problem:
        delivery.send(mail_for(), settings_for(port, "starttls"))
    assert (str(problem.value), mailbox.got) == ("SSLCertVerificationError", [])


def test_a_server_the_machine_trusts_gets_it_encrypted(server, certificate, monkeypatch):
    port, mailbox = server
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    delivery.send(mail_for(), settings_for(port, "starttls"))
    assert [to for to, _mail in mailbox.got] == [["karla@example.com"]]
