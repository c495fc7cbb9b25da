"""
Forms that are good for one try: each carries a token that fits a cookie of its browser.

Nothing is kept of a form that was only looked at, so a flood of them fills no memory. The
key lives as long as the process: after a restart people get a new form.
Source: OWASP ASVS 5.0, 3.5.1; OWASP CSRF cheat sheet, signed double submit.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from starlette.requests import Request

from core import access
from pages.doors import limits
from pages.tabs import credentials

TYPE = "application/x-www-form-urlencoded"
# The longest login and password, every character of them as long as one can be, make 3,700.
MAX_BYTES = 4096
MOST_FIELDS = 8  # three of them ours
GOOD_FOR = timedelta(minutes=limits.FORM_MINUTES)
_key = secrets.token_bytes(32)


def nonce(cookies: Mapping[str, str]) -> str:
    """What ties the forms of one browser to it; the same for all its tabs."""
    found = cookies.get(credentials.form_cookie(), "")
    return found if access.looks_like_secret(found) else access.new_secret()


def token(of: str, now: datetime) -> str:
    """For the form of the browser with this nonce."""
    claim = f"{now.timestamp():.0f}.{secrets.token_urlsafe(16)}"
    return f"{claim}.{_seal(of, claim)}"


def fits(sent: str, cookies: Mapping[str, str], now: datetime) -> bool:
    """Whether the token is one of ours, of this browser, and not too old."""
    claim, _, seal = sent.rpartition(".")
    if not hmac.compare_digest(seal.encode(), _seal(nonce(cookies), claim).encode()):
        return False
    return now.timestamp() - int(claim.partition(".")[0]) < GOOD_FOR.total_seconds()


def without_cookie(sent: str, cookies: Mapping[str, str], now: datetime) -> bool:
    """Whether a form comes alone, so soon that its cookie cannot have run out: none was kept."""
    made = sent.partition(".")[0]
    if credentials.form_cookie() in cookies or not re.fullmatch("[0-9]{1,12}", made):
        return False
    return 0 <= now.timestamp() - int(made) < GOOD_FOR.total_seconds()


async def fields(request: Request) -> dict[str, str]:
    """What was sent; nothing, if no form of ours. How long it may be, the gate has seen to."""
    # Bytes that are no text become a sign for that; a login with it is unknown.
    body = (await request.body()).decode(errors="replace")
    try:
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:  # they are counted before they are taken apart
        return {}


def _seal(of: str, claim: str) -> str:
    return hmac.new(_key, f"{of}.{claim}".encode(), hashlib.sha256).hexdigest()
