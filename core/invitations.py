"""
Mails about an appointment, the invitation and its cancelling: what they say, how they leave.

With an SMTP server in the settings it is handed to that server; without one it is
written as an .eml file into the outbox folder. Says nothing of why somebody is
invited: a mailbox may be read by others.
"""

import asyncio
import os
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parsedate_to_datetime
from pathlib import Path

import aiosmtplib

from core import words
from core.settings import Settings

TIMEOUT = 10  # seconds for the mail server to answer
DEADLINE = 30  # seconds for a mail in all
PERMANENT = 500  # from this code on a server says: never (RFC 5321)


class NotSent(Exception):
    """The mail could not be handed over. The appointment stays; the link can be given otherwise."""

    def __init__(self, problem: Exception, for_ever: bool) -> None:
        super().__init__(type(problem).__name__)
        self.for_ever = for_ever


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
    # Nothing on the way breaks a line of base64, as quoted-printable breaks a long link, nor
    # rewrites it for a server without 8BITMIME. A file is read by people: left as it is.
    way = "8bit" if settings.smtp_host is None else "base64"
    mail.set_content("\n\n".join(body) + "\n", cte=way)
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
            asyncio.run(_hand_to(settings.smtp_host, settings, mail))
    except aiosmtplib.SMTPRecipientsRefused as problem:
        [refused, *_others] = problem.recipients
        raise NotSent(refused, _is_final(refused, settings)) from problem
    except (OSError, aiosmtplib.SMTPException) as problem:
        raise NotSent(problem, _is_final(problem, settings)) from problem


def _is_final(problem: Exception, settings: Settings) -> bool:
    """Whether the same mail can never be sent to the same server."""
    if isinstance(problem, aiosmtplib.SMTPResponseException):
        return problem.code >= PERMANENT
    never = (aiosmtplib.SMTPNotSupported, ssl.SSLCertVerificationError)
    no_starttls = type(problem) is aiosmtplib.SMTPException
    return no_starttls or settings.smtp_host is None or isinstance(problem, never)


def _put_into(outbox: Path, mail: EmailMessage) -> None:
    outbox.mkdir(parents=True, exist_ok=True)
    name = "".join(char for char in mail["Message-ID"] if char.isalnum())
    file = outbox / f"{name}.eml"
    file.write_bytes(mail.as_bytes())
    # Its term counts from then, and the file system goes by the wall clock alone.
    written = parsedate_to_datetime(mail["Date"]).timestamp()
    os.utime(file, (written, written))


async def _hand_to(host: str, settings: Settings, mail: EmailMessage) -> None:
    """Over and done with in `DEADLINE` seconds, however slowly a server says how little."""
    user, password = settings.smtp_user, settings.smtp_password
    login = (user, password.get_secret_value()) if user and password else (None, None)
    server = aiosmtplib.SMTP(
        hostname=host,
        port=settings.smtp_port,
        username=login[0],
        password=login[1],
        timeout=TIMEOUT,
        use_tls=settings.smtp_security == "tls",
        start_tls=settings.smtp_security == "starttls",
        tls_context=ssl.create_default_context(),
    )
    try:
        async with asyncio.timeout(DEADLINE):
            await server.connect()
            await server.send_message(mail)
        with suppress(aiosmtplib.SMTPException):  # the mail is there, whatever is said now
            await server.quit(timeout=1)
    finally:
        server.close()
