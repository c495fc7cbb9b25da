"""
Secrets: link tokens, session tokens, passwords.

Only hashes are meant to be stored. Knows no table and no page.
Sources: OWASP ASVS 5.0, 6.5.2, 7.2.3; RFC 9106 (Argon2).
"""

import hashlib
import re
import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_PASSWORD, MAX_PASSWORD = 12, 200
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_hasher = PasswordHasher()
_checks = threading.BoundedSemaphore(2)
# Verified when the login is unknown, so that both answers take the same time.
_NOBODY = _hasher.hash(secrets.token_urlsafe(32))


def new_secret() -> str:
    """256 random bits as 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def looks_like_secret(text: str) -> bool:
    return _SECRET.fullmatch(text) is not None


def digest(secret: str) -> str:
    """What is stored of a secret: its SHA-256, hexadecimal."""
    # An address may bring anything, half a character too: it is unknown, not an error.
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def link_key(secret: str) -> str:
    """A short, harmless name of a link: tells two cookies apart, opens nothing."""
    return hashlib.sha256(b"link key of " + secret.encode()).hexdigest()[:10]


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def password_matches(password_hash: str | None, password: str) -> bool:
    """
    True if it matches; takes as long for an unknown account (None) as for a known one.

    Two at a time: each takes 64 MiB and all of a core, which the talks need too.
    """
    if len(password) > MAX_PASSWORD:
        return False
    try:
        with _checks:
            _hasher.verify(password_hash or _NOBODY, password.encode(errors="surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None
