"""
Mails about an appointment, the invitation and its cancelling: what they say.

Says nothing of why somebody is invited: a mailbox may be read by others. Knows no mail
server: how they leave is in `core.delivery`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from core import words
from core.languages import SOURCE
from core.settings import Settings

BETWEEN = "* * *"


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
    language: str = SOURCE


# Subject and paragraphs.
Says = Callable[[Invitation, words.Translation], list[str]]


def link_to(settings: Settings, secret: str) -> str:
    """The personal address a client opens."""
    return f"{settings.address}/termin/{secret}"


def compose(invitation: Invitation, settings: Settings, now: datetime) -> EmailMessage:
    """The mail for one guest."""
    return _mail(invitation, settings, now, _invited)


def cancellation(invitation: Invitation, settings: Settings, now: datetime) -> EmailMessage:
    """The mail that takes it back; it says no link."""
    return _mail(invitation, settings, now, _called_off)


def _mail(invitation: Invitation, settings: Settings, now: datetime, says: Says) -> EmailMessage:
    """
    In the language of its reader, and below it in German: whoever helps them may know only that.
    """
    languages = list(dict.fromkeys((invitation.language, SOURCE)))
    said = [says(replace(invitation, language=each), words.translation(each)) for each in languages]
    texts = ["\n\n".join(paragraphs) for _subject, *paragraphs in said]
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = said[0][0]
    mail["From"] = settings.mail_from
    # Without the name: Python 3.11 turns some names into more headers or other recipients.
    mail["To"] = Address(addr_spec=invitation.email)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=settings.base_url.host)
    mail["Auto-Submitted"] = "auto-generated"
    # Nothing on the way breaks a line of base64, as quoted-printable breaks a long link, nor
    # rewrites it for a server without 8BITMIME. A file is read by people: left as it is.
    way = "8bit" if settings.smtp_host is None else "base64"
    mail.set_content(f"\n\n{BETWEEN}\n\n".join(texts) + "\n", cte=way)
    mail["Content-Language"] = ", ".join(languages)  # not before: it goes with the content
    return mail


def _invited(invitation: Invitation, _: words.Translation) -> list[str]:
    return [
        _("Ihr Videotermin"),
        _("Guten Tag {name},").format(name=invitation.name),
        _("hier ist der Link zu Ihrem Videotermin am {day} um {time} Uhr (bis {end} Uhr):").format(
            **_when(invitation)
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


def _called_off(invitation: Invitation, _: words.Translation) -> list[str]:
    when = _when(invitation)
    return [
        _("Ihr Videotermin ist abgesagt"),
        _("Guten Tag {name},").format(name=invitation.name),
        _("Ihr Videotermin am {day} um {time} Uhr findet nicht statt.").format(**when),
        _("Sie müssen nichts tun. Wir melden uns bei Ihnen."),
        _("Haben Sie Fragen? Rufen Sie uns an: {phone}").format(phone=invitation.jobcenter_phone),
        invitation.jobcenter_name,
    ]


def _when(invitation: Invitation) -> dict[str, str]:
    return {
        "day": words.day(invitation.starts_at, invitation.language),
        "time": words.clock_time(invitation.starts_at, invitation.language),
        "end": words.clock_time(invitation.ends_at, invitation.language),
    }
