"""
The mail address of a client, as it was typed or pasted: one mailbox in ASCII, or why not.

What carries nothing is taken out: what cannot be seen, `mailto:`, angle brackets, a name before
them, a comma behind. Whatever else is too much is named. Asks no mail server and no DNS.
"""

import re
from urllib.parse import unquote

from email_validator import EmailNotValidError, validate_email

from core.refused import Reason, Refused
from core.unseen import without_unseen

_AT = re.compile(r"[^\s<>()\[\],;:\"“”„»«@?&=]+@[^\s<>()\[\],;:\"“”„»«@?&=]+")
_IN_BRACKETS = re.compile(r"[^<>]*<\s*([^<>]*?)\s*>")  # a name, and behind it what counts
_WITH_NAME = re.compile(r"([^()\s]+)\s*\([^()]*\)")  # a@example.org (Anna)
_MAILTO = re.compile(r"mailto:\s*([^?]*)(?:\?.*)?", re.IGNORECASE | re.DOTALL)
_AROUND = " ,;\"'`“”„»«‘’‚‹›"
_MOST = 1000  # longer than any address with a name; what is longer is not even looked at


def mailbox(text: str) -> str:
    """As every mail server takes it: ASCII, an umlaut in the domain as Punycode."""
    if len(text) > _MOST:
        raise Refused(Reason.BAD_MAIL)
    text = without_unseen(text)
    if len({found.rstrip(".").lower() for found in _AT.findall(unquote(text))}) > 1:
        raise Refused(Reason.SEVERAL_MAILS)
    address = _alone(text)
    if any(char.isspace() for char in address):
        raise Refused(Reason.SPACE_IN_MAIL)
    if not address.rpartition("@")[0].isascii():
        raise Refused(Reason.LETTER_IN_MAIL)
    try:
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise Refused(Reason.BAD_MAIL) from None
    return found.ascii_email or found.normalized


def _alone(text: str) -> str:
    """The address without what stands around it."""
    text = text.strip(_AROUND)
    for around in (_IN_BRACKETS, _WITH_NAME, _MAILTO):
        if match := around.fullmatch(text):
            text = unquote(match[1]) if around is _MAILTO else match[1]
            text = text.strip(_AROUND)
    return text.strip(_AROUND).rstrip(".")
