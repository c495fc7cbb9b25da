"""The sender of our mails as the settings have it: one mailbox in ASCII, with or without a name."""

import re
from email import message_from_string
from email.headerregistry import Address
from email.policy import SMTP

from email_validator import EmailNotValidError, validate_email

# An address alone, or in angle brackets behind a name.
_SENDER = re.compile(r"\"?(?P<name>[^<>\"@]{0,60}?)\"? *<(?P<inside>[^<>]+)>|(?P<alone>[^<>]+)")
_HERE = "@localhost"  # where there is no mail server; no domain of the internet


def sender(text: str) -> str:
    """As it stands behind "From:"; ValueError if it is not exactly one such mailbox."""
    match = _SENDER.fullmatch(text.strip())
    if match is None:
        raise ValueError("not one mailbox")
    name, inside = (match["name"] or "").strip(), (match["inside"] or match["alone"]).strip()
    mailbox = Address(name, addr_spec=_ascii(inside))
    # Of some names Python makes other ones, or more recipients: what arrives has to be the same.
    folded = SMTP.header_factory("From", str(mailbox)).fold(policy=SMTP)
    arrives = message_from_string(folded, policy=SMTP)["From"]
    if arrives.addresses != (mailbox,) or arrives.defects:
        raise ValueError("not a name Python can write")
    return str(mailbox)


def reached_at(text: str) -> str:
    """An address alone, or nothing; ValueError for anything else."""
    try:
        return text and _ascii(text)
    except ValueError:
        raise ValueError("must be one address in ASCII") from None


def _ascii(text: str) -> str:
    """With an umlaut in its domain as Punycode; one before the @ is refused, too."""
    here = text.lower().endswith(_HERE)
    asked = f"{text.rpartition('@')[0]}@example.org" if here else text
    try:
        found = validate_email(
            asked, check_deliverability=False, allow_smtputf8=False, globally_deliverable=False
        )
    except EmailNotValidError:
        raise ValueError("not a mailbox") from None
    return f"{found.local_part}{_HERE}" if here else f"{found.local_part}@{found.ascii_domain}"
