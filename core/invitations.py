"""
Mails about an appointment, the invitation and its cancelling: what they say, how they leave.

With an SMTP server in the settings it is handed to that server; without one it is
written as an .eml file into the outbox folder. Says nothing of why somebody is
invited: a mailbox may be read by others.
"""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path

from core import words
from core.settings import Settings

TIMEOUT = 10  # seconds for the mail server to answer


class NotSent(Exception):
    """The mail could not be handed over. The appointment stays; the link can be given otherwise."""


@dataclass(frozen=True)
class Invitation:
    """Everything the mail says."""

    name: str
    email: str
    jobcenter_name: str
    jobcenter_phone: str
    starts_at: datetime
    ends_at: datetime
    link: str = ""


def link_to(settings: Settings, secret: str) -> str:
    """The personal address a client opens."""
    return f"{settings.address}/termin/{secret}"


def compose(invitation: Invitation, settings: Settings, now: datetime) -> EmailMessage:
    """The mail for one guest."""
    _ = words.translation()
    return _mail(invitation, settings, now, _("Ihr Videotermin"), _body(invitation, _))


def cancellation(invitation: Invitation, settings: Settings, now: datetime) -> EmailMessage:
    """The mail that takes it back; it says no link."""
    _ = words.translation()
    subject = _("Ihr Videotermin ist abgesagt")
    return _mail(invitation, settings, now, subject, _called_off(invitation, _))


def _mail(
    invitation: Invitation, settings: Settings, now: datetime, subject: str, body: list[str]
) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = subject
    mail["From"] = settings.mail_from
    # Without the name: Python 3.11 turns some names into more headers or other recipients.
    mail["To"] = Address(addr_spec=invitation.email)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=settings.base_url.host)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n\n".join(body) + "\n")
    return mail


def _body(invitation: Invitation, _: words.Translate) -> list[str]:
    return [
        _("Guten Tag {name},").format(name=invitation.name),
        _("hier ist der Link zu Ihrem Videotermin am {day} um {time} Uhr (bis {end} Uhr):").format(
            day=words.day(invitation.starts_at),
            time=words.clock_time(invitation.starts_at),
            end=words.clock_time(invitation.ends_at),
        ),
        invitation.link,
        _("Klicken Sie etwa fünf Minuten vor dem Termin auf den Link."),
        _("Ihr Gerät können Sie schon vorher prüfen. Benutzen Sie dafür denselben Link."),
        _(
            "Sie brauchen ein Gerät mit Kamera, Mikrofon und Lautsprecher oder Headset, "
            "zum Beispiel ein Smartphone. Sie brauchen kein Konto und kein Programm."
        ),
        _("Der Link ist nur für Sie. Bitte geben Sie ihn nicht weiter."),
        _("Klappt etwas nicht? Rufen Sie uns an: {phone}").format(phone=invitation.jobcenter_phone),
        invitation.jobcenter_name,
    ]


def _called_off(invitation: Invitation, _: words.Translate) -> list[str]:
    return [
        _("Guten Tag {name},").format(name=invitation.name),
        _("Ihr Videotermin am {day} um {time} Uhr findet nicht statt.").format(
            day=words.day(invitation.starts_at), time=words.clock_time(invitation.starts_at)
        ),
        _("Sie müssen nichts tun. Wir melden uns bei Ihnen."),
        _("Haben Sie Fragen? Rufen Sie uns an: {phone}").format(phone=invitation.jobcenter_phone),
        invitation.jobcenter_name,
    ]


def send(mail: EmailMessage, settings: Settings) -> None:
    """Hand the mail to the SMTP server, or to the outbox folder where there is none."""
    try:
        if settings.smtp_host is None:
            _put_into(settings.outbox, mail)
        else:
            _hand_to(settings.smtp_host, settings, mail)
    except (OSError, smtplib.SMTPException) as problem:
        raise NotSent(type(problem).__name__) from problem


def _put_into(outbox: Path, mail: EmailMessage) -> None:
    outbox.mkdir(parents=True, exist_ok=True)
    name = "".join(char for char in mail["Message-ID"] if char.isalnum())
    (outbox / f"{name}.eml").write_bytes(mail.as_bytes())


def _hand_to(host: str, settings: Settings, mail: EmailMessage) -> None:
    with _connect(settings, host) as server:
        if settings.smtp_user and settings.smtp_password:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        server.send_message(mail)


def _connect(settings: Settings, host: str) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(host, settings.smtp_port, timeout=TIMEOUT, context=context)
    server = smtplib.SMTP(host, settings.smtp_port, timeout=TIMEOUT)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=context)
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
    return server
