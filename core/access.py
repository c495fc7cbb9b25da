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
# What guessing starts with (ASVS 5.0, 6.2.4 and 6.2.11): longest first, as they are taken out.
_COMMON = (
    *("beratungsraum", "qwertzuiop", "qwertyuiop", "willkommen", "jobcenter", "asdfghjkl"),
    *("iloveyou", "passwort", "password", "kennwort", "beratung", "welcome", "sommer", "winter"),
    *("schatz", "geheim", "qwertz", "qwerty", "yxcvbn", "zxcvbn", "admin", "login", "hallo"),
    *("test", "asdf", "abc", "123", "456", "789", "987", "654", "321"),
)
_MIN_DIFFERENT = 5  # characters that are left and differ
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


def easy_to_guess(password: str, login: str) -> bool:
    """True if hardly anything is left without the commonest words, the login and repetition."""
    rest = password.lower()
    for word in (login.strip().lower(), *_COMMON):
        rest = rest.replace(word, "")
    return len(set(rest)) < _MIN_DIFFERENT


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
