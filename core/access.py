"""
Secrets: link tokens, session tokens, passwords.

Only hashes are meant to be stored. Knows no table and no page.
Sources: OWASP ASVS 5.0, 6.5.2, 7.2.3; RFC 9106 (Argon2).
"""

import hashlib
import re
import secrets
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.unseen import without_unseen

MIN_PASSWORD, MAX_PASSWORD = 12, 200
# What guessing starts with (ASVS 5.0, 6.2.4 and 6.2.11): longest first, as they are taken out.
_COMMON = (
    *("beratungsraum", "qwertzuiop", "qwertyuiop", "willkommen", "jobcenter", "asdfghjkl"),
    *("iloveyou", "passwort", "password", "kennwort", "beratung", "welcome", "sommer", "winter"),
    *("schatz", "geheim", "qwertz", "qwerty", "yxcvbn", "zxcvbn", "admin", "login", "hallo"),
    *("test", "asdf", "abc", "123", "456", "789", "987", "654", "321"),
)
_MIN_DIFFERENT = 5  # characters that are left and differ
SECRET_LENGTH = 43
_SECRET = re.compile(rf"[A-Za-z0-9_-]{{{SECRET_LENGTH}}}")
KEY_LENGTH = 10
_KEY = re.compile(rf"[0-9a-f]{{{KEY_LENGTH}}}")
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
    return hashlib.sha256(b"link key of " + secret.encode()).hexdigest()[:KEY_LENGTH]


def looks_like_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def password_form(password: str) -> str:
    """
    One form for what looks the same, whichever keyboard wrote it (RFC 8265, OpaqueString).

    An ä is one character or an a with two dots, a blank may be one that does not break.
    """
    spaces = ("\u0020" if unicodedata.category(char) == "Zs" else char for char in password)
    return unicodedata.normalize("NFC", "".join(spaces))


def login_form(login: str) -> str:
    """One form of a login: upper and lower case and what cannot be seen make no difference."""
    return without_unseen(without_unseen(login).lower())


def login_forms(login: str) -> list[str]:
    """How an account may be called whose login is typed: logins are older than their one form."""
    form = login_form(login)
    return list(dict.fromkeys((form, login.strip().lower(), unicodedata.normalize("NFD", form))))


def easy_to_guess(password: str, login: str) -> bool:
    """True if hardly anything is left without the commonest words, the login and repetition."""
    rest = password_form(password).lower()
    for word in filter(None, (login_form(login), *_COMMON)):
        rest = rest.replace(word, "")
    return len(set(rest)) < _MIN_DIFFERENT


def hash_password(password: str) -> str:
    return _hasher.hash(password_form(password))


def password_matches(password_hash: str | None, password: str) -> bool:
    """
    True if it matches; takes as long for an unknown account (None) as for a known one.

    Two at a time: each takes 64 MiB and all of a core, which the talks need too.
    """
    form = password_form(password)
    if min(len(form), len(password)) > MAX_PASSWORD:
        return False
    # Hashes from before there was one form are of what was typed, with ä as one sign or as two.
    forms = dict.fromkeys((form, password, unicodedata.normalize("NFD", form)))
    found = any(_verified(password_hash or _NOBODY, each) for each in forms)
    return found and password_hash is not None


def _verified(password_hash: str, password: str) -> bool:
    try:
        with _checks:
            _hasher.verify(password_hash, password.encode(errors="surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False
    return True
