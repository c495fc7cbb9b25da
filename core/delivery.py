"""
How a mail leaves: to the SMTP server in the settings, or without one into the outbox folder,
as an .eml file.

Tries once, and says whether the same could ever succeed. Knows nothing of what a mail says.
"""

import asyncio
import os
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

import aiosmtplib

from core.settings import Settings

TIMEOUT = 10  # seconds for the mail server to answer
DEADLINE = 30  # seconds for a mail in all
PERMANENT = 500  # from this code on a server says: never (RFC 5321)


class NotSent(Exception):
    """The mail could not be handed over. The appointment stays; the link can be given otherwise."""

    def __init__(self, problem: Exception, for_ever: bool) -> None:
        super().__init__(type(problem).__name__)
        self.for_ever = for_ever


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
